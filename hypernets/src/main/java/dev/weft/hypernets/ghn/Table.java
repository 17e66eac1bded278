package dev.weft.hypernets.ghn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.metanets.nn.SeededInitializer;
import dev.weft.network.Seed;

/** Rows of learned vectors: {@code weight} [rows, size]. */
final class Table extends GhnBlock {

    private static final double TRUNCATION = 2;

    private final Parameter weight;

    private Table(int rows, int size, SeededInitializer values) {
        weight = parameter("weight", new Shape(rows, size), values);
    }

    /** Starts from a standard normal, or as GHN-3 does from a narrow one. */
    static Table of(int rows, int size, boolean narrow, Seed seed) {
        return new Table(
                rows,
                size,
                narrow
                        ? SeededInitializer.truncatedNormal(seed, 1 / Math.sqrt(size), TRUNCATION)
                        : SeededInitializer.normal(seed, 1));
    }

    /** Returns the rows of these numbers, [numbers, size]. */
    NDArray rows(ForwardPass pass, long... numbers) {
        NDArray all = pass.value(weight);
        NDArray index = all.getManager().create(numbers).toDevice(all.getDevice(), false);
        return all.get(new NDIndex("{}", index));
    }
}
