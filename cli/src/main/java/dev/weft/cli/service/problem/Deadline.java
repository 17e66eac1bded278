package dev.weft.cli.service.problem;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * When a request must be done with.
 *
 * @param nanoTime by {@link System#nanoTime()}
 */
public record Deadline(long nanoTime) {

    /** Returns the moment that lies so far ahead. */
    public static Deadline after(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** Returns the nanoseconds that are left, negative behind the deadline. */
    public long left() {
        return nanoTime - System.nanoTime();
    }

    /** Waits for a result; one that comes too late is not waited for any more, and its computation is cancelled. */
    public <T> T await(Future<T> result) {
        try {
            return result.get(Math.max(0, left()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            result.cancel(true);
            throw Problem.TIMED_OUT.because("the answer was not ready in time", e);
        } catch (ExecutionException e) {
            throw ServiceException.of(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            result.cancel(true);
            throw Problem.STOPPING.because("the service was stopped before the answer was ready", e);
        }
    }
}
