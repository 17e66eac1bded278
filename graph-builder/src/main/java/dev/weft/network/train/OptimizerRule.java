package dev.weft.network.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.weft.network.Architecture;
import java.util.Map;
import java.util.TreeMap;

/** An optimizer by its settings: a value that is written to provenance, and that starts any number of optimizers. */
public sealed interface OptimizerRule {

    /** PyTorch's defaults. */
    double BETA1_DEFAULT = 0.9;

    double BETA2_DEFAULT = 0.999;
    double EPSILON_DEFAULT = 1e-8;

    /**
     * Begins to optimize rows of an architecture.
     *
     * @param manager outlives the optimizer
     * @param architecture of the rows
     * @param rows [n, P], float32; statistics among the values are left alone as long as their gradient is 0
     */
    RowOptimizer start(NDManager manager, Architecture architecture, NDArray rows);

    /** Returns the settings by name. */
    Map<String, String> provenance();

    /**
     * Stochastic gradient descent as PyTorch computes it: v = momentum v + g + decay x, x -= rate v.
     *
     * @param momentum in [0, 1)
     * @param nesterov whether g + momentum v takes the place of v in the step
     * @param decay factor of the parameters that is added to their gradient
     */
    record Sgd(double momentum, boolean nesterov, WeightDecay decay) implements OptimizerRule {
        public Sgd {
            requireShare("momentum", momentum);
            if (nesterov && momentum == 0) {
                throw new IllegalArgumentException("sgd: nesterov needs a momentum above 0");
            }
        }

        @Override
        public RowOptimizer start(NDManager manager, Architecture architecture, NDArray rows) {
            return new SgdOptimizer(manager.newSubManager(), this, architecture, rows);
        }

        @Override
        public Map<String, String> provenance() {
            Map<String, String> map = new TreeMap<>(decay.provenance());
            map.put("name", "sgd");
            map.put("momentum", String.valueOf(momentum));
            map.put("nesterov", String.valueOf(nesterov));
            return map;
        }
    }

    /**
     * AdamW (Loshchilov and Hutter 2019) as PyTorch computes it; without decay it is Adam (Kingma and Ba 2015).
     *
     * @param beta1 in [0, 1)
     * @param beta2 in [0, 1)
     * @param epsilon above 0
     * @param decay the share of the parameters that rate times decay takes off before a step
     */
    record AdamW(double beta1, double beta2, double epsilon, WeightDecay decay) implements OptimizerRule {
        public AdamW {
            requireShare("beta1", beta1);
            requireShare("beta2", beta2);
            if (!(epsilon > 0) || Double.isInfinite(epsilon)) {
                throw new IllegalArgumentException("adamw: epsilon must be positive and finite, got " + epsilon);
            }
        }

        /** Adam with PyTorch's defaults. */
        public static AdamW adam() {
            return new AdamW(BETA1_DEFAULT, BETA2_DEFAULT, EPSILON_DEFAULT, WeightDecay.NONE);
        }

        @Override
        public RowOptimizer start(NDManager manager, Architecture architecture, NDArray rows) {
            return new AdamWOptimizer(manager.newSubManager(), this, architecture, rows);
        }

        @Override
        public Map<String, String> provenance() {
            Map<String, String> map = new TreeMap<>(decay.provenance());
            map.put("name", "adamw");
            map.put("beta1", String.valueOf(beta1));
            map.put("beta2", String.valueOf(beta2));
            map.put("epsilon", String.valueOf(epsilon));
            return map;
        }
    }

    private static void requireShare(String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(name + " must be at least 0 and below 1, got " + value);
        }
    }
}
