package dev.weft.datasets.training;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.weft.network.Architecture;
import dev.weft.network.Norm;
import dev.weft.network.Seed;
import dev.weft.network.run.FunctionalNetwork;
import dev.weft.network.train.CrossEntropy;
import dev.weft.network.train.RowOptimizer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The training of n networks of one architecture side by side, each from its own start and with its own mini-batches: run k
 * draws its start from {@code split("init")} of its seed and its batches from {@code split("batches")}, whatever networks
 * stand beside it.
 *
 * <p>Not for several threads, and one at a time with any other gradient in the process.
 */
public final class NetworkTraining implements AutoCloseable {

    private final NDManager manager;
    private final LearningTask task;
    private final TrainingRecipe recipe;
    private final FunctionalNetwork network;
    private final RowOptimizer optimizer;
    private final List<BatchSampler> samplers = new ArrayList<>();
    private final NDArray rows; // [n, P]
    private final double[] lossSums;
    private int lossCount;
    private long steps;

    /** Makes what moves the rows: {@link TrainingRecipe#optimizer}, or something around it. */
    @FunctionalInterface
    public interface OptimizerSource {
        RowOptimizer start(NDManager manager, Architecture architecture, NDArray rows);
    }

    /**
     * Draws starts.
     *
     * @param parent manager that lives longer
     * @param runs a seed for each of n networks
     * @throws IllegalArgumentException if the network cannot learn the task, or has norms with running statistics
     */
    public NetworkTraining(
            NDManager parent,
            LearningTask task,
            Architecture architecture,
            TrainingRecipe recipe,
            List<Seed> runs,
            OptimizerSource optimizers) {
        this(parent, task, architecture, recipe, runs, drawn(architecture, recipe, runs), optimizers);
    }

    /** Training with the recipe's own optimizer from given starts, each of P values; the recipe's init is not asked. */
    public static NetworkTraining from(
            NDManager parent,
            LearningTask task,
            Architecture architecture,
            TrainingRecipe recipe,
            List<Seed> runs,
            List<float[]> starts) {
        return new NetworkTraining(parent, task, architecture, recipe, runs, starts, recipe.optimizer()::start);
    }

    private NetworkTraining(
            NDManager parent,
            LearningTask task,
            Architecture architecture,
            TrainingRecipe recipe,
            List<Seed> runs,
            List<float[]> starts,
            OptimizerSource optimizers) {
        check(architecture);
        task.check(architecture);
        this.manager = parent.newSubManager();
        this.task = task;
        this.recipe = recipe;
        this.network = new FunctionalNetwork(architecture);
        int p = Math.toIntExact(architecture.parameterCount());
        float[] start = new float[runs.size() * p];
        for (int k = 0; k < runs.size(); k++) {
            requireLength(architecture, starts.get(k), p);
            System.arraycopy(starts.get(k), 0, start, k * p, p);
            samplers.add(new BatchSampler(
                    task.size(), recipe.batchSize(), runs.get(k).split("batches")));
        }
        this.rows = manager.create(start, new Shape(runs.size(), p));
        this.rows.setRequiresGradient(true);
        this.lossSums = new double[runs.size()];
        this.optimizer = optimizers.start(manager, architecture, rows);
    }

    /** Training with the recipe's own optimizer. */
    public NetworkTraining(
            NDManager parent, LearningTask task, Architecture architecture, TrainingRecipe recipe, List<Seed> runs) {
        this(parent, task, architecture, recipe, runs, recipe.optimizer()::start);
    }

    private static List<float[]> drawn(Architecture architecture, TrainingRecipe recipe, List<Seed> runs) {
        return runs.stream()
                .map(run -> recipe.init().draw(architecture, run.split("init")))
                .toList();
    }

    private static void requireLength(Architecture architecture, float[] start, int p) {
        if (start.length != p) {
            throw new IllegalArgumentException(
                    "a start of " + architecture + " has " + p + " values, got " + start.length);
        }
    }

    private static void check(Architecture architecture) {
        for (Architecture.Node node : architecture.nodes()) {
            if (node.layer() instanceof Norm.BatchNorm norm && norm.running()) {
                throw new IllegalArgumentException("'" + node.name() + "' of " + architecture
                        + " keeps running statistics, which training here does not update; use a network without them");
            }
        }
    }

    /** Returns the number of steps taken. */
    public long steps() {
        return steps;
    }

    /**
     * Takes one step.
     *
     * @throws IllegalStateException if a loss is not finite
     */
    public void step() {
        double rate = recipe.learningRate().at(steps, recipe.steps());
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            if (optimizer.needsGradient()) {
                NDArray gradient = backward();
                optimizer.step(rows, gradient, rate);
                gradient.subi(gradient); // the engine adds to it
            } else {
                optimizer.step(rows, null, rate);
            }
        }
        steps++;
    }

    /** Returns the gradient of each network's loss on its mini-batch [n, P]. */
    private NDArray backward() {
        Examples batch = batch();
        NDArray batchLosses;
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            batchLosses = losses(rows, batch);
            collector.backward(batchLosses.sum());
        }
        count(batchLosses.toFloatArray());
        return rows.getGradient();
    }

    /** Returns the examples of the next step. */
    private Examples batch() {
        int[][] numbers = samplers.stream().map(sampler -> sampler.at(steps)).toArray(int[][]::new);
        return task.training(manager, network.architecture(), numbers);
    }

    private NDArray losses(NDArray parameters, Examples examples) {
        return CrossEntropy.losses(network.forward(parameters, examples.inputs()), examples.answers());
    }

    private void count(float[] batchLosses) {
        for (int k = 0; k < batchLosses.length; k++) {
            if (!Float.isFinite(batchLosses[k])) {
                throw new IllegalStateException("training diverged: the loss of network " + k + " is " + batchLosses[k]
                        + " at step " + steps + " with the learning rate "
                        + recipe.learningRate().peak());
            }
            lossSums[k] += batchLosses[k];
        }
        lossCount++;
    }

    /** Returns each network's loss on the mini-batch of the next step, [n]. */
    public double[] nextTrainingLosses() {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            float[] values = losses(rows.stopGradient(), batch()).toFloatArray();
            return IntStream.range(0, values.length).mapToDouble(k -> values[k]).toArray();
        }
    }

    /** Returns each network's mean loss on the mini-batches since this was last asked, [n]; NaN if there were none. */
    public double[] takeTrainingLosses() {
        double[] means = new double[lossSums.length];
        for (int k = 0; k < means.length; k++) {
            means[k] = lossCount == 0 ? Double.NaN : lossSums[k] / lossCount;
            lossSums[k] = 0;
        }
        lossCount = 0;
        return means;
    }

    /**
     * Tests all networks as they are.
     *
     * @param examples how many of the test part, from its beginning
     */
    public List<Score> test(int examples) {
        return Score.of(task, network, rows, examples);
    }

    /** Returns a copy of each network's parameters, [n][P]. */
    public List<float[]> parameters() {
        float[] all = rows.toFloatArray();
        int p = all.length / lossSums.length;
        List<float[]> copies = new ArrayList<>();
        for (int k = 0; k < lossSums.length; k++) {
            float[] row = new float[p];
            System.arraycopy(all, k * p, row, 0, p);
            copies.add(row);
        }
        return copies;
    }

    @Override
    public void close() {
        optimizer.close();
        manager.close();
    }
}
