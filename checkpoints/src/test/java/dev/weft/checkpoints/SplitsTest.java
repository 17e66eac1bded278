package dev.weft.checkpoints;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.network.Seed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SplitsTest {

    private static final List<String> RUNS =
            IntStream.range(0, 100).mapToObj(i -> "run-" + i).toList();

    @Test
    void sharesAreExact() {
        Map<String, Split> splits = Splits.byRun(RUNS, 0.1, 0.25, new Seed(3));
        assertEquals(100, splits.size());
        assertEquals(10, Collections.frequency(splits.values(), Split.VAL));
        assertEquals(25, Collections.frequency(splits.values(), Split.TEST));
    }

    @Test
    void orderAndRepetitionOfRunsDoNotMatter() {
        List<String> twice = new ArrayList<>(RUNS);
        Collections.reverse(twice);
        twice.addAll(RUNS);
        assertEquals(Splits.byRun(RUNS, 0.3, 0.3, new Seed(3)), Splits.byRun(twice, 0.3, 0.3, new Seed(3)));
    }

    @Test
    void anotherSeedDrawsOtherRuns() {
        assertNotEquals(Splits.byRun(RUNS, 0.3, 0.3, new Seed(3)), Splits.byRun(RUNS, 0.3, 0.3, new Seed(4)));
    }

    @Test
    void roundingNeverTakesMoreRunsThanThereAre() {
        Map<String, Split> splits = Splits.byRun(List.of("a", "b", "c"), 0.5, 0.5, new Seed(0));
        assertEquals(2, Collections.frequency(splits.values(), Split.VAL));
        assertEquals(1, Collections.frequency(splits.values(), Split.TEST));
    }

    @Test
    void refusesSharesBeyondTheWhole() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> Splits.byRun(RUNS, 0.7, 0.4, new Seed(0)));
        assertEquals("shares must be at least 0 and sum to at most 1, got val=0.7 test=0.4", e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Splits.byRun(RUNS, Double.NaN, 0, new Seed(0)));
    }
}
