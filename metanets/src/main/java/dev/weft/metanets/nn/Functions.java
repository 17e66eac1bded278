package dev.weft.metanets.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.pooling.Pool;

/** Functions of arrays that DJL has no single call for. */
final class Functions {

    private Functions() {}

    /** x sigmoid(x). */
    static NDArray silu(NDArray x) {
        return x.mul(Activation.sigmoid(x));
    }

    static NDArray dropout(ForwardPass pass, NDArray x, float probability) {
        return probability == 0 || !pass.training()
                ? x
                : Dropout.dropout(x, probability, true).singletonOrThrow();
    }

    static NDArray concat(NDList arrays, int axis) {
        return arrays.size() == 1
                ? arrays.get(0)
                : arrays.get(0).getNDArrayInternal().concat(arrays.subNDList(1), axis);
    }

    /**
     * Largest value along one of the inner axes.
     *
     * <p>Max pooling of the array seen as an image with channels last: three times faster, forward and backward, than
     * the engine's reduction, which does not vectorise over d.
     *
     * @param m [b, t, s, d]
     * @param axis 1 or 2
     * @return [b, s, d] or [b, t, d]
     */
    static NDArray max(NDArray m, int axis) {
        Shape shape = m.getShape();
        long t = shape.get(1);
        long s = shape.get(2);
        Shape window = axis == 1 ? new Shape(t, 1) : new Shape(1, s);
        NDArray pooled = Pool.maxPool2d(m.transpose(0, 3, 1, 2), window, window, new Shape(0, 0), false);
        return pooled.transpose(0, 2, 3, 1).reshape(shape.get(0), axis == 1 ? s : t, shape.get(3));
    }
}
