package dev.weft.cli.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.network.Seed;
import org.junit.jupiter.api.Test;

class ArrivalsTest {

    @Test
    void requestsComeAtTheRateThatWasAskedForAndNoneAfterTheEnd() {
        Arrivals arrivals = new Arrivals(500, 20, new Seed(3));
        int count = 0;
        double squares = 0;
        long last = 0;
        for (long due = arrivals.next(); due != Arrivals.NO_MORE; due = arrivals.next()) {
            assertTrue(due >= last && due < 20e9, "due at " + due);
            squares += Math.pow((due - last) / 1e9 - 1.0 / 500, 2);
            last = due;
            count++;
        }
        assertEquals(10_000, count, 400, "four deviations of a Poisson count");
        assertEquals(
                1.0 / 500, Math.sqrt(squares / count), 0.1 / 500, "gaps of exponential length deviate by their mean");
        assertEquals(Arrivals.NO_MORE, arrivals.next());
    }

    @Test
    void theSeedDecidesTheTimes() {
        assertEquals(new Arrivals(5, 9, new Seed(1)).next(), new Arrivals(5, 9, new Seed(1)).next());
        assertTrue(new Arrivals(5, 9, new Seed(1)).next() != new Arrivals(5, 9, new Seed(2)).next());
        assertThrows(IllegalArgumentException.class, () -> new Arrivals(0, 9, new Seed(1)));
    }
}
