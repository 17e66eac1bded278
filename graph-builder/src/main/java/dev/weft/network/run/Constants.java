package dev.weft.network.run;

import ai.djl.ndarray.NDArray;

/**
 * Numbers in differentiable expressions.
 *
 * <p>Write {@code x.mul(Constants.of(x, 30))}, not {@code x.mul(30)}, wherever a gradient may flow: DJL 0.36 puts a plain
 * number into a buffer of Java's that it lets go at once, and the garbage collector may reuse that memory before the
 * gradient has read it. The result is a gradient that is wrong once in a while. An array of ours lives as long as its
 * manager, or the enclosing {@link ai.djl.ndarray.NDScope}.
 */
public final class Constants {

    private Constants() {}

    /** Returns a scalar of the type and on the device of {@code like}, owned by its manager. */
    public static NDArray of(NDArray like, double value) {
        return like.getManager().create(value).toDevice(like.getDevice(), false).toType(like.getDataType(), false);
    }
}
