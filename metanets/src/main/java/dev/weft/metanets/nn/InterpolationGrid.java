package dev.weft.metanets.nn;

import java.util.List;
import java.util.Optional;

/**
 * Evenly spaced points around a batch's weights, dense enough that a band-limited function of a weight is had from its
 * values at the {@value #TAPS} points nearest by, with Lagrange's polynomial. At the highest frequency that polynomial is
 * off by at most (angle between points)^8 / 936, which is 4e-6 here; at half of it by 2e-8.
 *
 * <p>The spacing is a power of two and points are whole multiples of it, so that points, and what a weight is away from
 * them, are exact in float, and a weight's result does not depend on the other weights of the batch.
 *
 * @param spacing between two points
 * @param first number of the first point
 * @param points how many there are
 */
record InterpolationGrid(float spacing, int first, int points) {

    /** Points that a value is taken from. */
    static final int TAPS = 8;

    /** Of them those that lie left of the weight but for the nearest one. */
    private static final int LEFT = TAPS / 2 - 1;

    /** The greatest angle between two points, in radians. */
    private static final double STEP = 0.5;

    /** 1 / product of (j - k) over the other points k. */
    private static final float[] INVERSES = inverses();

    /**
     * Returns the grid under all weights.
     *
     * @param highest frequency of the function, in radians
     * @param most points that are worth it
     * @return nothing if it takes more of them, or if there are weights that are not finite
     */
    static Optional<InterpolationGrid> under(List<float[]> weights, float highest, int most) {
        float least = 0;
        float greatest = 0;
        boolean finite = true;
        for (float[] values : weights) {
            for (float value : values) {
                least = Math.min(least, value);
                greatest = Math.max(greatest, value);
                finite &= Float.isFinite(value);
            }
        }
        float spacing = Math.scalb(1f, Math.getExponent(STEP / Math.max(1, highest)));
        double cells = Math.floor(greatest / spacing) - Math.floor(least / spacing) + TAPS;
        return finite && cells <= most
                ? Optional.of(new InterpolationGrid(spacing, (int) Math.floor(least / spacing) - LEFT, (int) cells))
                : Optional.empty();
    }

    /** Returns the points themselves. */
    float[] values() {
        float[] values = new float[points];
        for (int i = 0; i < points; i++) {
            values[i] = (first + i) * spacing;
        }
        return values;
    }

    /** Returns the first of the points that a weight is interpolated from, counted from the grid's first. */
    int cell(float weight) {
        return (int) Math.floor(weight / spacing) - LEFT - first;
    }

    /** Writes what the points from {@link #cell} on are multiplied with. */
    void taps(float weight, float[] taps, int at) {
        float position = weight / spacing;
        float t = (float) (position - Math.floor(position)) + LEFT; // from the first of the points
        float before = 1;
        for (int j = 0; j < TAPS; j++) {
            taps[at + j] = before * INVERSES[j];
            before *= t - j;
        }
        float behind = 1;
        for (int j = TAPS - 1; j >= 0; j--) {
            taps[at + j] *= behind;
            behind *= t - j;
        }
    }

    private static float[] inverses() {
        float[] inverses = new float[TAPS];
        for (int j = 0; j < TAPS; j++) {
            double product = 1;
            for (int k = 0; k < TAPS; k++) {
                product *= k == j ? 1 : j - k;
            }
            inverses[j] = (float) (1 / product);
        }
        return inverses;
    }
}
