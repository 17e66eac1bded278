package dev.weft.metanets.task;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.weft.checkpoints.Zoo;
import dev.weft.network.Seed;
import java.util.List;

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

    /** Returns the rows of a zoo as they are. */
    static RowSource of(Zoo zoo) {
        return (manager, rows, seed) -> zoo.parameters(manager, rows);
    }

    /**
     * Returns rows of a list as they are.
     *
     * @param list rows [P], one or more
     */
    static RowSource of(List<float[]> list) {
        int width = list.get(0).length;
        return (manager, rows, seed) -> {
            float[] flat = new float[rows.length * width];
            for (int i = 0; i < rows.length; i++) {
                System.arraycopy(list.get(rows[i]), 0, flat, i * width, width);
            }
            return manager.create(flat, new Shape(rows.length, width));
        };
    }
}
