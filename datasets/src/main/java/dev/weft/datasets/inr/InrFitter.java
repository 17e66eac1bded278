package dev.weft.datasets.inr;

import dev.weft.network.Seed;
import java.util.List;

/**
 * Fits one network to each of some images. What comes out for an image depends on the image, the recipe and its seed
 * alone, never on the images beside it.
 */
public interface InrFitter {

    /** A batch of images of one size, each with the seed that its network starts from. */
    record Problem(InrRecipe recipe, int height, int width, int channels, List<float[]> images, List<Seed> seeds) {

        /**
         * Checks sizes.
         *
         * @param images each [height, width, channels] with values in [0, 1]
         * @param seeds one for each image
         */
        public Problem {
            images = List.copyOf(images);
            seeds = List.copyOf(seeds);
            if (images.size() != seeds.size()) {
                throw new IllegalArgumentException(
                        "expected a seed for each of " + images.size() + " images, got " + seeds.size());
            }
            for (int i = 0; i < images.size(); i++) {
                if (images.get(i).length != height * width * channels) {
                    throw new IllegalArgumentException("image " + i + ": expected " + height + " x " + width + " x "
                            + channels + " values, got " + images.get(i).length);
                }
            }
        }

        PixelGrid grid() {
            return new PixelGrid(height, width, recipe.order());
        }
    }

    /**
     * A fitted network.
     *
     * @param parameters [P]
     * @param psnr of these parameters on their image, in dB
     * @param steps the number of updates that led to them
     */
    record Fit(float[] parameters, double psnr, int steps) {}

    /**
     * Fits all images of a problem, in order.
     *
     * @throws IllegalStateException if a fit ends in values that are not finite
     * @throws java.util.concurrent.CancellationException if the thread is interrupted; its flag stays set
     */
    List<Fit> fit(Problem problem);

    /** Returns what a zoo's provenance calls this way to compute: fitters of one name give the same bits. */
    String name();

    /** Returns the fitter that commands use, the fastest that works here, on all processors. */
    static InrFitter standard() {
        int threads = Runtime.getRuntime().availableProcessors();
        return CpuInrFitter.hasVectors() ? CpuInrFitter.vector(threads) : CpuInrFitter.plain(threads);
    }
}
