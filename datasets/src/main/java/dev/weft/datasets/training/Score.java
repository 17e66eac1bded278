package dev.weft.datasets.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import dev.weft.network.run.FunctionalNetwork;
import dev.weft.network.train.CrossEntropy;
import java.util.ArrayList;
import java.util.List;

/**
 * How a network does on the test part of a task.
 *
 * @param loss mean cross-entropy in nats
 * @param accuracy share of right answers, in [0, 1]
 */
public record Score(double loss, double accuracy) {

    /** Examples that are run at once: more would leave the processor's caches. */
    private static final int CHUNK = 500;

    /** Returns how many equally likely words the network is undecided between, for tasks of words. */
    public double perplexity() {
        return Math.exp(loss);
    }

    /**
     * Tests networks.
     *
     * @param rows [n, P]
     * @param examples how many of the test part, from its beginning
     * @return a score for each network
     */
    public static List<Score> of(LearningTask task, FunctionalNetwork network, NDArray rows, int examples) {
        int n = Math.toIntExact(rows.getShape().get(0));
        double[] losses = new double[n];
        double[] right = new double[n];
        for (int from = 0; from < examples; from += CHUNK) {
            int to = Math.min(examples, from + CHUNK);
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                Examples chunk = task.testing(rows.getManager(), network.architecture(), from, to);
                NDArray scores = network.forward(rows.stopGradient(), chunk.inputs());
                add(losses, CrossEntropy.losses(scores, chunk.answers()), to - from);
                add(right, CrossEntropy.accuracies(scores, chunk.answers()), to - from);
            }
        }
        List<Score> scores = new ArrayList<>();
        for (int k = 0; k < n; k++) {
            scores.add(new Score(losses[k] / examples, right[k] / examples));
        }
        return scores;
    }

    private static void add(double[] sums, NDArray means, int weight) {
        float[] values = means.toFloatArray();
        for (int k = 0; k < sums.length; k++) {
            sums[k] += weight * (double) values[k];
        }
    }
}
