package dev.weft.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ResidentMemoryTest {

    @Test
    void thePeakIsFoundAmongTheLinesOfTheStatus() {
        List<String> status = List.of("Name:\tjava", "VmPeak:\t 9999999 kB", "VmHWM:\t  524288 kB", "VmRSS:\t 1 kB");
        assertEquals(OptionalDouble.of(512), ResidentMemory.peak(status));
        assertEquals(OptionalDouble.empty(), ResidentMemory.peak(List.of("Name:\tjava")));
    }
}
