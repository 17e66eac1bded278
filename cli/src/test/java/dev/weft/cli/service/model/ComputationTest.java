package dev.weft.cli.service.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What nobody waits for any more is not computed to its end. */
@Timeout(60)
class ComputationTest {

    private final ModelWorker worker = new ModelWorker("test");

    @Test
    void cancellingInterruptsAndTheNextOneIsNotToldSo() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Computation<String> endless = new Computation<>(() -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
                return "never";
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // what a forecast leaves behind
                interrupted.countDown();
                throw e;
            }
        });
        Computation<Boolean> next =
                new Computation<>(() -> Thread.currentThread().isInterrupted());
        worker.execute(endless::run);
        worker.execute(next::run);
        begun.await();
        assertTrue(endless.cancel(true));
        interrupted.await();
        assertFalse(next.join());
        assertTrue(endless.isCancelled());
    }

    @Test
    void whatIsCancelledBeforeItBeginsIsNotBegun() {
        Computation<String> cancelled = new Computation<>(() -> "computed");
        assertTrue(cancelled.cancel(true));
        cancelled.run();
        assertTrue(cancelled.isCancelled());
        assertFalse(Thread.currentThread().isInterrupted());
    }

    @Test
    void failuresAreKeptForWhoeverWaits() {
        Computation<String> failing = new Computation<>(() -> {
            throw new IOException("the file is gone");
        });
        failing.run();
        CompletionException failure = assertThrows(CompletionException.class, failing::join);
        assertEquals("the file is gone", failure.getCause().getMessage());
        assertFalse(failing.cancel(true));
    }
}
