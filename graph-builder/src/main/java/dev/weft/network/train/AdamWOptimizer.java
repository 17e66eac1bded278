package dev.weft.network.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.weft.network.Architecture;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** See {@link OptimizerRule.AdamW}. */
final class AdamWOptimizer implements RowOptimizer {

    private final NDManager manager;
    private final OptimizerRule.AdamW rule;
    private final AdamMoments moments; // [n, P]
    private final NDArray decay; // [1, P]

    AdamWOptimizer(NDManager manager, OptimizerRule.AdamW rule, Architecture architecture, NDArray rows) {
        this.manager = manager;
        this.rule = rule;
        this.moments = new AdamMoments(manager, rows.getShape(), rule.beta1(), rule.beta2(), rule.epsilon(), false);
        this.decay = rule.decay().perParameter(manager, architecture);
    }

    @Override
    public void step(NDArray rows, @Nullable NDArray given, double learningRate) {
        NDArray gradient = Objects.requireNonNull(given, "gradient");
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            if (rule.decay().factor() > 0) {
                rows.subi(rows.mul(decay).muli(learningRate));
            }
            rows.subi(moments.move(gradient, learningRate));
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
