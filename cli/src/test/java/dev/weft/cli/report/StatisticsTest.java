package dev.weft.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class StatisticsTest {

    @Test
    void meanAndDeviationOfASample() {
        assertEquals(4, Statistics.mean(2, 4, 6));
        assertEquals(2, Statistics.deviation(2, 4, 6)); // sqrt((4 + 0 + 4) / 2)
        assertTrue(Double.isNaN(Statistics.deviation(5)));
    }

    @Test
    void quantilesLieBetweenValuesInProportion() {
        assertEquals(3, Statistics.quantile(0.5, 9, 1, 3));
        assertEquals(2.5, Statistics.quantile(0.5, 4, 1, 2, 3));
        assertEquals(1.15, Statistics.quantile(0.05, 1, 2, 3, 4), 1e-12); // numpy.quantile([1, 2, 3, 4], 0.05)
        assertEquals(1, Statistics.quantile(0, 2, 1));
        assertEquals(2, Statistics.quantile(1, 2, 1));
    }

    @Test
    void refusesNothingAndSharesOutside() {
        assertThrows(IllegalArgumentException.class, Statistics::mean);
        assertThrows(IllegalArgumentException.class, () -> Statistics.quantile(1.5, 1));
    }
}
