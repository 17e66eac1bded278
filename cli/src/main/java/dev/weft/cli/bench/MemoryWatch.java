package dev.weft.cli.bench;

import dev.weft.cli.report.ResidentMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicBoolean;

/** How much more memory the process holds while some work runs, looked at every few milliseconds. */
final class MemoryWatch {

    private static final long INTERVAL_MILLIS = 2;
    private static final double LEAST = 0.1; // MiB: less is not told apart from nothing

    private MemoryWatch() {}

    /** Runs a work and returns by how much memory grew at most, or nothing where the system does not tell. */
    static OptionalDouble growthMebibytes(Turns.Work work) throws IOException {
        OptionalDouble before = ResidentMemory.now();
        if (before.isEmpty()) {
            return OptionalDouble.empty();
        }
        AtomicBoolean done = new AtomicBoolean();
        double[] most = {before.getAsDouble()};
        Thread watch = new Thread(() -> watch(done, most), "memory-watch");
        watch.start();
        try {
            work.run();
        } finally {
            done.set(true);
            join(watch);
        }
        return OptionalDouble.of(Math.max(LEAST, most[0] - before.getAsDouble()));
    }

    private static void watch(AtomicBoolean done, double[] most) {
        try {
            while (!done.get()) {
                most[0] = Math.max(most[0], ResidentMemory.now().orElse(0));
                Thread.sleep(INTERVAL_MILLIS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void join(Thread watch) {
        try {
            watch.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
