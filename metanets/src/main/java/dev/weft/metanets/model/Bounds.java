package dev.weft.metanets.model;

/**
 * What sizes in a configuration may be. The limits are far above anything useful, and keep a damaged or mistyped number
 * from asking for all memory.
 */
final class Bounds {

    static final int MAX_WIDTH = 1 << 14;
    static final int MAX_LAYERS = 256;

    private Bounds() {}

    /** Refuses a width that is not positive or beyond {@link #MAX_WIDTH}. */
    static void width(String name, int value) {
        range(name, value, 1, MAX_WIDTH);
    }

    /** Refuses a number of layers below {@code least} or beyond {@link #MAX_LAYERS}. */
    static void layers(String name, int value, int least) {
        range(name, value, least, MAX_LAYERS);
    }

    static void range(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + ": expected " + least + " to " + most + ", got " + value);
        }
    }

    static void positive(String name, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + ": expected a positive number, got " + value);
        }
    }

    /** Refuses what is no probability below 1. */
    static void dropout(String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(name + ": expected at least 0 and below 1, got " + value);
        }
    }
}
