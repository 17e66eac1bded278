package dev.weft.cli.service;

import java.time.Duration;

/**
 * How much clients may ask for.
 *
 * @param requests inside at once, over all clients
 * @param uploadBytes of one upload
 * @param spoolBytes of all uploads that are there at once
 * @param memoryBytes of all answers that are in memory at once
 * @param time for a request, from its first byte to the last of its answer
 */
public record ServiceLimits(int requests, long uploadBytes, long spoolBytes, long memoryBytes, Duration time) {

    public static final int REQUESTS_DEFAULT = 128;
    public static final long UPLOAD_MIB_DEFAULT = 4096;
    public static final long SPOOL_MIB_DEFAULT = 16384;
    public static final int SECONDS_DEFAULT = 120;

    public ServiceLimits {
        if (uploadBytes < 1 || spoolBytes < uploadBytes) {
            throw new IllegalArgumentException("expected 1 byte or more for an upload and no less for all, found "
                    + uploadBytes + " and " + spoolBytes);
        }
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("time: expected more than 0, found " + time);
        }
    }

    /** Returns limits that suit most machines; answers may take half of the heap. */
    public static ServiceLimits defaults() {
        return new ServiceLimits(
                REQUESTS_DEFAULT,
                UPLOAD_MIB_DEFAULT << 20,
                SPOOL_MIB_DEFAULT << 20,
                Runtime.getRuntime().maxMemory() / 2,
                Duration.ofSeconds(SECONDS_DEFAULT));
    }
}
