package dev.weft.cli.service.model;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A result that a worker computes. Unlike a plain {@link CompletableFuture}, cancelling it with {@code true} interrupts the
 * computation, so that the worker is soon there for others.
 *
 * @param <T> the result
 */
final class Computation<T> extends CompletableFuture<T> {

    private final Callable<T> computation;
    private @Nullable Thread worker; // while it computes

    Computation(Callable<T> computation) {
        this.computation = computation;
    }

    /** Computes the result, unless it is cancelled already. */
    void run() {
        if (!begin()) {
            return;
        }
        try {
            complete(computation.call());
        } catch (Exception | Error e) { // the request tells its client
            completeExceptionally(e);
        } finally {
            end();
        }
    }

    private synchronized boolean begin() {
        if (isDone()) {
            return false;
        }
        worker = Thread.currentThread();
        return true;
    }

    private synchronized void end() {
        worker = null;
        Thread.interrupted(); // so that the worker's next computation does not take it for its own
    }

    @Override
    public synchronized boolean cancel(boolean mayInterrupt) {
        boolean cancelled = super.cancel(mayInterrupt);
        if (cancelled && mayInterrupt && worker != null) {
            worker.interrupt();
        }
        return cancelled;
    }
}
