package dev.weft.metanets.nn;

/**
 * Inner loops over edges, written so that the JIT compiler turns each into vector instructions: whole arrays from index
 * 0, one store a loop, no reductions, no calls.
 */
final class FloatLoops {

    private FloatLoops() {}

    /** a becomes a and b combined, over the first n values. */
    @FunctionalInterface
    interface Combination {
        void into(float[] a, float[] b, int n);
    }

    static void add(float[] a, float[] b, int n) {
        for (int i = 0; i < n; i++) {
            a[i] += b[i];
        }
    }

    static void max(float[] a, float[] b, int n) {
        for (int i = 0; i < n; i++) {
            a[i] = Math.max(a[i], b[i]);
        }
    }

    static void min(float[] a, float[] b, int n) {
        for (int i = 0; i < n; i++) {
            a[i] = Math.min(a[i], b[i]);
        }
    }

    /** y = a b. */
    static void multiply(float[] y, float[] a, float[] b, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = a[i] * b[i];
        }
    }

    /** y = a b + c. */
    static void multiplyAdd(float[] y, float[] a, float[] b, float[] c, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = a[i] * b[i] + c[i];
        }
    }

    /** y = (x - centre)^2. */
    static void squares(float[] y, float[] x, float[] centre, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = (x[i] - centre[i]) * (x[i] - centre[i]);
        }
    }

    /** y = constant + slope (x - centre). */
    static void line(float[] y, float[] x, float[] centre, float[] constant, float[] slope, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = constant[i] + slope[i] * (x[i] - centre[i]);
        }
    }

    /** g times the derivative of SiLU, from the sigmoid and the value that it gave. */
    static void siluGradient(float[] y, float[] g, float[] sigmoid, float[] value, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = g[i] * (sigmoid[i] + value[i] * (1 - sigmoid[i]));
        }
    }

    /** Repeats the d values at an offset of x until n are written. */
    static void repeat(float[] y, float[] x, int offset, int d, int n) {
        System.arraycopy(x, offset, y, 0, d);
        for (int done = d; done < n; done *= 2) {
            System.arraycopy(y, 0, y, done, Math.min(done, n - done));
        }
    }

    /** Combines the rows of a [rows, d] into the first one; all others are lost. */
    static void fold(Combination combination, float[] a, float[] spare, int rows, int d) {
        int left = rows;
        while (left > 1) {
            int half = left / 2;
            left -= half;
            System.arraycopy(a, left * d, spare, 0, half * d);
            combination.into(a, spare, half * d);
        }
    }
}
