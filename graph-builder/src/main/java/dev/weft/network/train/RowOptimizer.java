package dev.weft.network.train;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/**
 * Changes the parameter rows of n networks by their gradients. An instance serves one batch of rows from its first step on,
 * and keeps what it remembers of it until it is closed.
 *
 * <p>Order of use, for every step: ask {@link #needsGradient}, compute the gradient if it is needed, {@link #step}. An
 * optimizer that wraps another may so take a step of its own in between.
 */
public interface RowOptimizer extends AutoCloseable {

    /** Whether the next step reads the gradient; if not, the backward pass can be saved. */
    default boolean needsGradient() {
        return true;
    }

    /**
     * Takes a step. Outside a {@link ai.djl.training.GradientCollector}, since rows are changed in place.
     *
     * @param rows [n, P], changed
     * @param gradient [n, P], left as it is; null if {@link #needsGradient} said that none is needed
     * @param learningRate of this step
     */
    void step(NDArray rows, @Nullable NDArray gradient, double learningRate);

    /** Frees what the optimizer remembers. */
    @Override
    void close();
}
