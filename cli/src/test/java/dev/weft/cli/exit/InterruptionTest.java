package dev.weft.cli.exit;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import sun.misc.Signal;

class InterruptionTest {

    @Test
    void aSignalRaisesTheFlagAndTheProcessLives() {
        try (Interruption stop = Interruption.watch()) {
            assertFalse(stop.getAsBoolean());
            Signal.raise(new Signal("TERM"));
            Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
                while (!stop.getAsBoolean()) {
                    Thread.sleep(5);
                }
            });
            assertTrue(stop.getAsBoolean());
        }
    }
}
