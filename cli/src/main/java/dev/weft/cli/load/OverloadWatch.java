package dev.weft.cli.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at a service every few seconds while requests come; takes their answers, too. */
final class OverloadWatch implements AutoCloseable, Clients.Sink {

    private static final Logger LOG = LoggerFactory.getLogger(OverloadWatch.class);

    private static final long END_SECONDS = 30;

    private final ServerProcess server;
    private final Answers all = new Answers();
    private final List<Overload.Sample> samples = new ArrayList<>();
    private final long begin = System.nanoTime();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "weft-watch");
        thread.setDaemon(true);
        return thread;
    });
    private Answers recent = new Answers();

    /**
     * Begins to look.
     *
     * @param seconds between two looks
     * @param atEach what to do behind each look, with the seconds so far
     */
    OverloadWatch(ServerProcess server, double seconds, DoubleConsumer atEach) {
        this.server = server;
        long millis = Math.max(1, (long) (TimeUnit.SECONDS.toMillis(1) * seconds));
        clock.scheduleAtFixedRate(() -> atEach.accept(look()), millis, millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void add(int status, long nanos) {
        all.add(status, nanos);
        recent().add(status, nanos);
    }

    private synchronized Answers recent() {
        return recent;
    }

    private synchronized Answers takeRecent() {
        Answers taken = recent;
        recent = new Answers();
        return taken;
    }

    private double look() {
        double second = (System.nanoTime() - begin) / (double) TimeUnit.SECONDS.toNanos(1);
        Answers.Summary since = takeRecent().summary();
        try {
            keep(new Overload.Sample(second, server.residentMebibytes().orElse(0), server.heapMebibytes(), since));
        } catch (IOException e) {
            LOG.warn("no figures of the service at {} s: {}", Math.round(second), String.valueOf(e));
        }
        return second;
    }

    private synchronized void keep(Overload.Sample sample) {
        samples.add(sample);
    }

    Answers.Summary answers() {
        return all.summary();
    }

    synchronized List<Overload.Sample> samples() {
        return List.copyOf(samples);
    }

    /** Looks a last time. */
    @Override
    public void close() throws IOException {
        clock.shutdown();
        try {
            clock.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        look();
    }
}
