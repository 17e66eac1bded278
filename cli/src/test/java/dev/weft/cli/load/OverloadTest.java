package dev.weft.cli.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class OverloadTest {

    private static final int HEAP = 100;

    private static Answers.Summary answers(Map<String, Long> statuses) {
        return new Answers.Summary(statuses, 1, 1, 1, 1);
    }

    /** Samples whose resident memory and heap are these. */
    private static Overload of(Map<String, Long> statuses, double... memory) {
        return new Overload(
                "any",
                10,
                20,
                true,
                9,
                answers(statuses),
                HEAP,
                DoubleStream.of(memory)
                        .mapToObj(value -> new Overload.Sample(1, value, value, answers(statuses)))
                        .toList());
    }

    @Test
    void whatABusyServiceMaySayIsExpected() {
        assertEquals(Map.of(), of(Map.of("200", 5L, "429", 4L, "503", 3L), 1).unexpected());
        assertEquals(
                Map.of("0", 1L, "500", 2L),
                of(Map.of("200", 5L, "500", 2L, "0", 1L), 1).unexpected());
    }

    @Test
    void memoryThatGoesUpAndDownIsFlat() {
        Overload overload = of(Map.of(), 50, 90, 40, 95, 50, 90, 95, 42, 50);
        assertEquals(new Overload.Growth(60, 187 / 3.0, true), overload.resident());
        assertEquals(new Overload.Growth(40, 42, true), overload.live());
    }

    @Test
    void memoryThatGrowsIsNot() {
        Overload overload = of(Map.of(), 50, 53, 56, 59, 62, 65, 68, 71, 74);
        assertEquals(new Overload.Growth(53, 71, false), overload.resident());
        assertEquals(new Overload.Growth(50, 68, false), overload.live());
    }

    @Test
    void fewSamplesAreComparedAllTheSame() {
        assertEquals(new Overload.Growth(7, 7, true), of(Map.of(), 7).resident());
    }
}
