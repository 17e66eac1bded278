package dev.weft.datasets.inr;

import dev.weft.datasets.inr.InrFitter.Fit;
import dev.weft.datasets.inr.InrFitter.Problem;
import dev.weft.network.Seed;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * Fits SIRENs of one shape to images of one size, one network at a time: Adam on a {@link SirenKernel}'s gradients until
 * the network is good enough. Not for several threads.
 */
final class SirenDescent {

    /** Steps between two looks at the thread's interrupt flag and, where steps see some pixels, at the error over all. */
    private static final int LOOK_EVERY = 10;

    private final InrRecipe recipe;
    private final SirenKernel kernel;
    private final PixelBatch pixels;
    private final PixelSampler sampler;
    /** What each parameter is multiplied with before the kernel sees it: w0 in sine layers. */
    private final float[] scales;

    private final float[] scaled;
    private final float[] gradient;
    private final Adam adam;

    SirenDescent(Problem problem, SirenKernel kernel) {
        this.recipe = problem.recipe();
        this.kernel = kernel;
        this.pixels = PixelBatch.of(problem.grid(), problem.channels());
        this.sampler = new PixelSampler(recipe, pixels);
        List<SirenKernel.Shape> layers = SirenKernel.Shape.of(recipe, problem.channels());
        int last = layers.size() - 1;
        int size = layers.get(last).end();
        scales = new float[size];
        Arrays.fill(scales, 1);
        Arrays.fill(scales, 0, layers.get(last).weights(), (float) recipe.w0());
        scaled = new float[size];
        gradient = new float[size];
        adam = new Adam(size);
    }

    /**
     * Fits one network.
     *
     * @param start the parameters to start from [P]
     * @param image [height, width, channels] in [0, 1]
     * @param seed of the pixels that each step sees
     * @throws IllegalStateException if it ends in values that are not finite
     * @throws CancellationException if the thread is interrupted
     */
    Fit fit(float[] start, float[] image, Seed seed) {
        float[] row = start.clone();
        double enough = recipe.range().meanSquaredError(recipe.stopPsnr());
        pixels.target(image, recipe);
        adam.reset();
        sampler.reset(seed);
        int steps = 0;
        while (steps < recipe.steps() && loss(row, steps) > enough) {
            adam.step(row, gradient, recipe.learningRate());
            steps++;
            if (steps % LOOK_EVERY == 0 && Thread.currentThread().isInterrupted()) {
                throw new CancellationException("fitting was interrupted");
            }
        }
        double error = error(row);
        if (!Double.isFinite(error)) {
            throw new IllegalStateException("a fit diverged after " + steps + " steps with the learning rate "
                    + recipe.learningRate() + " of recipe " + recipe.name());
        }
        return new Fit(row, recipe.range().psnr(error), steps);
    }

    /**
     * Leaves the gradient for a step's pixels in {@link #gradient}.
     *
     * @return the error over all pixels, infinity where that was not computed
     */
    private double loss(float[] row, int step) {
        PixelBatch batch = sampler.at(step);
        boolean look = batch != pixels && step % LOOK_EVERY == 0 && Double.isFinite(recipe.stopPsnr());
        double error = look ? error(row) : Double.POSITIVE_INFINITY;
        FloatLoops.multiply(scaled, row, scales, row.length);
        double loss = kernel.loss(scaled, batch, gradient);
        FloatLoops.multiply(gradient, gradient, scales, row.length);
        return batch == pixels ? loss : error;
    }

    /** Returns the mean squared error over all pixels. */
    private double error(float[] row) {
        FloatLoops.multiply(scaled, row, scales, row.length);
        return kernel.error(scaled, pixels);
    }
}
