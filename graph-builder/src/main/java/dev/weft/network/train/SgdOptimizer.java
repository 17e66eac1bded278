package dev.weft.network.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.weft.network.Architecture;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** See {@link OptimizerRule.Sgd}. */
final class SgdOptimizer implements RowOptimizer {

    private final NDManager manager;
    private final OptimizerRule.Sgd rule;
    private final NDArray velocity; // [n, P]
    private final NDArray decay; // [1, P]

    SgdOptimizer(NDManager manager, OptimizerRule.Sgd rule, Architecture architecture, NDArray rows) {
        this.manager = manager;
        this.rule = rule;
        this.velocity = manager.zeros(rows.getShape());
        this.decay = rule.decay().perParameter(manager, architecture);
    }

    @Override
    public void step(NDArray rows, @Nullable NDArray given, double learningRate) {
        NDArray gradient = Objects.requireNonNull(given, "gradient");
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray pull = rule.decay().factor() == 0 ? gradient : gradient.add(rows.mul(decay));
            velocity.muli(rule.momentum()).addi(pull); // from zero the first step is PyTorch's v = g
            NDArray move = rule.nesterov() ? velocity.mul(rule.momentum()).addi(pull) : velocity;
            rows.subi(move.mul(learningRate));
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
