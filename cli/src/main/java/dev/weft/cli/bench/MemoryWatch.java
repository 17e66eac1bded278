package dev.weft.cli.bench;

import dev.weft.cli.report.ResidentMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.OptionalDouble;
import java.util.concurrent.locks.LockSupport;

/** Looks every few milliseconds at how much memory the process holds, beyond what it held at the start. */
final class MemoryWatch implements AutoCloseable {

    private static final long STEP_NANOS = 5_000_000;

    private final OptionalDouble before;
    private final Thread thread;
    private volatile double peak;
    private volatile boolean closed;

    private MemoryWatch() throws IOException {
        System.gc();
        before = ResidentMemory.now();
        peak = before.orElse(0);
        thread = new Thread(this::watch, "memory-watch");
        thread.setDaemon(true);
    }

    static MemoryWatch start() throws IOException {
        MemoryWatch watch = new MemoryWatch();
        watch.thread.start();
        return watch;
    }

    private void watch() {
        while (!closed) {
            look();
            LockSupport.parkNanos(STEP_NANOS);
        }
    }

    private synchronized void look() {
        try {
            peak = Math.max(peak, ResidentMemory.now().orElse(0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the most that was added so far in MiB, or nothing where the system does not tell. */
    OptionalDouble addedMebibytes() {
        look();
        return before.isPresent() ? OptionalDouble.of(Math.max(1, peak - before.getAsDouble())) : before;
    }

    @Override
    public void close() {
        closed = true;
    }
}
