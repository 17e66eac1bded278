package dev.weft.datasets.inr;

import dev.weft.network.run.SineLoops;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The kernel in plain Java: passes over arrays that stay in the first caches, in loops that the JIT compiler turns into
 * vector instructions. The same bits on every machine. O(P m) operations for m pixels.
 */
final class PlainSirenKernel implements SirenKernel {

    /**
     * Pixels that go through all layers together. Part of the result, since gradients are summed tile by tile; 128 was the
     * fastest of 64 to 400 for 28 x 28 pixels and 32 neurons a layer.
     */
    static final int TILE = 128;

    private final List<PlainSirenLayer> layers = new ArrayList<>();
    /** For each layer's input [in][TILE]. */
    private final List<float[][]> inputs = new ArrayList<>();
    /** For each layer's output before its sine [out][TILE]. */
    private final List<float[][]> outputs = new ArrayList<>();

    private final float[][] errors;
    private final float[][] spare;

    PlainSirenKernel(List<Shape> shapes) {
        int widest = 2;
        for (Shape shape : shapes) {
            layers.add(new PlainSirenLayer(shape, TILE));
            inputs.add(new float[shape.in()][TILE]);
            outputs.add(new float[shape.out()][TILE]);
            widest = Math.max(widest, shape.out());
        }
        errors = new float[widest][TILE];
        spare = new float[widest][TILE];
    }

    @Override
    public double loss(float[] row, PixelBatch pixels, float[] gradient) {
        Arrays.fill(gradient, 0);
        double sum = 0;
        for (int start = 0; start < pixels.size(); start += TILE) {
            int n = Math.min(TILE, pixels.size() - start);
            sum += forward(row, pixels, start, n);
            backward(row, gradient, n);
        }
        return sum / ((double) pixels.size() * pixels.channels());
    }

    @Override
    public double error(float[] row, PixelBatch pixels) {
        double sum = 0;
        for (int start = 0; start < pixels.size(); start += TILE) {
            sum += forward(row, pixels, start, Math.min(TILE, pixels.size() - start));
        }
        return sum / ((double) pixels.size() * pixels.channels());
    }

    /** Returns the sum of squared errors and leaves all that the way back needs. */
    private double forward(float[] row, PixelBatch pixels, int start, int n) {
        for (int c = 0; c < 2; c++) {
            System.arraycopy(pixels.coordinates[c], start, inputs.get(0)[c], 0, n);
        }
        for (int l = 0; l < layers.size(); l++) {
            PlainSirenLayer layer = layers.get(l);
            float[][] z = outputs.get(l);
            layer.forward(row, inputs.get(l), z, n);
            if (l + 1 < layers.size()) {
                float[][] next = inputs.get(l + 1);
                for (int k = 0; k < layer.out; k++) {
                    SineLoops.sine(next[k], z[k], n);
                }
            }
        }
        return errors(pixels, start, n);
    }

    /** Returns the sum of squared errors and leaves the loss's gradient for the output in {@link #errors}. */
    private double errors(PixelBatch pixels, int start, int n) {
        float[][] y = outputs.get(layers.size() - 1);
        float factor = 2f / (pixels.size() * pixels.channels());
        double sum = 0;
        for (int c = 0; c < pixels.channels(); c++) {
            for (int p = 0; p < n; p++) {
                float difference = y[c][p] - pixels.targets[c][start + p];
                sum += (double) difference * difference;
                errors[c][p] = factor * difference;
            }
        }
        return sum;
    }

    private void backward(float[] row, float[] gradient, int n) {
        float[][] dy = errors;
        float[][] dx = spare;
        for (int l = layers.size() - 1; l >= 0; l--) {
            PlainSirenLayer layer = layers.get(l);
            layer.accumulate(inputs.get(l), dy, gradient, n);
            if (l > 0) {
                layer.backward(row, dy, dx, n);
                behindSine(dx, outputs.get(l - 1), layer.in, n);
                float[][] swap = dy;
                dy = dx;
                dx = swap;
            }
        }
    }

    /** dx = dx cos z; z is overwritten. */
    private static void behindSine(float[][] dx, float[][] z, int neurons, int n) {
        for (int k = 0; k < neurons; k++) {
            SineLoops.cosine(z[k], z[k], n);
            FloatLoops.multiply(dx[k], dx[k], z[k], n);
        }
    }
}
