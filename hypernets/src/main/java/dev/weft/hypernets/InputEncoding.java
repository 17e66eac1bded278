package dev.weft.hypernets;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import dev.weft.network.run.Constants;

/**
 * How a hypernetwork sees what it is conditioned on, numbers in [0, 1] (Ortiz, Guttag and Dalca 2023, "Magnitude invariant
 * parametrizations improve hypernetwork learning").
 */
public enum InputEncoding {
    /** As they are. A network of ReLUs without biases then writes weights in proportion to them. */
    IDENTITY(1, false) {
        @Override
        public NDArray of(NDArray conditions) {
            return conditions;
        }
    },
    /** Each number as a point on the quarter of the unit circle: the norm is always the same. */
    COS_SIN(2, true) {
        @Override
        public NDArray of(NDArray conditions) {
            NDArray angle = conditions.mul(Constants.of(conditions, Math.PI / 2));
            return NDArrays.concat(new NDList(angle.cos(), angle.sin()), 1);
        }
    },
    /** Each number beside what it lacks to 1. */
    WITH_COMPLEMENT(2, false) {
        @Override
        public NDArray of(NDArray conditions) {
            return NDArrays.concat(new NDList(conditions, conditions.neg().add(1)), 1);
        }
    };

    private final int widening;
    private final boolean constantNorm;

    InputEncoding(int widening, boolean constantNorm) {
        this.widening = widening;
        this.constantNorm = constantNorm;
    }

    /**
     * Encodes conditions.
     *
     * @param conditions [b, k], in [0, 1]
     * @return [b, k * widening]
     */
    public abstract NDArray of(NDArray conditions);

    /** Returns the number of values for each condition. */
    public int widening() {
        return widening;
    }

    /** Whether encoded conditions all have the same norm. */
    public boolean hasConstantNorm() {
        return constantNorm;
    }
}
