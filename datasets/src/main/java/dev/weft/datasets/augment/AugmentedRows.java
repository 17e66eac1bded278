package dev.weft.datasets.augment;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.weft.checkpoints.Zoo;
import dev.weft.metanets.task.RowSource;
import dev.weft.network.Architecture;
import dev.weft.network.Seed;

/** The rows of a zoo of one architecture, varied anew each time they are asked for with another seed. */
public final class AugmentedRows implements RowSource {

    private final Zoo zoo;
    private final int width;
    private final Augmentation augmentation;

    public AugmentedRows(Zoo zoo, AugmentationConfig config) {
        Architecture architecture = zoo.header().architecture();
        this.zoo = zoo;
        this.width = Math.toIntExact(architecture.parameterCount());
        this.augmentation = new Augmentation(architecture, config);
    }

    @Override
    public NDArray rows(NDManager manager, int[] rows, Seed seed) {
        float[] flat = new float[rows.length * width];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(zoo.parameters(rows[i]), 0, flat, i * width, width);
        }
        return manager.create(augmentation.applyAll(flat, seed), new Shape(rows.length, width));
    }
}
