package dev.weft.cli.service;

import dev.weft.cli.service.problem.Deadline;
import dev.weft.cli.service.problem.Problem;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The memory that answers may take together. A large answer waits until others are sent. */
final class MemoryBudget {

    private static final int UNIT_SHIFT = 20; // permits are MiB

    private final Semaphore units;
    private final int all;

    /** @param bytes of all answers together */
    MemoryBudget(long bytes) {
        all = (int) Math.min(Integer.MAX_VALUE, Math.max(1, bytes >> UNIT_SHIFT));
        units = new Semaphore(all, true);
    }

    /** Memory that is taken until it is closed. */
    @FunctionalInterface
    interface Share extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Takes memory.
     *
     * @throws dev.weft.cli.service.problem.ServiceException if it is more than there is, or not free in time
     */
    Share take(long bytes, Deadline deadline) {
        long wanted = (bytes >> UNIT_SHIFT) + 1;
        if (wanted > all) {
            throw Problem.TOO_LARGE.because(
                    "the answer takes " + wanted + " MiB of memory; all answers together may take " + all);
        }
        try {
            if (!units.tryAcquire((int) wanted, Math.max(0, deadline.left()), TimeUnit.NANOSECONDS)) {
                throw Problem.BUSY.because("other answers take the memory that there is for them");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.STOPPING.because("the service was stopped", e);
        }
        return () -> units.release((int) wanted);
    }
}
