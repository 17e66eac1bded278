package dev.weft.network.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;

/**
 * Arrays behind one another in differentiable expressions.
 *
 * <p>Use this in place of {@link NDArrays#concat(NDList, int)} wherever there may be a single array: DJL 0.36 then returns a copy
 * that no gradient flows through.
 */
public final class Joined {

    private Joined() {}

    /**
     * Joins arrays along an axis.
     *
     * @param parts one or more, of the same shape but for the axis
     */
    public static NDArray of(NDList parts, int axis) {
        return parts.size() == 1 ? parts.get(0) : NDArrays.concat(parts, axis);
    }
}
