package dev.weft.cli.zoo;

import dev.weft.datasets.training.ImageClassification;
import dev.weft.datasets.training.NetworkName;
import dev.weft.datasets.training.PixelNormalisation;
import dev.weft.datasets.training.TextModelling;
import dev.weft.datasets.training.TrainingRecipe;
import dev.weft.datasets.training.TrajectoryZoo;
import dev.weft.network.Seed;
import dev.weft.network.train.LearningRate;
import dev.weft.network.train.OptimizerRule;
import dev.weft.network.train.ParameterInit;
import dev.weft.network.train.WeightDecay;
import java.util.List;
import java.util.Map;

/**
 * The settings of {@code weft zoo trajectories}, as {@code --config} and {@code --set} know them.
 *
 * @param network see {@link NetworkName}; the defaults of the others depend on its kind
 * @param runs how many networks
 * @param steps of each run
 * @param every steps between two rows of a run
 * @param batchSize examples of a step
 * @param optimizer {@code adamw} or {@code sgd}
 * @param learningRate of the first step, or behind the warm-up
 * @param schedule how it goes on
 * @param warmup steps over which it rises
 * @param weightDecay of weights; biases and norms are left alone
 * @param momentum of {@code sgd}
 * @param init what networks start from
 * @param sideBySide runs that are trained together
 * @param testExamples how many each row is tested on, at most
 * @param val share of runs for validation
 * @param test share of runs for testing
 * @param imagesTest share of images that networks are tested on; 0 where images for testing are given
 * @param imagesHeldOut share of the other images that are left out
 * @param pixelMeans of each channel; with {@code pixelDeviations} empty for those of the training images
 * @param pixelDeviations of each channel
 * @param length characters that a network of texts reads
 * @param textTest share of a text that networks are tested on, its end
 */
record TrajectorySettings(
        String network,
        int runs,
        long steps,
        long every,
        int batchSize,
        Optimizer optimizer,
        double learningRate,
        LearningRate.Decay schedule,
        long warmup,
        double weightDecay,
        double momentum,
        ParameterInit init,
        int sideBySide,
        int testExamples,
        double val,
        double test,
        double imagesTest,
        double imagesHeldOut,
        List<Double> pixelMeans,
        List<Double> pixelDeviations,
        int length,
        double textTest) {

    /** The optimizers by name. */
    enum Optimizer {
        ADAMW,
        SGD
    }

    static final int LENGTH_DEFAULT = 64;

    /**
     * Returns the defaults for a kind of networks.
     *
     * @param isTestGiven whether there are images for testing apart from the others
     */
    static TrajectorySettings of(NetworkName network, boolean isTestGiven) {
        boolean isText = network.kind() == NetworkName.Kind.GPT;
        boolean isConvolutional = network.kind() == NetworkName.Kind.CONV;
        return new TrajectorySettings(
                network.toString(),
                10,
                2000,
                20,
                isText ? 32 : 128,
                Optimizer.ADAMW,
                isConvolutional ? 0.006 : 0.001,
                LearningRate.Decay.CONSTANT,
                0,
                isText ? 0.01 : 0,
                0.9,
                isText ? ParameterInit.GPT2 : ParameterInit.TORCH,
                isConvolutional ? 1 : 8,
                TrajectoryZoo.Settings.TEST_EXAMPLES_DEFAULT,
                TrajectoryZoo.Settings.VAL_DEFAULT,
                TrajectoryZoo.Settings.TEST_DEFAULT,
                isTestGiven ? 0 : ImageClassification.Settings.TEST_DEFAULT,
                0,
                List.of(),
                List.of(),
                LENGTH_DEFAULT,
                TextModelling.TEST_DEFAULT);
    }

    TrainingRecipe recipe() {
        WeightDecay decay = new WeightDecay(weightDecay, false);
        OptimizerRule rule = optimizer == Optimizer.SGD
                ? new OptimizerRule.Sgd(momentum, false, decay)
                : new OptimizerRule.AdamW(
                        OptimizerRule.BETA1_DEFAULT, OptimizerRule.BETA2_DEFAULT, OptimizerRule.EPSILON_DEFAULT, decay);
        return new TrainingRecipe(init, batchSize, rule, new LearningRate(learningRate, warmup, schedule), steps);
    }

    ImageClassification.Settings imageSettings(Seed seed) {
        PixelNormalisation normalisation = pixelMeans.isEmpty() && pixelDeviations.isEmpty()
                ? null
                : new PixelNormalisation(pixelMeans, pixelDeviations);
        return new ImageClassification.Settings(imagesTest, imagesHeldOut, normalisation, seed);
    }

    TrajectoryZoo.Settings zooSettings(Seed seed, Map<String, String> provenance) {
        return new TrajectoryZoo.Settings(recipe(), runs, every, sideBySide, testExamples, val, test, seed, provenance);
    }
}
