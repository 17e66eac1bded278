package dev.weft.cli.service.flight;

import dev.weft.checkpoints.format.NamedTensor;
import dev.weft.checkpoints.format.TensorSource;
import dev.weft.cli.service.problem.Deadline;
import dev.weft.cli.service.problem.Problem;
import dev.weft.cli.service.problem.ServiceException;
import dev.weft.cli.service.tensor.TensorSchema;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/**
 * A streaming call in the thread that works on it. Whatever the thread waits for, it is woken when the client goes away or the
 * time is up: Arrow's stream of incoming batches waits for ever by itself.
 */
final class Call {

    private final ServerStreamListener listener;
    private final Deadline deadline;
    private @Nullable Thread worker = Thread.currentThread();
    private boolean reading;
    private @Nullable ServiceException stop;

    /** What a call does with incoming batches. */
    @FunctionalInterface
    interface Reading<T> {
        T read() throws IOException;
    }

    /** Begins a call in the present thread. */
    Call(ServerStreamListener listener, Deadline deadline) {
        this.listener = listener;
        this.deadline = deadline;
        listener.setOnReadyHandler(this::wake);
        listener.setOnCancelHandler(this::cancelled);
        if (listener.isCancelled()) {
            stop(gone());
        }
    }

    Deadline deadline() {
        return deadline;
    }

    private synchronized void wake() {
        notifyAll();
    }

    private static ServiceException gone() {
        return Problem.TRUNCATED_BODY.because("the client has gone");
    }

    /** Arrow frees the incoming batches when this returns, so it waits until the worker has nothing to do with them. */
    private synchronized void cancelled() {
        stop(gone());
        try {
            while (worker != null) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Breaks off because the time is up. */
    synchronized void timeUp() {
        stop(
                reading
                        ? Problem.TOO_SLOW.because("the request did not come to its end in time")
                        : Problem.TIMED_OUT.because("the answer was not ready, or not read, in time"));
    }

    private synchronized void stop(ServiceException reason) {
        if (stop == null) {
            stop = reason;
        }
        if (worker != null) {
            worker.interrupt();
        }
        notifyAll();
    }

    private synchronized void requireGoingOn() {
        if (stop != null) {
            throw stop;
        }
    }

    /** Waits for incoming batches and takes them. */
    <T> T reading(Reading<T> body) throws IOException {
        setReading(true);
        try {
            return body.read();
        } finally {
            setReading(false);
        }
    }

    private synchronized void setReading(boolean is) {
        requireGoingOn();
        reading = is;
    }

    /** Sends tensors, each when the client has taken the one before. */
    void send(TensorSource tensors, BufferAllocator allocator) throws IOException {
        try (VectorSchemaRoot root = VectorSchemaRoot.create(TensorSchema.of(tensors), allocator)) {
            start(root);
            for (NamedTensor tensor : TensorSchema.tensors(tensors)) {
                awaitReady();
                TensorSchema.fill(root, tensors, tensor);
                listener.putNext();
            }
        }
    }

    /** Sends one batch. */
    void send(VectorSchemaRoot batch) {
        start(batch);
        awaitReady();
        listener.putNext();
    }

    private void start(VectorSchemaRoot root) {
        awaitReady();
        listener.start(root);
    }

    private synchronized void awaitReady() {
        requireGoingOn();
        try {
            while (!listener.isReady()) {
                wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline.left())));
                requireGoingOn();
                if (deadline.left() < 0) {
                    timeUp();
                }
            }
        } catch (InterruptedException e) {
            requireGoingOn();
            Thread.currentThread().interrupt();
            throw Problem.STOPPING.because("the service was stopped", e);
        }
    }

    /** Returns why the call failed: what it was stopped for, or what was thrown. */
    synchronized Throwable reason(Throwable thrown) {
        return stop == null ? thrown : stop;
    }

    /** Says that the thread works on this call no longer; it is not interrupted any more. */
    synchronized void leave() {
        worker = null;
        Thread.interrupted(); // so that the thread's next call does not take it for its own
        notifyAll();
    }
}
