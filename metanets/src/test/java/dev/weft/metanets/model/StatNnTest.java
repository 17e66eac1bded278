package dev.weft.metanets.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.weft.network.Architecture;
import dev.weft.network.Layer;
import dev.weft.network.Mlp;
import dev.weft.network.Seed;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatNnTest {

    /** One layer: weight [1, 4] and bias [1]. */
    private static final Architecture TINY = Mlp.of(List.of(4, 1), new Layer.Relu(), true);

    private static StatNn model(Normalization normalization) {
        return new StatNn.Config(4, 1, 0).build(TINY, normalization, 2, new Seed(1));
    }

    /** Weights 7, 1, 3, 2: mean 3.25, squared deviations 14.0625 + 5.0625 + 0.0625 + 1.5625 over 3; sorted 1, 2, 3, 7. */
    @Test
    void statisticsByHand() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray rows = manager.create(new double[] {7, 1, 3, 2, -5, 1, 1, 1, 1, 0}, new Shape(2, 5));
            NDArray statistics = model(Normalization.none(TINY)).statistics(rows);
            assertEquals(new Shape(2, 14), statistics.getShape());
            assertArrayEquals(
                    new double[] {3.25, 20.75 / 3, 1, 1.75, 2.5, 4, 7, -5, 0, -5, -5, -5, -5, -5},
                    statistics.get(0).toDoubleArray(),
                    1e-6);
            assertArrayEquals(
                    new double[] {1, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0},
                    statistics.get(1).toDoubleArray(),
                    1e-6);
        }
    }

    /** With five values every quartile is one of them. */
    @Test
    void quantilesThatFallOnValues() {
        Architecture five = Mlp.of(List.of(5, 1), new Layer.Relu(), false);
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray rows = manager.create(new double[] {40, 10, 50, 20, 30}, new Shape(1, 5));
            double[] statistics = new StatNn.Config(4, 1, 0)
                    .build(five, Normalization.none(five), 2, new Seed(1))
                    .statistics(rows)
                    .toDoubleArray();
            assertArrayEquals(new double[] {30, 250, 10, 20, 30, 40, 50}, statistics, 1e-9);
        }
    }

    @Test
    void statisticsAreOfStandardisedTensors() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray rows = manager.create(new double[] {7, 1, 3, 2, -5}, new Shape(1, 5));
            double[] statistics = model(new Normalization(List.of(1.0, -3.0), List.of(2.0, 4.0)))
                    .statistics(rows)
                    .toDoubleArray();
            assertArrayEquals(
                    new double[] {1.125, 20.75 / 12, 0, 0.375, 0.75, 1.5, 3, -0.5, 0, -0.5, -0.5, -0.5, -0.5, -0.5},
                    statistics,
                    1e-6);
        }
    }
}
