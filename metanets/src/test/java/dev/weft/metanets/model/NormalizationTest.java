package dev.weft.metanets.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDManager;
import dev.weft.network.Architecture;
import dev.weft.network.Layer;
import dev.weft.network.Mlp;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class NormalizationTest {

    /** Weight [1, 2] and bias [1]. */
    private static final Architecture TINY = Mlp.of(List.of(2, 1), new Layer.Relu(), true);

    /** Weights 1, 3, 5, 7: mean 4, mean square 21; the bias is always -2. */
    @Test
    void oneMeanAndOneDeviationATensor() {
        Normalization found = Normalization.of(TINY, List.of(new float[] {1, 3, -2}, new float[] {5, 7, -2}));
        assertEquals(List.of(4.0, -2.0), found.mean());
        assertEquals(Math.sqrt(5), found.deviation().get(0), 1e-12);
        assertEquals(1, found.deviation().get(1), "a constant tensor is only centred");
    }

    @Test
    void appliesToItsTensor() {
        Normalization normalization = new Normalization(List.of(4.0, -2.0), List.of(0.5, 3.0));
        try (NDManager manager = NDManager.newBaseManager()) {
            assertArrayEquals(
                    new float[] {-6, 0, 2},
                    normalization
                            .apply(0, manager.create(new float[] {1, 4, 5}))
                            .toFloatArray());
            assertArrayEquals(
                    new float[] {1},
                    normalization.apply(1, manager.create(new float[] {1})).toFloatArray());
        }
    }

    private static void refused(String message, Executable making) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, making).getMessage());
    }

    @Test
    void refusesWhatDividesByNothing() {
        refused("normalization: no training rows", () -> Normalization.of(TINY, List.of()));
        refused("normalization: 1 means, but 2 deviations", () -> new Normalization(List.of(0.0), List.of(1.0, 1.0)));
        for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            refused(
                    "normalization: deviations must be positive, got [" + bad + "]",
                    () -> new Normalization(List.of(0.0), List.of(bad)));
        }
    }
}
