package dev.weft.metanets.task;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.weft.network.Seed;

/** Gives rows of a data set as arrays, perhaps augmented. */
@FunctionalInterface
public interface RowSource {

    /**
     * Returns rows [m, P] of raw float32 parameters.
     *
     * @param manager owner of the result
     * @param rows m indices into the data set
     * @param seed of this micro-batch, for augmentation; plain sources ignore it
     */
    NDArray rows(NDManager manager, int[] rows, Seed seed);
}
