package dev.weft.datasets.inr;

/**
 * The inner loops of {@link PlainSirenKernel}, written so that the JIT compiler turns each into vector instructions: whole
 * arrays from index 0, one store a loop, no reductions, no conversions, no calls. Plain float arithmetic in a fixed order,
 * so every JVM gives the same bits.
 */
final class FloatLoops {

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
