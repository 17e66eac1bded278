package dev.weft.metanets.nowcast.baseline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StateCombinationTest {

    /** Parameter 0 rises by 2 a state, parameter 1 is bent: 0, 1, 0, 1, 3. */
    private static final List<float[]> STATES = new ArrayList<>(List.of(
            new float[] {1, 0}, new float[] {3, 1}, new float[] {5, 0}, new float[] {7, 1}, new float[] {9, 3}));

    @Test
    void lastStateStays() {
        assertArrayEquals(new float[] {9, 3}, StateCombination.LAST.forecast(STATES, 40));
    }

    @Test
    void averageIsThatOfAllStates() {
        assertArrayEquals(new float[] {5, 1}, StateCombination.AVERAGE.forecast(STATES, 3), 1e-6f);
    }

    @Test
    void lineGoesOn() {
        // Parameter 1: mean 1, slope (-2 * 0 - 1 * 1 + 1 * 1 + 2 * 3) / 10 = 0.6, so 1 + 0.6 (t - 2) at t = 4 + k.
        assertArrayEquals(new float[] {11, 2.8f}, StateCombination.LINEAR.forecast(STATES, 1), 1e-5f);
        assertArrayEquals(new float[] {89, 26.2f}, StateCombination.LINEAR.forecast(STATES, 40), 1e-4f);
    }

    @Test
    void weightsSumToOne() {
        for (StateCombination combination : StateCombination.values()) {
            for (int horizon : new int[] {1, 7, 40}) {
                assertEquals(1, Arrays.stream(combination.weights(5, horizon)).sum(), 1e-12);
            }
        }
    }

    @Test
    void refusesTooFewStatesAndThePast() {
        assertThrows(IllegalArgumentException.class, () -> StateCombination.LINEAR.forecast(STATES.subList(0, 1), 1));
        assertEquals(
                "expected at least 2 states and a horizon of at least 1, got 5 and 0",
                assertThrows(IllegalArgumentException.class, () -> StateCombination.LAST.forecast(STATES, 0))
                        .getMessage());
    }
}
