package dev.weft.metanets.nowcast;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The reference's schedules. */
class HorizonScheduleTest {

    private static List<Integer> horizons(HorizonSchedule schedule) {
        return IntStream.range(0, schedule.nowcasts())
                .mapToObj(schedule::horizon)
                .toList();
    }

    @Test
    void horizonsAreTheReferences() {
        assertEquals(List.of(40, 33, 26, 21, 16, 11, 8, 5, 3, 1), horizons(new HorizonSchedule(40, 10, 2)));
        assertEquals(
                List.of(40, 35, 30, 26, 22, 18, 15, 12, 9, 7, 5, 3, 2, 1), horizons(new HorizonSchedule(40, 14, 2)));
        assertEquals(List.of(40, 25, 13, 5, 1), horizons(new HorizonSchedule(40, 5, 2)));
        assertEquals(List.of(40, 36, 31, 27, 23, 18, 14, 10, 5, 1), horizons(new HorizonSchedule(40, 10, 1)));
    }

    @Test
    void theLastHorizonStays() {
        HorizonSchedule schedule = new HorizonSchedule(40, 4, 2);
        assertEquals(1, schedule.horizon(3));
        assertEquals(1, schedule.horizon(1_000_000_000_000L));
    }

    @Test
    void aConstantSchedule() {
        assertEquals(7, HorizonSchedule.constant(7).horizon(0));
        assertEquals(7, HorizonSchedule.constant(7).horizon(9));
    }
}
