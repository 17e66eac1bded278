package dev.weft.datasets.inr;

/**
 * The inner loops of {@link PlainSirenKernel}, written so that the JIT compiler turns each into vector instructions: whole
 * arrays from index 0, one store a loop, no reductions, no conversions, no calls. Plain float arithmetic in a fixed order,
 * so every JVM gives the same bits.
 */
final class FloatLoops {

    // x = k pi + r with pi in two parts; the first has few bits, so that k times it is exact.
    private static final float PI_HIGH = 3.140625f;
    private static final float PI_LOW = (float) (Math.PI - 3.140625);
    private static final float INVERSE_PI = (float) (1 / Math.PI);
    /** Adding and subtracting 1.5 * 2^23 rounds to the nearest integer, for absolute values below 2^22. */
    private static final float ROUND = 12582912f;

    private FloatLoops() {}

    /** y += a w0 + b w1 + c w2 + d w3. */
    static void add4(
            float[] y, float[] a, float[] b, float[] c, float[] d, float w0, float w1, float w2, float w3, int n) {
        for (int i = 0; i < n; i++) {
            y[i] += w0 * a[i] + w1 * b[i] + w2 * c[i] + w3 * d[i];
        }
    }

    /** y += a w. */
    static void add(float[] y, float[] a, float w, int n) {
        for (int i = 0; i < n; i++) {
            y[i] += w * a[i];
        }
    }

    /** y = a b. */
    static void multiply(float[] y, float[] a, float[] b, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = a[i] * b[i];
        }
    }

    /** y = sin x, to 2e-7 for |x| up to 1000: Taylor's series on [-pi/2, pi/2]. */
    static void sine(float[] y, float[] x, int n) {
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
    static void cosine(float[] y, float[] x, int n) {
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

    /** Returns the sum, in four strands. */
    static float sum(float[] a, int n) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        int i = 0;
        for (; i + 4 <= n; i += 4) {
            s0 += a[i];
            s1 += a[i + 1];
            s2 += a[i + 2];
            s3 += a[i + 3];
        }
        for (; i < n; i++) {
            s0 += a[i];
        }
        return (s0 + s1) + (s2 + s3);
    }

    /** target[p][i] = source[i][p]. */
    static void transpose(float[][] target, float[][] source, int rows, int n) {
        for (int i = 0; i < rows; i++) {
            float[] from = source[i];
            for (int p = 0; p < n; p++) {
                target[p][i] = from[p];
            }
        }
    }

    /** m = keep m + rest g. */
    static void blend(float[] m, float[] g, float keep, float rest, int n) {
        for (int i = 0; i < n; i++) {
            m[i] = keep * m[i] + rest * g[i];
        }
    }

    /** v = keep v + rest g^2. */
    static void blendSquares(float[] v, float[] g, float keep, float rest, int n) {
        for (int i = 0; i < n; i++) {
            v[i] = keep * v[i] + rest * g[i] * g[i];
        }
    }

    /** y -= rate m / (sqrt(v) scale + epsilon). */
    static void descend(float[] y, float[] m, float[] v, float rate, float scale, float epsilon, int n) {
        for (int i = 0; i < n; i++) {
            y[i] -= rate * m[i] / ((float) Math.sqrt(v[i]) * scale + epsilon);
        }
    }
}
