package dev.weft.network.run;

/**
 * Sine and cosine of many values, for code that needs them faster than the engine gives them: loops that the JIT compiler
 * turns into vector instructions. Plain float arithmetic in a fixed order, so every JVM gives the same bits.
 */
public final class SineLoops {

    // x = k pi + r with pi in two parts; the first has few bits, so that k times it is exact.
    private static final float PI_HIGH = 3.140625f;
    private static final float PI_LOW = (float) (Math.PI - 3.140625);
    private static final float INVERSE_PI = (float) (1 / Math.PI);
    /** Adding and subtracting 1.5 * 2^23 rounds to the nearest integer, for absolute values below 2^22. */
    private static final float ROUND = 12582912f;

    private SineLoops() {}

    /** y = sin x, to 2e-7 for |x| up to 1000: Taylor's series on [-pi/2, pi/2]. */
    public static void sine(float[] y, float[] x, int n) {
        for (int i = 0; i < n; i++) {
            float k = (x[i] * INVERSE_PI + ROUND) - ROUND;
            float r = (x[i] - k * PI_HIGH) - k * PI_LOW;
            float half = k * 0.5f;
            float sign = 1 - 4 * Math.abs(half - ((half + ROUND) - ROUND)); // 1 for even k, -1 for odd
            float q = r * r;
            float s = q * (-1 / 39916800f) + 1 / 362880f;
            s = q * s - 1 / 5040f;
            s = q * s + 1 / 120f;
            s = q * s - 1 / 6f;
            y[i] = sign * (r + r * q * s);
        }
    }

    /** y = cos x, to 2e-7 for |x| up to 1000. */
    public static void cosine(float[] y, float[] x, int n) {
        for (int i = 0; i < n; i++) {
            float k = (x[i] * INVERSE_PI + ROUND) - ROUND;
            float r = (x[i] - k * PI_HIGH) - k * PI_LOW;
            float half = k * 0.5f;
            float sign = 1 - 4 * Math.abs(half - ((half + ROUND) - ROUND));
            float q = r * r;
            float c = q * (1 / 479001600f) - 1 / 3628800f;
            c = q * c + 1 / 40320f;
            c = q * c - 1 / 720f;
            c = q * c + 1 / 24f;
            c = q * c - 1 / 2f;
            y[i] = sign * (1 + q * c);
        }
    }
}
