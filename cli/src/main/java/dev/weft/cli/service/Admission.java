package dev.weft.cli.service;

import dev.weft.cli.service.problem.Deadline;
import dev.weft.cli.service.problem.Problem;
import java.util.concurrent.TimeUnit;

/**
 * The door of the service. So many requests may be inside at once, waiting for a model or being computed; others are told to
 * come back. Once closed it lets nobody in, and everybody inside finish.
 */
public final class Admission {

    private final int capacity;
    private int inside;
    private boolean open = true;

    public Admission(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("requests at once: expected 1 or more, found " + capacity);
        }
        this.capacity = capacity;
    }

    /** A request's place inside. */
    public final class Ticket implements AutoCloseable {
        private boolean used;

        private Ticket() {}

        @Override
        public void close() {
            synchronized (Admission.this) {
                if (!used) {
                    used = true;
                    inside--;
                    Admission.this.notifyAll();
                }
            }
        }
    }

    /**
     * Lets a request in.
     *
     * @throws dev.weft.cli.service.problem.ServiceException if all places are taken, or the door is closed
     */
    public synchronized Ticket enter() {
        if (!open) {
            throw Problem.STOPPING.because("the service is stopping; it finishes what it has begun");
        }
        if (inside == capacity) {
            throw Problem.BUSY.because("all " + capacity + " places are taken");
        }
        inside++;
        return new Ticket();
    }

    /** Lets nobody in any more. */
    public synchronized void close() {
        open = false;
    }

    public synchronized boolean isOpen() {
        return open;
    }

    /** Returns how many requests are inside. */
    public synchronized int inside() {
        return inside;
    }

    /** Waits until everybody is out; returns whether that came true in time. */
    public synchronized boolean awaitEmpty(Deadline deadline) throws InterruptedException {
        while (inside > 0 && deadline.left() > 0) {
            wait(TimeUnit.NANOSECONDS.toMillis(deadline.left()) + 1);
        }
        return inside == 0;
    }
}
