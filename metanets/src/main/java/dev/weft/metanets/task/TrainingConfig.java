package dev.weft.metanets.task;

/**
 * How a metanet is trained.
 *
 * @param epochs passes over the training rows
 * @param batchSize rows an optimizer step
 * @param microBatchSize rows at once; sized to the cache, gradients are accumulated
 * @param learningRate of AdamW, behind the warm-up
 * @param weightDecay decoupled
 * @param amsgrad whether AdamW keeps the largest second moment
 * @param warmupSteps steps over which the learning rate rises linearly
 * @param schedule of the learning rate behind the warm-up
 * @param clipNorm largest norm of the gradient, 0 for no clipping
 * @param patience epochs without a better validation score before training stops, 0 for never
 */
public record TrainingConfig(
        int epochs,
        int batchSize,
        int microBatchSize,
        double learningRate,
        double weightDecay,
        boolean amsgrad,
        int warmupSteps,
        Schedule schedule,
        double clipNorm,
        int patience) {

    /** What the learning rate does behind the warm-up. */
    public enum Schedule {
        CONSTANT,
        /** Falls to 0 along half a cosine over the remaining steps. */
        COSINE
    }

    /** Published for NG-GNN on INRs (AdamW 1e-3, decay 5e-4, AMSGrad, clipping at 10), with batches for small data. */
    public static final TrainingConfig DEFAULT =
            new TrainingConfig(30, 32, 16, 1e-3, 5e-4, true, 100, Schedule.COSINE, 10, 0);

    public TrainingConfig {
        atLeast("epochs", epochs, 1);
        atLeast("batchSize", batchSize, 1);
        atLeast("microBatchSize", microBatchSize, 1);
        if (!(learningRate > 0) || Double.isInfinite(learningRate)) {
            throw new IllegalArgumentException(
                    "training: learningRate: expected a positive number, got " + learningRate);
        }
        finite("weightDecay", weightDecay);
        atLeast("warmupSteps", warmupSteps, 0);
        finite("clipNorm", clipNorm);
        atLeast("patience", patience, 0);
    }

    public TrainingConfig withEpochs(int count) {
        return new TrainingConfig(
                count,
                batchSize,
                microBatchSize,
                learningRate,
                weightDecay,
                amsgrad,
                warmupSteps,
                schedule,
                clipNorm,
                patience);
    }

    private static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException("training: " + name + ": expected at least " + least + ", got " + value);
        }
    }

    private static void finite(String name, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("training: " + name + ": expected a number of at least 0, got " + value);
        }
    }

    /** Returns the learning rate of a step, counted from 0, of {@code total}. */
    double learningRate(long step, long total) {
        if (step < warmupSteps) {
            return learningRate * (step + 1) / warmupSteps;
        }
        if (schedule == Schedule.CONSTANT) {
            return learningRate;
        }
        double done = (double) (step - warmupSteps) / Math.max(1, total - warmupSteps);
        return learningRate * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, done)));
    }
}
