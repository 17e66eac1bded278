package dev.weft.metanets.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class InterpolationGridTest {

    private static final float HIGHEST = 70;

    @Test
    void givesASineOfTheHighestFrequencyBack() {
        assertEquals(0, greatestError(w -> Math.sin(HIGHEST * w)), 4.5e-6);
    }

    @Test
    void roundsOnlyAtHalfOfIt() {
        assertEquals(0, greatestError(w -> Math.cos(HIGHEST / 2 * w)), 3e-7);
    }

    @Test
    void aWeightOnAPointTakesThatPoint() {
        InterpolationGrid grid = grid(new float[] {-1, 2}).orElseThrow();
        float[] taps = new float[InterpolationGrid.TAPS];
        grid.taps(2, taps, 0);
        for (int j = 0; j < taps.length; j++) {
            boolean here = grid.values()[grid.cell(2) + j] == 2;
            assertEquals(here ? 1 : 0, taps[j] + 0f); // 0, not -0
        }
    }

    @Test
    void pointsDoNotDependOnOtherWeights() {
        InterpolationGrid narrow = grid(new float[] {0.3f}).orElseThrow();
        InterpolationGrid wide = grid(new float[] {-0.9f, 0.3f, 0.7f}).orElseThrow();
        assertEquals(narrow.values()[narrow.cell(0.3f)], wide.values()[wide.cell(0.3f)]);
    }

    @Test
    void thereIsNoneForFewEdgesOrWeightsWithoutBound() {
        assertTrue(InterpolationGrid.under(List.of(new float[] {-1, 1}), HIGHEST, 300)
                .isEmpty());
        assertTrue(grid(new float[] {0, Float.NaN}).isEmpty());
        assertTrue(grid(new float[] {Float.POSITIVE_INFINITY}).isEmpty());
        assertTrue(grid(new float[] {Float.MAX_VALUE}).isEmpty());
        assertTrue(InterpolationGrid.under(List.of(new float[] {1}), Float.POSITIVE_INFINITY, 1000)
                .isEmpty());
    }

    @Test
    void aConstantNeedsFewPoints() {
        assertEquals(
                InterpolationGrid.TAPS,
                InterpolationGrid.under(List.of(new float[] {0}), 0, 100)
                        .orElseThrow()
                        .points());
    }

    private static Optional<InterpolationGrid> grid(float[] weights) {
        return InterpolationGrid.under(List.of(weights), HIGHEST, 10_000);
    }

    private static double greatestError(DoubleUnaryOperator function) {
        float[] weights = new float[5_000];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = -3 + 0.0012f * i;
        }
        InterpolationGrid grid = grid(weights).orElseThrow();
        float[] points = grid.values();
        float[] taps = new float[InterpolationGrid.TAPS];
        double greatest = 0;
        for (float weight : weights) {
            grid.taps(weight, taps, 0);
            double value = 0;
            for (int j = 0; j < taps.length; j++) {
                value += taps[j] * function.applyAsDouble(points[grid.cell(weight) + j]);
            }
            greatest = Math.max(greatest, Math.abs(value - function.applyAsDouble(weight)));
        }
        return greatest;
    }
}
