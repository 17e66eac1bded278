package dev.weft.cli.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Clients of a service on this machine, each with a connection of its own, that all send the same request. */
public final class Clients {

    private final int port;
    private final LoadRequest request;
    private final BooleanSupplier stop;

    /** Takes an answer. */
    @FunctionalInterface
    public interface Sink {
        void add(int status, long nanos);
    }

    /** @param stop whether no more requests are to be sent; polled before each */
    public Clients(int port, LoadRequest request, BooleanSupplier stop) {
        this.port = port;
        this.request = request;
        this.stop = stop;
    }

    /**
     * Some clients, each of which sends its next request when it has the last one's answer (a closed loop), and one at least.
     *
     * @param seconds until no more requests are sent
     * @return the seconds until the last answer
     */
    public double askAgain(int clients, double seconds, Sink sink) throws IOException {
        long begin = System.nanoTime();
        long end = begin + nanos(seconds);
        return run(clients, begin, connection -> {
            do {
                if (stop.getAsBoolean()) {
                    return;
                }
                long sent = System.nanoTime();
                int status = send(connection);
                sink.add(status, System.nanoTime() - sent);
            } while (System.nanoTime() < end);
        });
    }

    /**
     * Requests that come when it is their time, however long the others take (an open loop). An answer's time counts from
     * when the request was due, so that it has in it what a client waits that finds everything busy.
     *
     * @param clients most requests that are under way at once; more come late
     * @return the seconds until the last answer
     */
    public double arrive(int clients, Arrivals arrivals, Sink sink) throws IOException {
        long begin = System.nanoTime();
        return run(clients, begin, connection -> {
            for (long due = arrivals.next(); due != Arrivals.NO_MORE; due = arrivals.next()) {
                awaitTime(begin + due);
                if (stop.getAsBoolean()) {
                    return;
                }
                int status = send(connection);
                sink.add(status, System.nanoTime() - begin - due);
            }
        });
    }

    private void awaitTime(long nanoTime) {
        for (long left = nanoTime - System.nanoTime(); left > 0 && !stop.getAsBoolean(); ) {
            LockSupport.parkNanos(left);
            left = nanoTime - System.nanoTime();
        }
    }

    private static long nanos(double seconds) {
        return (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    }

    /** A request without an answer is an answer of its own kind. */
    private int send(Connection connection) {
        try {
            return connection.send(request);
        } catch (IOException e) {
            return Answers.NONE;
        }
    }

    @FunctionalInterface
    private interface Work {
        void run(Connection connection) throws IOException;
    }

    private double run(int clients, long begin, Work work) throws IOException {
        ExecutorService threads = Executors.newFixedThreadPool(clients, task -> {
            Thread thread = new Thread(task, "weft-client");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                running.add(threads.submit(() -> {
                    try (Connection connection = new Connection(port)) {
                        work.run(connection);
                    }
                    return null;
                }));
            }
            for (Future<?> client : running) {
                client.get();
            }
            return (System.nanoTime() - begin) / (double) TimeUnit.SECONDS.toNanos(1);
        } catch (ExecutionException e) {
            throw new IOException("a client failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the clients were interrupted", e);
        } finally {
            threads.shutdownNow();
        }
    }
}
