package dev.weft.cli.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

class AnswersTest {

    private static final long MILLI = 1_000_000;

    @Test
    void percentilesAreOfWhatWasDone() {
        Answers answers = new Answers();
        for (int i = 2000; i >= 0; i--) { // more than there is room for at first
            answers.add(200, i * MILLI);
        }
        answers.add(429, 9999 * MILLI);
        answers.add(Answers.NONE, 9999 * MILLI);
        Answers.Summary summary = answers.summary();
        assertEquals(new Answers.Summary(Map.of("200", 2001L, "429", 1L, "0", 1L), 2001, 1000, 1980, 2000), summary);
        assertEquals(2003, summary.all());
    }

    @Test
    void whereNothingWasDoneThereAreNoTimes() {
        Answers answers = new Answers();
        answers.add(503, MILLI);
        assertEquals(new Answers.Summary(Map.of("503", 1L), 0, 0, 0, 0), answers.summary());
    }
}
