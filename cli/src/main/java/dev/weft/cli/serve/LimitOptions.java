package dev.weft.cli.serve;

import dev.weft.cli.service.ServiceLimits;
import dev.weft.cli.service.flight.FlightSettings;
import dev.weft.cli.service.model.BatchSettings;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How much clients may ask for, and how they share passes. */
final class LimitOptions {

    private static final int MIB_SHIFT = 20;

    @Option(
            names = "--max-requests",
            paramLabel = "N",
            description = "Requests that may be inside at once; others get 429 (default: ${DEFAULT-VALUE}).")
    private int requests = ServiceLimits.REQUESTS_DEFAULT;

    @Option(names = "--max-upload", paramLabel = "MIB", description = "Largest upload (default: ${DEFAULT-VALUE}).")
    private long upload = ServiceLimits.UPLOAD_MIB_DEFAULT;

    @Option(
            names = "--max-spool",
            paramLabel = "MIB",
            description = "All uploads together, in the system's temporary folder (default: ${DEFAULT-VALUE}).")
    private long spool = ServiceLimits.SPOOL_MIB_DEFAULT;

    @Option(
            names = "--max-message",
            paramLabel = "MIB",
            description = "Largest record batch over Flight, up to 2047 (default: ${DEFAULT-VALUE}).")
    private int message = FlightSettings.MESSAGE_MIB_DEFAULT;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "How long a request may take, its upload included (default: ${DEFAULT-VALUE}).")
    private int seconds = ServiceLimits.SECONDS_DEFAULT;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "Networks that are classified in one pass, 1 for no batching (default: ${DEFAULT-VALUE}).")
    private int batchSize = BatchSettings.SIZE_DEFAULT;

    @Option(
            names = "--batch-delay",
            paramLabel = "MS",
            description = "How long the first one of a batch waits for others (default: ${DEFAULT-VALUE}).")
    private long batchDelay = BatchSettings.DELAY_DEFAULT.toMillis();

    ServiceLimits limits() {
        return new ServiceLimits(
                requests,
                upload << MIB_SHIFT,
                Math.max(upload, spool) << MIB_SHIFT,
                ServiceLimits.defaults().memoryBytes(),
                Duration.ofSeconds(seconds));
    }

    /** Returns the bytes of the largest record batch over Flight. */
    int message() {
        return Math.multiplyExact(message, 1 << MIB_SHIFT);
    }

    BatchSettings batch() {
        return new BatchSettings(batchSize, Duration.ofMillis(batchDelay));
    }
}
