package dev.weft.metanets.nowcast;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import java.nio.FloatBuffer;

/** What the forecasts do to arrays, with as few passes over memory as DJL allows. */
final class Tensors {

    private Tensors() {}

    /** Returns an array of the first values of a longer one. */
    static NDArray create(NDManager manager, float[] values, Shape shape) {
        return manager.create(FloatBuffer.wrap(values, 0, (int) shape.size()), shape);
    }

    /** x becomes x sigmoid(x). */
    static NDArray silu(NDArray x) {
        try (NDArray sigmoid = Activation.sigmoid(x)) {
            return x.muli(sigmoid);
        }
    }

    /** Returns rows [first, first + count) without a copy; all of an array that has one row, which stands for all. */
    static NDArray rows(NDArray x, int first, int count) {
        return x.getShape().get(0) == 1 ? x : x.get(new NDIndex(first + ":" + (first + count)));
    }
}
