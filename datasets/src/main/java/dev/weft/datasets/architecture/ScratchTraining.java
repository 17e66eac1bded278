package dev.weft.datasets.architecture;

import ai.djl.ndarray.NDManager;
import dev.weft.datasets.training.NetworkTraining;
import dev.weft.datasets.training.TrainingRecipe;
import dev.weft.hypernets.ghn.LabelledImages;
import dev.weft.hypernets.ghn.PredictedAccuracy;
import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import dev.weft.network.train.LearningRate;
import dev.weft.network.train.OptimizerRule;
import dev.weft.network.train.ParameterInit;
import dev.weft.network.train.WeightDecay;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Networks trained from scratch, to hold predicted parameters against: PyTorch's own initialisation (Kaiming's uniform), SGD
 * with momentum, and the rate of DARTS' baselines on half a cosine (Knyazev et al. 2021, appendix C).
 *
 * @param training images to learn from
 * @param testing images to be judged on
 * @param classes of them
 * @param epochs passes over the training images
 */
public record ScratchTraining(LabelledImages training, LabelledImages testing, int classes, int epochs) {

    public static final double LEARNING_RATE = 0.025;
    public static final double MOMENTUM = 0.9;
    public static final double DECAY = 3e-4;
    public static final int BATCH = 32; // a third of the published one, for a tenth and less of its images

    public ScratchTraining {
        if (epochs < 1) {
            throw new IllegalArgumentException("expected at least 1 epoch, got " + epochs);
        }
    }

    /**
     * What came of a network.
     *
     * @param accuracies share of right answers on the test images behind each epoch
     * @param diverged whether training broke off; the accuracies from there on are those of guessing
     */
    public record Outcome(List<Double> accuracies, boolean diverged) {

        public Outcome {
            accuracies = List.copyOf(accuracies);
        }
    }

    /** Returns the recipe. */
    public TrainingRecipe recipe() {
        return new TrainingRecipe(
                ParameterInit.TORCH,
                BATCH,
                new OptimizerRule.Sgd(MOMENTUM, false, new WeightDecay(DECAY, true)),
                new LearningRate(LEARNING_RATE, 0, LearningRate.Decay.COSINE),
                (long) epochs * stepsPerEpoch());
    }

    private int stepsPerEpoch() {
        return (training.size() + BATCH - 1) / BATCH;
    }

    /**
     * Trains a network.
     *
     * @param manager owner of what is computed on the way
     * @param interrupted asked behind each step
     * @return nothing if it was interrupted
     */
    public Optional<Outcome> train(
            NDManager manager, Architecture architecture, Seed seed, BooleanSupplier interrupted) {
        ImageTask task = new ImageTask(training, testing, classes);
        List<Double> accuracies = new ArrayList<>();
        try (NetworkTraining run = new NetworkTraining(manager, task, architecture, recipe(), List.of(seed))) {
            while (accuracies.size() < epochs) {
                for (int step = 0; step < stepsPerEpoch(); step++) {
                    if (!stepped(run)) {
                        return Optional.of(diverged(accuracies));
                    }
                    if (interrupted.getAsBoolean()) {
                        return Optional.empty();
                    }
                }
                PredictedAccuracy found = PredictedAccuracy.of(
                        manager, architecture, run.parameters().get(0), testing);
                if (!Double.isFinite(found.loss())) { // behind the epoch's last step
                    return Optional.of(diverged(accuracies));
                }
                accuracies.add(found.accuracy());
            }
            return Optional.of(new Outcome(accuracies, false));
        }
    }

    private Outcome diverged(List<Double> before) {
        List<Double> accuracies = new ArrayList<>(before);
        accuracies.addAll(Collections.nCopies(epochs - before.size(), 1.0 / classes));
        return new Outcome(accuracies, true);
    }

    /** Whether a step could be taken; a training whose loss is no number cannot go on. */
    private static boolean stepped(NetworkTraining run) {
        try {
            run.step();
            return true;
        } catch (IllegalStateException diverged) {
            return false;
        }
    }
}
