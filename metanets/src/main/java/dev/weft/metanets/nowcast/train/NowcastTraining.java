package dev.weft.metanets.nowcast.train;

import dev.weft.metanets.task.RoundLoop;

/**
 * How a forecasting network is trained.
 *
 * @param steps of the optimizer; 20,000 are published
 * @param stepsPerRound steps between two validations
 * @param trajectories runs a step
 * @param slices windows of a run a step, each beginning one state later; 4 are published
 * @param windowsAtOnce windows of one architecture that are processed together, at most; gradients add up
 * @param stride rows of the zoo from one state to the next
 * @param leastHorizons states that must follow every window; where fewer than the network's horizons do, the others are
 *     masked
 * @param validationWindows windows of each validation run, spread evenly
 * @param words of a language model that a window takes, drawn anew for each; 1,000 are published
 * @param learningRate of AdamW, at the first step
 * @param lastLearningRate to which it falls on half a cosine
 * @param weightDecay decoupled
 * @param clipNorm largest norm of the gradient, 0 for no clipping
 */
public record NowcastTraining(
        int steps,
        int stepsPerRound,
        int trajectories,
        int slices,
        int windowsAtOnce,
        int stride,
        int leastHorizons,
        int validationWindows,
        int words,
        double learningRate,
        double lastLearningRate,
        double weightDecay,
        double clipNorm)
        implements RoundLoop.Plan {

    /** Published rates and decay; steps, slices and the states that must follow are for small zoos and two cores. */
    public static final NowcastTraining DEFAULT =
            new NowcastTraining(4000, 200, 4, 1, 16, 1, 5, 8, 1000, 3e-3, 1e-6, 1e-2, 5);

    public NowcastTraining {
        positive("steps", steps);
        positive("stepsPerRound", stepsPerRound);
        positive("trajectories", trajectories);
        positive("slices", slices);
        positive("windowsAtOnce", windowsAtOnce);
        positive("stride", stride);
        positive("leastHorizons", leastHorizons);
        positive("validationWindows", validationWindows);
        positive("words", words);
        notNegative("learningRate", learningRate);
        notNegative("lastLearningRate", lastLearningRate);
        notNegative("weightDecay", weightDecay);
        notNegative("clipNorm", clipNorm);
    }

    private static void positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("nowcast training: " + name + ": expected 1 or more, got " + value);
        }
    }

    private static void notNegative(String name, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(
                    "nowcast training: " + name + ": expected a number of at least 0, got " + value);
        }
    }

    @Override
    public double learningRate(long step) {
        double left = 0.5 * (1 + StrictMath.cos(Math.PI * step / steps));
        return lastLearningRate + (learningRate - lastLearningRate) * left;
    }
}
