package dev.weft.cli.results;

import dev.weft.datasets.architecture.ArchitectureSplit;
import dev.weft.datasets.architecture.ScratchTraining;
import dev.weft.datasets.training.TrainingRecipe;
import dev.weft.network.train.LearningRate;
import dev.weft.network.train.OptimizerRule;
import dev.weft.network.train.ParameterInit;
import dev.weft.network.train.WeightDecay;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What {@code --config} and {@code --set} can change of {@code weft results parameter-prediction}.
 *
 * @param size side of the images in pixels
 * @param train networks to train on
 * @param val networks to choose the round by
 * @param test networks to judge by
 * @param other networks of each of the other splits
 * @param steps of every hypernetwork
 * @param stepsPerRound between two looks at the validation networks
 * @param networks of a step, but for GHN-1, which takes one
 * @param images of a step
 * @param compared networks of each split that gradient descent is tried on, the first ones
 * @param descentSteps that it takes
 * @param descentRate its learning rate
 * @param descentImages of a step
 */
record PredictionSettings(
        int size,
        int train,
        int val,
        int test,
        int other,
        int steps,
        int stepsPerRound,
        int networks,
        int images,
        int compared,
        int descentSteps,
        double descentRate,
        int descentImages) {

    static final PredictionSettings DEFAULT =
            new PredictionSettings(16, 300, 50, 100, 25, 5000, 250, 4, 32, 20, 200, 0.025, 32);

    /** Shares of the descent at which it is judged, beside its beginning and its epochs. */
    private static final List<Double> JUDGED = List.of(0.25, 0.5, 1.0);

    /** Epochs of the descent that the table shows. */
    static final List<Integer> EPOCHS = List.of(1, 5);

    PredictionSettings {
        if (size < 1 || train < 1 || val < 1 || test < 1 || other < 0 || compared < 1 || descentSteps < 1) {
            throw new IllegalArgumentException("expected size, train, val, test, compared and descentSteps of at least"
                    + " 1 and other of at least 0, got " + size + ", " + train + ", " + val + ", " + test + ", "
                    + compared + ", " + descentSteps + " and " + other);
        }
        if (!(descentRate > 0) || descentImages < 1) {
            throw new IllegalArgumentException("expected a descentRate above 0 and descentImages of at least 1, got "
                    + descentRate + " and " + descentImages);
        }
    }

    Map<ArchitectureSplit, Integer> counts() {
        Map<ArchitectureSplit, Integer> counts = new EnumMap<>(ArchitectureSplit.class);
        Arrays.stream(ArchitectureSplit.values()).forEach(split -> counts.put(split, other));
        counts.put(ArchitectureSplit.TRAIN, train);
        counts.put(ArchitectureSplit.VAL, val);
        counts.put(ArchitectureSplit.TEST, test);
        return counts;
    }

    /** Returns how single networks are trained, from PyTorch's own start if from no other. */
    TrainingRecipe descent() {
        return new TrainingRecipe(
                ParameterInit.TORCH,
                descentImages,
                new OptimizerRule.Sgd(ScratchTraining.MOMENTUM, false, new WeightDecay(ScratchTraining.DECAY, true)),
                LearningRate.constant(descentRate),
                descentSteps);
    }

    /** Returns the steps behind which the descent is judged, ascending from 0. */
    List<Integer> marks(int trainingImages) {
        IntStream shares = JUDGED.stream().mapToInt(share -> (int) Math.round(share * descentSteps));
        IntStream epochs = EPOCHS.stream().mapToInt(epoch -> epochSteps(epoch, trainingImages));
        return IntStream.concat(IntStream.of(0), IntStream.concat(shares, epochs))
                .filter(step -> step <= descentSteps)
                .sorted()
                .distinct()
                .boxed()
                .toList();
    }

    /** Returns the steps of some epochs. */
    int epochSteps(int epochs, int trainingImages) {
        return epochs * ((trainingImages + descentImages - 1) / descentImages);
    }
}
