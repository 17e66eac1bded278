package dev.weft.metanets.nowcast;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.Activation;

/** What the forecasts do to arrays, with as few passes over memory as DJL allows. */
final class Tensors {

    private Tensors() {}

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
