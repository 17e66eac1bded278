package dev.weft.checkpoints;

/**
 * One checkpoint.
 *
 * @param id unique in the zoo
 * @param runId the training run that it comes from
 * @param step training step of the run
 * @param split the run's split
 * @param label index into {@link ZooHeader#classes()}, or {@link #NO_LABEL}
 * @param source where its data came from, for example {@code digits#17}
 * @param seed what its initial values were drawn from
 * @param metrics one value for each of {@link ZooHeader#metrics()}
 * @param parameters [P] its values, laid out as the architecture says
 */
public record ZooRow(
        String id,
        String runId,
        long step,
        Split split,
        int label,
        String source,
        long seed,
        double[] metrics,
        float[] parameters) {

    /** The label of rows that have none. */
    public static final int NO_LABEL = -1;
}
