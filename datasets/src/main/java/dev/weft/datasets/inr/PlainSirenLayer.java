package dev.weft.datasets.inr;

import java.util.Arrays;

/**
 * One layer of {@link PlainSirenKernel}: y = W x + b, forward and backward over a tile of pixels. Weights W [out, in] and biases
 * lie in the flat row at {@code weights} and {@code biases}.
 *
 * <p>Values are neuron-major, [neurons][pixels], so that the loops run over pixels. The weight gradient is a sum over
 * pixels, which would be a reduction that the JIT does not vectorise; so the wider of input and error is transposed and the
 * loops run over its neurons.
 */
final class PlainSirenLayer {

    final int in;
    final int out;
    private final int weights;
    private final int biases;
    /** [tile][max(in, out)]. */
    private final float[][] transposed;
    /** [min][max] of in and out. */
    private final float[][] gradient;

    PlainSirenLayer(SirenKernel.Shape shape, int tile) {
        this.in = shape.in();
        this.out = shape.out();
        this.weights = shape.weights();
        this.biases = shape.biases();
        this.transposed = new float[tile][Math.max(in, out)];
        this.gradient = new float[Math.min(in, out)][Math.max(in, out)];
    }

    /** y [out][n] = W x + b for x [in][n]. */
    void forward(float[] row, float[][] x, float[][] y, int n) {
        for (int o = 0; o < out; o++) {
            Arrays.fill(y[o], 0, n, row[biases + o]);
            addRows(y[o], x, in, row, weights + o * in, 1, n);
        }
    }

    /** dx [in][n] = transposed W dy for dy [out][n]. */
    void backward(float[] row, float[][] dy, float[][] dx, int n) {
        for (int i = 0; i < in; i++) {
            Arrays.fill(dx[i], 0, n, 0);
            addRows(dx[i], dy, out, row, weights + i, in, n);
        }
    }

    /** y += sum over k of row[start + k stride] x[k]. */
    private static void addRows(float[] y, float[][] x, int count, float[] row, int start, int stride, int n) {
        int k = 0;
        int at = start;
        for (; k + 4 <= count; k += 4, at += 4 * stride) {
            FloatLoops.add4(
                    y,
                    x[k],
                    x[k + 1],
                    x[k + 2],
                    x[k + 3],
                    row[at],
                    row[at + stride],
                    row[at + 2 * stride],
                    row[at + 3 * stride],
                    n);
        }
        for (; k < count; k++, at += stride) {
            FloatLoops.add(y, x[k], row[at], n);
        }
    }

    /** Adds this tile's part of dW and db to {@code gradients} [P]. */
    void accumulate(float[][] x, float[][] dy, float[] gradients, int n) {
        boolean overOutputs = out >= in;
        FloatLoops.transpose(transposed, overOutputs ? dy : x, Math.max(in, out), n);
        float[][] factors = overOutputs ? x : dy;
        for (int k = 0; k < gradient.length; k++) {
            Arrays.fill(gradient[k], 0);
            addRows(gradient[k], transposed, n, factors[k], 0, 1, gradient[k].length);
        }
        for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
                gradients[weights + o * in + i] += overOutputs ? gradient[i][o] : gradient[o][i];
            }
            gradients[biases + o] += FloatLoops.sum(dy[o], n);
        }
    }
}
