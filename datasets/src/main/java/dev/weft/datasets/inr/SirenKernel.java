package dev.weft.datasets.inr;

import dev.weft.datasets.inr.InrFitter.Fit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Fits SIRENs of one shape to images of one size, one network at a time, with the forward and backward passes written out
 * over arrays that stay in the first caches. Not for several threads: each has its own kernel.
 *
 * <p>The sines' factor w0 is applied to the weights once a step, not to the neurons: z = (w0 W) x + w0 b, h = sin z. O(P m)
 * operations a step for m pixels.
 */
final class SirenKernel {

    /**
     * Pixels that go through all layers together. Part of the result, since gradients are summed tile by tile; 128 was the
     * fastest of 64 to 400 for 28 x 28 pixels and 32 neurons a layer.
     */
    static final int TILE = 128;

    private final InrRecipe recipe;
    private final int channels;
    private final int pixels;
    /** For each tile [2][TILE]. */
    private final List<float[][]> coordinates = new ArrayList<>();

    private final List<SirenLayerKernel> layers = new ArrayList<>();
    /** For each layer's input [in][TILE]. */
    private final List<float[][]> inputs = new ArrayList<>();
    /** For each layer's output before its sine [out][TILE]. */
    private final List<float[][]> outputs = new ArrayList<>();

    private final float[][] errors;
    private final float[][] spare;
    private final float[] scaled;
    private final float[] scales;
    private final float[] gradients;
    private final Adam adam;

    SirenKernel(InrRecipe recipe, int height, int width, int channels) {
        this.recipe = recipe;
        this.channels = channels;
        this.pixels = height * width;
        int size = addLayers();
        int widest = layers.stream()
                .mapToInt(layer -> Math.max(layer.in, layer.out))
                .max()
                .orElseThrow();
        errors = new float[widest][TILE];
        spare = new float[widest][TILE];
        scaled = new float[size];
        scales = scales(size);
        gradients = new float[size];
        adam = new Adam(size);
        addCoordinates(new PixelGrid(height, width, recipe.order()).coordinates());
    }

    private int addLayers() {
        int in = 2;
        int offset = 0;
        for (int l = 0; l <= recipe.hidden().size(); l++) {
            int out = l < recipe.hidden().size() ? recipe.hidden().get(l) : channels;
            SirenLayerKernel layer = new SirenLayerKernel(in, out, offset, TILE);
            layers.add(layer);
            inputs.add(new float[in][TILE]);
            outputs.add(new float[out][TILE]);
            offset = layer.end();
            in = out;
        }
        return offset;
    }

    private float[] scales(int size) {
        float[] values = new float[size];
        Arrays.fill(values, (float) recipe.w0());
        int last = layers.size() - 1;
        Arrays.fill(values, last == 0 ? 0 : layers.get(last - 1).end(), size, 1);
        return values;
    }

    private void addCoordinates(float[] points) {
        for (int start = 0; start < pixels; start += TILE) {
            float[][] tile = new float[2][TILE];
            for (int p = start; p < Math.min(pixels, start + TILE); p++) {
                tile[0][p - start] = points[2 * p];
                tile[1][p - start] = points[2 * p + 1];
            }
            coordinates.add(tile);
        }
    }

    /**
     * Fits one network.
     *
     * @param start the parameters to start from [P]
     * @param image [height, width, channels] in [0, 1]
     */
    Fit fit(float[] start, float[] image) {
        float[] row = start.clone();
        double enough = recipe.range().meanSquaredError(recipe.stopPsnr());
        adam.reset();
        int steps = 0;
        double loss = loss(row, image);
        while (steps < recipe.steps() && loss > enough) {
            FloatLoops.multiply(gradients, gradients, scales, row.length);
            adam.step(row, gradients, recipe.learningRate());
            loss = loss(row, image);
            steps++;
        }
        if (!Double.isFinite(loss)) {
            throw new IllegalStateException("a fit diverged after " + steps + " steps with the learning rate "
                    + recipe.learningRate() + " of recipe " + recipe.name());
        }
        return new Fit(row, recipe.range().psnr(loss), steps);
    }

    /** Returns the mean squared error and leaves its gradient for the scaled row in {@link #gradients}. */
    double loss(float[] row, float[] image) {
        FloatLoops.multiply(scaled, row, scales, row.length);
        Arrays.fill(gradients, 0);
        double sum = 0;
        for (int tile = 0; tile < coordinates.size(); tile++) {
            int start = tile * TILE;
            int n = Math.min(TILE, pixels - start);
            forward(coordinates.get(tile), n);
            sum += error(image, start, n);
            backward(coordinates.get(tile), n);
        }
        return sum / ((double) pixels * channels);
    }

    private void forward(float[][] points, int n) {
        float[][] x = points;
        for (int l = 0; l < layers.size(); l++) {
            SirenLayerKernel layer = layers.get(l);
            float[][] z = outputs.get(l);
            layer.forward(scaled, x, z, n);
            if (l + 1 < layers.size()) {
                x = inputs.get(l + 1);
                for (int k = 0; k < layer.out; k++) {
                    FloatLoops.sine(x[k], z[k], n);
                }
            }
        }
    }

    /** Returns the sum of squared errors and leaves the loss's gradient for the output in {@link #errors}. */
    private double error(float[] image, int start, int n) {
        float[][] y = outputs.get(layers.size() - 1);
        float offset = (float) recipe.offset();
        float factor = 2f / (pixels * channels);
        double sum = 0;
        for (int c = 0; c < channels; c++) {
            for (int p = 0; p < n; p++) {
                float target = recipe.range().target(image[(start + p) * channels + c]);
                float difference = y[c][p] + offset - target;
                sum += (double) difference * difference;
                errors[c][p] = factor * difference;
            }
        }
        return sum;
    }

    private void backward(float[][] points, int n) {
        float[][] dy = errors;
        float[][] dx = spare;
        for (int l = layers.size() - 1; l >= 0; l--) {
            SirenLayerKernel layer = layers.get(l);
            layer.accumulate(l == 0 ? points : inputs.get(l), dy, gradients, n);
            if (l > 0) {
                layer.backward(scaled, dy, dx, n);
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
            FloatLoops.cosine(z[k], z[k], n);
            FloatLoops.multiply(dx[k], dx[k], z[k], n);
        }
    }
}
