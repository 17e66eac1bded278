package dev.weft.datasets.inr;

import java.util.Arrays;
import java.util.List;

/**
 * The kernel on the JDK's Vector API, which is an incubating module: {@code --add-modules jdk.incubator.vector}. Its bits
 * depend on {@link VectorLoops#LANES}, a property of the processor. O(P m) operations for m pixels.
 */
final class VectorSirenKernel implements SirenKernel {

    /** Floats of an array [widest][pixels] that goes through all layers: three arrays a layer stay in a core's cache. */
    private static final int TILE_FLOATS = 1 << 15;

    private static final int TILE_MIN = 128;

    private final List<Shape> shapes;
    private final VectorProducts products;
    /** The most pixels that go through all layers together. */
    private final int tileMax;

    private final int stride;
    /** Each layer's input [in][stride]. */
    private final float[][] inputs;
    /** Each layer's output before its sine, then its sine's derivative [out][stride]. */
    private final float[][] outputs;
    /** The loss's gradient for each layer's output before its sine [out][stride]. */
    private final float[][] gradients;
    /** Biases for the way back, which has none. */
    private final float[] zeros;

    /**
     * Allocates for one shape of network.
     *
     * @param pixels the most that a batch has
     */
    VectorSirenKernel(List<Shape> shapes, int pixels) {
        this.shapes = shapes;
        int widest = shapes.stream().mapToInt(Shape::out).max().orElseThrow();
        tileMax = Math.max(TILE_MIN, TILE_FLOATS / widest);
        int vectors = VectorLoops.roundUp(Math.min(pixels, tileMax)) / VectorLoops.LANES;
        // An odd number of cache lines from neuron to neuron: powers of two would all fall into the same few sets.
        stride = (vectors | 1) * VectorLoops.LANES;
        products = new VectorProducts(stride);
        int layers = shapes.size();
        inputs = new float[layers][];
        outputs = new float[layers][];
        gradients = new float[layers][];
        for (int l = 0; l < layers; l++) {
            Shape shape = shapes.get(l);
            inputs[l] = new float[shape.in() * stride];
            outputs[l] = new float[shape.out() * stride];
            gradients[l] = new float[shape.out() * stride];
        }
        zeros = new float[widest];
    }

    @Override
    public double loss(float[] row, PixelBatch pixels, float[] gradient) {
        Arrays.fill(gradient, 0);
        double sum = 0;
        int tile = tile(pixels);
        for (int start = 0; start < pixels.size(); start += tile) {
            int n = Math.min(tile, pixels.size() - start);
            sum += forward(row, pixels, start, n);
            backward(row, gradient, VectorLoops.roundUp(n));
        }
        return sum / ((double) pixels.size() * pixels.channels());
    }

    @Override
    public double error(float[] row, PixelBatch pixels) {
        double sum = 0;
        int tile = tile(pixels);
        for (int start = 0; start < pixels.size(); start += tile) {
            sum += forward(row, pixels, start, Math.min(tile, pixels.size() - start));
        }
        return sum / ((double) pixels.size() * pixels.channels());
    }

    /** Returns the pixels of a tile: all tiles have about the same number. */
    private int tile(PixelBatch pixels) {
        int tiles = (pixels.size() + tileMax - 1) / tileMax;
        return VectorLoops.roundUp((pixels.size() + tiles - 1) / tiles);
    }

    /** Returns the sum of squared errors and leaves all that the way back needs. */
    private double forward(float[] row, PixelBatch pixels, int start, int n) {
        int padded = VectorLoops.roundUp(n);
        for (int c = 0; c < 2; c++) {
            System.arraycopy(pixels.coordinates[c], start, inputs[0], c * stride, n);
            Arrays.fill(inputs[0], c * stride + n, c * stride + padded, 0);
        }
        for (int l = 0; l < shapes.size(); l++) {
            Shape shape = shapes.get(l);
            products.multiply(
                    row,
                    shape.weights(),
                    shape.in(),
                    1,
                    shape.out(),
                    shape.in(),
                    row,
                    shape.biases(),
                    inputs[l],
                    outputs[l],
                    padded);
            if (l + 1 < shapes.size()) {
                VectorLoops.sineCosine(outputs[l], inputs[l + 1], shape.out() * stride);
            }
        }
        return errors(pixels, start, n);
    }

    /** Returns the sum of squared errors and leaves the loss's gradient for the output, 0 in the padding. */
    private double errors(PixelBatch pixels, int start, int n) {
        int last = shapes.size() - 1;
        float factor = 2f / (pixels.size() * pixels.channels());
        double sum = 0;
        for (int c = 0; c < pixels.channels(); c++) {
            int at = c * stride;
            sum += VectorLoops.errors(outputs[last], at, pixels.targets[c], start, gradients[last], factor, n);
            Arrays.fill(gradients[last], at + n, at + VectorLoops.roundUp(n), 0);
        }
        return sum;
    }

    private void backward(float[] row, float[] gradient, int padded) {
        for (int l = shapes.size() - 1; l >= 0; l--) {
            Shape shape = shapes.get(l);
            products.correlate(gradients[l], shape.out(), inputs[l], shape.in(), gradient, shape.weights(), padded);
            products.addRowSums(gradients[l], shape.out(), gradient, shape.biases(), padded);
            if (l > 0) {
                products.multiply(
                        row,
                        shape.weights(),
                        1,
                        shape.in(),
                        shape.in(),
                        shape.out(),
                        zeros,
                        0,
                        gradients[l],
                        gradients[l - 1],
                        padded);
                VectorLoops.multiply(gradients[l - 1], outputs[l - 1], shape.in() * stride);
            }
        }
    }
}
