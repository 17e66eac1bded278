package dev.weft.hypernets;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import dev.weft.hypernets.ghn.LabelledImages;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.metanets.task.AdamW;
import dev.weft.network.Architecture;
import dev.weft.network.Layer;
import dev.weft.network.Mlp;
import dev.weft.network.Seed;
import dev.weft.network.run.FunctionalNetwork;
import dev.weft.network.run.ParameterRows;
import dev.weft.network.train.CrossEntropy;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * What the magnitude invariant parametrisation is worth on a small task (after Ortiz, Guttag and Dalca 2023): a hypernetwork
 * writes an MLP with two hidden layers of {@value #HIDDEN} that tells the classes of images and is trained with dropout. The
 * condition, drawn anew for each step, says how much: the rate is {@value #MOST_DROPOUT} times the condition.
 *
 * <p>Judged without dropout, by the mean cross-entropy over five conditions, and by how evenly long the gradients are.
 *
 * @param training images to learn from
 * @param validation images to be judged on
 * @param classes of them
 * @param steps of Adam
 */
public record DropoutExperiment(LabelledImages training, LabelledImages validation, int classes, int steps) {

    public static final int HIDDEN = 32;
    public static final double MOST_DROPOUT = 0.8;
    public static final int BATCH = 128;
    public static final double LEARNING_RATE = 1e-3;

    /** Steps between two looks at the validation images. */
    public static final int LOOK = 50;

    private static final double[] CONDITIONS = {0, 0.25, 0.5, 0.75, 1};

    public DropoutExperiment {
        if (steps < LOOK || steps % LOOK != 0) {
            throw new IllegalArgumentException("expected a multiple of " + LOOK + " steps, got " + steps);
        }
    }

    /**
     * What came of one hypernetwork.
     *
     * @param proportionality of the first weight's norm to the condition before training: their correlation
     * @param variation of the same norm over the conditions before training: deviation over mean
     * @param losses on the validation images, at each look
     * @param gradientVariation deviation over mean of the gradients' norms over all steps
     */
    public record Outcome(double proportionality, double variation, List<Double> losses, double gradientVariation) {

        public Outcome {
            losses = List.copyOf(losses);
        }

        /** Returns the least loss. */
        public double best() {
            return losses.stream().mapToDouble(loss -> loss).min().orElse(Double.NaN);
        }
    }

    /** Trains one hypernetwork with one condition, from its start. */
    public Outcome run(ConditionedHyperNetwork.Config form, Seed seed) {
        if (form.conditions() != 1) {
            throw new IllegalArgumentException("expected a form with 1 condition, got " + form.conditions());
        }
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            return new Session(manager, form, seed).run();
        }
    }

    /** One training. */
    private final class Session {
        private final NDManager manager;
        private final Seed seed;
        private final Architecture network;
        private final ConditionedHyperNetwork model;
        private final NDArray answers; // [1, m]
        private final NDArray pixels; // [m, in]

        Session(NDManager manager, ConditionedHyperNetwork.Config form, Seed seed) {
            this.manager = manager;
            this.seed = seed;
            int[] all = IntStream.range(0, validation.size()).toArray();
            pixels = flat(manager, validation, all);
            answers = labels(manager, validation, all);
            int in = Math.toIntExact(pixels.getShape().get(1));
            network = Mlp.of(List.of(in, HIDDEN, HIDDEN, classes), new Layer.Relu(), true);
            model = new ConditionedHyperNetwork(network, form, seed.split("model"));
            model.initialize(manager, DataType.FLOAT32);
        }

        Outcome run() {
            ProportionalityProbe.Finding start =
                    ProportionalityProbe.probe(model, manager, 1, 100).get(0);
            model.namedParameters()
                    .values()
                    .forEach(parameter -> parameter.getArray().setRequiresGradient(true));
            List<Double> losses = new ArrayList<>();
            double[] norms = new double[steps];
            try (AdamW optimizer = new AdamW(manager, model.namedParameters().values(), 0, false)) {
                for (int step = 0; step < steps; step++) {
                    accumulate(seed.split("steps").split(step).random());
                    norms[step] = optimizer.step(LEARNING_RATE, 0);
                    if ((step + 1) % LOOK == 0) {
                        losses.add(validate());
                    }
                }
            }
            return new Outcome(start.correlation(), start.variation(), losses, ProportionalityProbe.variation(norms));
        }

        private void accumulate(RandomGenerator random) {
            try (NDManager sub = manager.newSubManager();
                    NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                double condition = random.nextDouble();
                int[] numbers = random.ints(BATCH, 0, training.size()).toArray();
                try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                    NDArray scores = forward(written(sub, condition), flat(sub, training, numbers), condition, random);
                    collector.backward(CrossEntropy.losses(scores.expandDims(0), labels(sub, training, numbers))
                            .sum());
                }
            }
        }

        private NDArray written(NDManager sub, double condition) {
            ForwardPass pass = new ForwardPass(new ParameterStore(sub, false), sub.getDevice(), true);
            return model.forward(pass, sub.create(new float[] {(float) condition}, new Shape(1, 1)));
        }

        /** Runs the written MLP with dropout behind both hidden layers, [b, in] to [b, classes]. */
        private NDArray forward(NDArray row, NDArray x, double condition, RandomGenerator random) {
            List<NDArray> tensors = ParameterRows.split(network, row);
            NDArray y = x;
            for (int layer = 0; layer < tensors.size() / 2; layer++) {
                NDArray weight = tensors.get(2 * layer).squeeze(0);
                y = y.matMul(weight.transpose()).add(tensors.get(2 * layer + 1));
                if (layer < tensors.size() / 2 - 1) {
                    NDArray active = Activation.relu(y);
                    y = active.mul(mask(active, MOST_DROPOUT * condition, random));
                }
            }
            return y;
        }

        private NDArray mask(NDArray like, double rate, RandomGenerator random) {
            float[] kept = new float[Math.toIntExact(like.size())];
            for (int i = 0; i < kept.length; i++) {
                kept[i] = random.nextDouble() < rate ? 0 : (float) (1 / (1 - rate));
            }
            return like.getManager().create(kept, like.getShape());
        }

        private double validate() {
            double sum = 0;
            for (double condition : CONDITIONS) {
                try (NDManager sub = manager.newSubManager();
                        NDScope scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    NDArray scores = new FunctionalNetwork(network).forward(written(sub, condition), pixels);
                    sum += CrossEntropy.losses(scores, answers).getFloat();
                }
            }
            return sum / CONDITIONS.length;
        }
    }

    private static NDArray flat(NDManager manager, LabelledImages images, int[] numbers) {
        return images.images(manager, numbers).reshape(numbers.length, -1);
    }

    private static NDArray labels(NDManager manager, LabelledImages images, int[] numbers) {
        return images.answers(manager, numbers).expandDims(0);
    }
}
