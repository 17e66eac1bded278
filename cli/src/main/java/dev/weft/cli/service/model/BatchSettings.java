package dev.weft.cli.service.model;

import java.time.Duration;

/**
 * How requests share a forward pass.
 *
 * @param size most rows of one pass; 1 turns batching off
 * @param delay how long the first row of a batch waits for others
 */
public record BatchSettings(int size, Duration delay) {

    public static final int SIZE_DEFAULT = 64;
    public static final Duration DELAY_DEFAULT = Duration.ofMillis(2);
    public static final BatchSettings DEFAULT = new BatchSettings(SIZE_DEFAULT, DELAY_DEFAULT);

    public BatchSettings {
        if (size < 1) {
            throw new IllegalArgumentException("batch size: expected 1 or more, found " + size);
        }
        if (delay.isNegative()) {
            throw new IllegalArgumentException("batch delay: expected 0 or more, found " + delay);
        }
    }
}
