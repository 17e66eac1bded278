package dev.weft.network;

import java.util.List;

/** The checks that layers make of their settings. */
final class Checks {

    private Checks() {}

    static void positive(String layer, String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(layer + ": " + what + " must be positive, got " + value);
        }
    }

    static void notNegative(String layer, String what, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(layer + ": " + what + " must not be negative, got " + value);
        }
    }

    static void finite(String layer, String what, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(layer + ": " + what + " must be finite, got " + value);
        }
    }

    static void epsilon(String layer, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(layer + ": epsilon must be finite and not negative, got " + value);
        }
    }

    static void divides(String layer, String part, int divisor, String whole, int value) {
        if (value % divisor != 0) {
            throw new IllegalArgumentException(
                    layer + ": " + part + " must divide " + whole + ", got " + divisor + " and " + value);
        }
    }

    /** Checks a list with one extent for each of {@code axes} spatial axes. */
    static List<Integer> extents(String layer, String what, List<Integer> values, int axes, int least) {
        if (values.size() != axes) {
            throw new IllegalArgumentException(
                    layer + ": " + what + " must have " + axes + " extents, one a spatial axis, got " + values);
        }
        if (values.stream().anyMatch(value -> value < least)) {
            throw new IllegalArgumentException(layer + ": " + what + " must be at least " + least + ", got " + values);
        }
        return List.copyOf(values);
    }

    /** Checks a kernel's extents and returns them. */
    static List<Integer> kernel(String layer, List<Integer> kernel) {
        if (kernel.size() != 1 && kernel.size() != 2) {
            throw new IllegalArgumentException(layer + ": kernel must have 1 or 2 extents, got " + kernel);
        }
        return extents(layer, "kernel", kernel, kernel.size(), 1);
    }
}
