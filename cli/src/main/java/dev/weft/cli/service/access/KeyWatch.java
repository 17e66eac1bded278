package dev.weft.cli.service.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a key file now and then. When it changed, and then stood still from one look to the next, its keys are taken. A file
 * that is damaged, empty or gone leaves the keys that there are, and the log says so.
 */
public final class KeyWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KeyWatch.class);

    private final ApiKeys keys;
    private final Path file;
    private byte[] seen = {}; // at the last look
    private byte[] tried = {}; // taken or refused
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "weft-keys");
        thread.setDaemon(true);
        return thread;
    });

    KeyWatch(ApiKeys keys, Path file) {
        this.keys = keys;
        this.file = file;
    }

    /** Looks in the background until it is closed. */
    public static KeyWatch begin(ApiKeys keys, Path file, Duration interval) {
        KeyWatch begun = new KeyWatch(keys, file);
        long millis = interval.toMillis();
        begun.watch.scheduleWithFixedDelay(begun::look, millis, millis, TimeUnit.MILLISECONDS);
        return begun;
    }

    /** Looks now. */
    synchronized void look() {
        byte[] now = content();
        boolean still = Arrays.equals(now, seen);
        seen = now;
        if (!still || Arrays.equals(now, tried)) {
            return;
        }
        tried = now;
        try {
            if (keys.readAgain(file)) {
                LOG.info("keys loaded");
            }
        } catch (IOException | RuntimeException e) { // what is thrown here would end the watch
            LOG.atWarn()
                    .addKeyValue("reason", String.valueOf(e))
                    .log("keys not loaded; those from before are still valid");
        }
    }

    /** Returns the file's bytes, or a single zero, which no key file is, if it cannot be read. */
    private byte[] content() {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            return new byte[1];
        }
    }

    @Override
    public void close() {
        watch.shutdownNow();
    }
}
