package dev.weft.datasets.inr;

import static dev.weft.datasets.inr.VectorLoops.LANES;
import static dev.weft.datasets.inr.VectorLoops.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * The matrix products of {@link VectorSirenKernel}. Values of neurons are [neurons][pixels] in one array, {@code stride}
 * from neuron to neuron, and products run over {@code n} pixels, a multiple of {@link VectorLoops#LANES}.
 *
 * <p>Each product is cut into blocks whose sums stay in registers: 4 neurons x 4 vectors of pixels, or 4 x 4 pairs of
 * neurons. A block is a method of its own, straight-line but for one loop, without a branch that decides between vectors:
 * otherwise the JIT compiler (seen with JDK 17) allocates every vector on the heap, ten times slower.
 */
final class VectorProducts {

    private final int stride;
    /** Sixteen vectors, to sum their lanes in an order that does not depend on the JIT compiler. */
    private final float[] lanes = new float[16 * LANES];

    VectorProducts(int stride) {
        this.stride = stride;
    }

    /**
     * y[r] = b[r] + sum over k of W[r, k] x[k].
     *
     * @param w holds W[r, k] at {@code at + r rowStep + k step}
     * @param rows of y
     * @param count of terms
     * @param b holds b[r] at {@code bAt + r}
     */
    void multiply(
            float[] w,
            int at,
            int rowStep,
            int step,
            int rows,
            int count,
            float[] b,
            int bAt,
            float[] x,
            float[] y,
            int n) {
        int r = 0;
        for (; r + 4 <= rows; r += 4) {
            int p = 0;
            for (; p + 4 * LANES <= n; p += 4 * LANES) {
                block44(w, at + r * rowStep, rowStep, step, count, b, bAt + r, x, p, y, r * stride + p);
            }
            for (; p < n; p += LANES) {
                block41(w, at + r * rowStep, rowStep, step, count, b, bAt + r, x, p, y, r * stride + p);
            }
        }
        for (; r < rows; r++) {
            int p = 0;
            for (; p + 4 * LANES <= n; p += 4 * LANES) {
                block14(w, at + r * rowStep, step, count, b[bAt + r], x, p, y, r * stride + p);
            }
            for (; p < n; p += LANES) {
                block11(w, at + r * rowStep, step, count, b[bAt + r], x, p, y, r * stride + p);
            }
        }
    }

    private void block44(
            float[] w,
            int at,
            int rowStep,
            int step,
            int count,
            float[] b,
            int bAt,
            float[] x,
            int xAt,
            float[] y,
            int yAt) {
        FloatVector s00 = all(b[bAt]);
        FloatVector s01 = s00;
        FloatVector s02 = s00;
        FloatVector s03 = s00;
        FloatVector s10 = all(b[bAt + 1]);
        FloatVector s11 = s10;
        FloatVector s12 = s10;
        FloatVector s13 = s10;
        FloatVector s20 = all(b[bAt + 2]);
        FloatVector s21 = s20;
        FloatVector s22 = s20;
        FloatVector s23 = s20;
        FloatVector s30 = all(b[bAt + 3]);
        FloatVector s31 = s30;
        FloatVector s32 = s30;
        FloatVector s33 = s30;
        for (int k = 0; k < count; k++) {
            int i = at + k * step;
            int j = xAt + k * stride;
            FloatVector x0 = load(x, j);
            FloatVector x1 = load(x, j + LANES);
            FloatVector x2 = load(x, j + 2 * LANES);
            FloatVector x3 = load(x, j + 3 * LANES);
            FloatVector v = all(w[i]);
            s00 = v.fma(x0, s00);
            s01 = v.fma(x1, s01);
            s02 = v.fma(x2, s02);
            s03 = v.fma(x3, s03);
            v = all(w[i + rowStep]);
            s10 = v.fma(x0, s10);
            s11 = v.fma(x1, s11);
            s12 = v.fma(x2, s12);
            s13 = v.fma(x3, s13);
            v = all(w[i + 2 * rowStep]);
            s20 = v.fma(x0, s20);
            s21 = v.fma(x1, s21);
            s22 = v.fma(x2, s22);
            s23 = v.fma(x3, s23);
            v = all(w[i + 3 * rowStep]);
            s30 = v.fma(x0, s30);
            s31 = v.fma(x1, s31);
            s32 = v.fma(x2, s32);
            s33 = v.fma(x3, s33);
        }
        store(s00, s01, s02, s03, y, yAt, LANES);
        store(s10, s11, s12, s13, y, yAt + stride, LANES);
        store(s20, s21, s22, s23, y, yAt + 2 * stride, LANES);
        store(s30, s31, s32, s33, y, yAt + 3 * stride, LANES);
    }

    private void block41(
            float[] w,
            int at,
            int rowStep,
            int step,
            int count,
            float[] b,
            int bAt,
            float[] x,
            int xAt,
            float[] y,
            int yAt) {
        FloatVector s0 = all(b[bAt]);
        FloatVector s1 = all(b[bAt + 1]);
        FloatVector s2 = all(b[bAt + 2]);
        FloatVector s3 = all(b[bAt + 3]);
        for (int k = 0; k < count; k++) {
            int i = at + k * step;
            FloatVector v = load(x, xAt + k * stride);
            s0 = v.fma(all(w[i]), s0);
            s1 = v.fma(all(w[i + rowStep]), s1);
            s2 = v.fma(all(w[i + 2 * rowStep]), s2);
            s3 = v.fma(all(w[i + 3 * rowStep]), s3);
        }
        store(s0, s1, s2, s3, y, yAt, stride);
    }

    private void block14(float[] w, int at, int step, int count, float b, float[] x, int xAt, float[] y, int yAt) {
        FloatVector s0 = all(b);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int k = 0; k < count; k++) {
            int j = xAt + k * stride;
            FloatVector v = all(w[at + k * step]);
            s0 = v.fma(load(x, j), s0);
            s1 = v.fma(load(x, j + LANES), s1);
            s2 = v.fma(load(x, j + 2 * LANES), s2);
            s3 = v.fma(load(x, j + 3 * LANES), s3);
        }
        store(s0, s1, s2, s3, y, yAt, LANES);
    }

    private void block11(float[] w, int at, int step, int count, float b, float[] x, int xAt, float[] y, int yAt) {
        FloatVector s = all(b);
        for (int k = 0; k < count; k++) {
            s = load(x, xAt + k * stride).fma(all(w[at + k * step]), s);
        }
        s.intoArray(y, yAt);
    }

    /** g[at + r columns + c] += sum over pixels of a[r] b[c]. */
    void correlate(float[] a, int rows, float[] b, int columns, float[] g, int at, int n) {
        int r = 0;
        for (; r + 4 <= rows; r += 4) {
            int c = 0;
            for (; c + 4 <= columns; c += 4) {
                pairs44(a, r * stride, b, c * stride, n);
                for (int k = 0; k < 4; k++) {
                    addSums(4 * k, g, at + (r + k) * columns + c, 1);
                }
            }
            for (; c < columns; c++) {
                pairs14(b, c * stride, a, r * stride, n);
                addSums(0, g, at + r * columns + c, columns);
            }
        }
        for (; r < rows; r++) {
            int c = 0;
            for (; c + 4 <= columns; c += 4) {
                pairs14(a, r * stride, b, c * stride, n);
                addSums(0, g, at + r * columns + c, 1);
            }
            for (; c < columns; c++) {
                pairs11(a, r * stride, b, c * stride, n);
                g[at + r * columns + c] += sum(0);
            }
        }
    }

    private void pairs44(float[] a, int aAt, float[] b, int bAt, int n) {
        FloatVector s00 = all(0);
        FloatVector s01 = s00;
        FloatVector s02 = s00;
        FloatVector s03 = s00;
        FloatVector s10 = s00;
        FloatVector s11 = s00;
        FloatVector s12 = s00;
        FloatVector s13 = s00;
        FloatVector s20 = s00;
        FloatVector s21 = s00;
        FloatVector s22 = s00;
        FloatVector s23 = s00;
        FloatVector s30 = s00;
        FloatVector s31 = s00;
        FloatVector s32 = s00;
        FloatVector s33 = s00;
        for (int p = 0; p < n; p += LANES) {
            FloatVector b0 = load(b, bAt + p);
            FloatVector b1 = load(b, bAt + p + stride);
            FloatVector b2 = load(b, bAt + p + 2 * stride);
            FloatVector b3 = load(b, bAt + p + 3 * stride);
            FloatVector v = load(a, aAt + p);
            s00 = v.fma(b0, s00);
            s01 = v.fma(b1, s01);
            s02 = v.fma(b2, s02);
            s03 = v.fma(b3, s03);
            v = load(a, aAt + p + stride);
            s10 = v.fma(b0, s10);
            s11 = v.fma(b1, s11);
            s12 = v.fma(b2, s12);
            s13 = v.fma(b3, s13);
            v = load(a, aAt + p + 2 * stride);
            s20 = v.fma(b0, s20);
            s21 = v.fma(b1, s21);
            s22 = v.fma(b2, s22);
            s23 = v.fma(b3, s23);
            v = load(a, aAt + p + 3 * stride);
            s30 = v.fma(b0, s30);
            s31 = v.fma(b1, s31);
            s32 = v.fma(b2, s32);
            s33 = v.fma(b3, s33);
        }
        store(s00, s01, s02, s03, lanes, 0, LANES);
        store(s10, s11, s12, s13, lanes, 4 * LANES, LANES);
        store(s20, s21, s22, s23, lanes, 8 * LANES, LANES);
        store(s30, s31, s32, s33, lanes, 12 * LANES, LANES);
    }

    private void pairs14(float[] a, int aAt, float[] b, int bAt, int n) {
        FloatVector s0 = all(0);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int p = 0; p < n; p += LANES) {
            FloatVector v = load(a, aAt + p);
            s0 = v.fma(load(b, bAt + p), s0);
            s1 = v.fma(load(b, bAt + p + stride), s1);
            s2 = v.fma(load(b, bAt + p + 2 * stride), s2);
            s3 = v.fma(load(b, bAt + p + 3 * stride), s3);
        }
        store(s0, s1, s2, s3, lanes, 0, LANES);
    }

    private void pairs11(float[] a, int aAt, float[] b, int bAt, int n) {
        FloatVector s = all(0);
        for (int p = 0; p < n; p += LANES) {
            s = load(a, aAt + p).fma(load(b, bAt + p), s);
        }
        s.intoArray(lanes, 0);
    }

    /** g[at + r] += the sum over pixels of a[r]. */
    void addRowSums(float[] a, int rows, float[] g, int at, int n) {
        for (int r = 0; r < rows; r++) {
            rowSum(a, r * stride, n);
            g[at + r] += sum(0);
        }
    }

    private void rowSum(float[] a, int aAt, int n) {
        FloatVector s = all(0);
        for (int p = 0; p < n; p += LANES) {
            s = s.add(load(a, aAt + p));
        }
        s.intoArray(lanes, 0);
    }

    /** Adds the sums of four of {@link #lanes}' vectors. */
    private void addSums(int first, float[] g, int at, int step) {
        for (int k = 0; k < 4; k++) {
            g[at + k * step] += sum(first + k);
        }
    }

    private float sum(int vector) {
        float sum = 0;
        for (int i = vector * LANES; i < (vector + 1) * LANES; i += 4) {
            sum += (lanes[i] + lanes[i + 1]) + (lanes[i + 2] + lanes[i + 3]);
        }
        return sum;
    }

    private static FloatVector all(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }

    private static FloatVector load(float[] array, int at) {
        return FloatVector.fromArray(SPECIES, array, at);
    }

    private static void store(
            FloatVector a, FloatVector b, FloatVector c, FloatVector d, float[] array, int at, int step) {
        a.intoArray(array, at);
        b.intoArray(array, at + step);
        c.intoArray(array, at + 2 * step);
        d.intoArray(array, at + 3 * step);
    }
}
