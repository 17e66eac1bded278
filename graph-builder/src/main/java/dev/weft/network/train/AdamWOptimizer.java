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
    private final NDArray mean; // [n, P]
    private final NDArray square; // [n, P]
    private final NDArray decay; // [1, P]
    private long steps;

    AdamWOptimizer(NDManager manager, OptimizerRule.AdamW rule, Architecture architecture, NDArray rows) {
        this.manager = manager;
        this.rule = rule;
        this.mean = manager.zeros(rows.getShape());
        this.square = manager.zeros(rows.getShape());
        this.decay = rule.decay().perParameter(manager, architecture);
    }

    @Override
    public void step(NDArray rows, @Nullable NDArray given, double learningRate) {
        NDArray gradient = Objects.requireNonNull(given, "gradient");
        steps++;
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            if (rule.decay().factor() > 0) {
                rows.subi(rows.mul(decay).muli(learningRate));
            }
            mean.muli(rule.beta1()).addi(gradient.mul(1 - rule.beta1()));
            square.muli(rule.beta2()).addi(gradient.square().muli(1 - rule.beta2()));
            double correction1 = 1 - Math.pow(rule.beta1(), steps);
            double correction2 = Math.sqrt(1 - Math.pow(rule.beta2(), steps));
            NDArray denominator = square.sqrt().divi(correction2).addi(rule.epsilon());
            rows.subi(mean.div(denominator).muli(learningRate / correction1));
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
