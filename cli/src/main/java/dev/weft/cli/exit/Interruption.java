package dev.weft.cli.exit;

import dev.weft.cli.report.Terminal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Ctrl-C and SIGTERM while a resumable job runs. The first signal only raises a flag, which the job polls to finish its
 * current part or checkpoint; the second gets what the signal got before, so it ends the process. Closing gives both
 * signals back.
 */
public final class Interruption implements BooleanSupplier, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Interruption.class);
    private static final List<String> SIGNALS = List.of("INT", "TERM");

    private final Map<Signal, SignalHandler> before = new LinkedHashMap<>();
    private final Runnable atRequest;
    private volatile boolean requested;

    private Interruption(Runnable atRequest) {
        this.atRequest = atRequest;
    }

    /** Watches both signals until the result is closed. */
    public static Interruption watch() {
        return watch(() -> {});
    }

    /**
     * Watches both signals until the result is closed.
     *
     * @param atRequest what to do besides raising the flag, {@code Thread.currentThread()::interrupt} for jobs that
     *     stop that way; runs in a thread of its own
     */
    public static Interruption watch(Runnable atRequest) {
        Interruption watch = new Interruption(atRequest);
        for (String name : SIGNALS) {
            Signal signal = new Signal(name);
            watch.before.put(signal, Signal.handle(signal, watch::received));
        }
        return watch;
    }

    /** Returns whether the job should stop at its next safe point. */
    @Override
    public boolean getAsBoolean() {
        return requested;
    }

    private void received(Signal signal) {
        close();
        requested = true;
        LOG.warn(
                "{}Stopping at the next safe point; {} again to stop at once",
                Terminal.isInteractive() ? "\n" : "", // behind a progress line
                signal.getName().equals("INT") ? "Ctrl-C" : "SIGTERM");
        atRequest.run();
    }

    @Override
    public synchronized void close() {
        before.forEach(Signal::handle);
        before.clear();
    }
}
