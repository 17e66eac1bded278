package dev.weft.cli.symmetry;

import dev.weft.datasets.image.ImageSource;
import dev.weft.network.Architecture;
import dev.weft.network.Input;
import java.io.IOException;
import java.util.stream.IntStream;

/**
 * Labelled images as a network reads them.
 *
 * @param name of their source
 * @param pixels [m, channels * height * width], channels outermost
 * @param labels [m]
 */
record LabelledInputs(String name, float[] pixels, long[] labels) {

    /** Whether a classifier could be for these images: it reads so many pixels and has an output for each class. */
    static boolean fits(Architecture architecture, ImageSource images) {
        int pixels = images.channels() * images.height() * images.width();
        boolean reads = architecture.input() instanceof Input.Image image
                ? image.channels() == images.channels()
                        && image.height() == images.height()
                        && image.width() == images.width()
                : architecture.input() instanceof Input.Features features && features.size() == pixels;
        return reads
                && architecture.outputForm().positions().isEmpty()
                && architecture.outputSize() == images.classes().size();
    }

    /**
     * Reads the images for testing, or all if none are set aside.
     *
     * @param mean taken off each pixel
     * @param deviation that the rest is divided by
     */
    static LabelledInputs of(ImageSource images, double mean, double deviation) throws IOException {
        int[] chosen =
                IntStream.range(0, images.size()).filter(images::isForTesting).toArray();
        if (chosen.length == 0) {
            chosen = IntStream.range(0, images.size()).toArray();
        }
        int channels = images.channels();
        int plane = images.height() * images.width();
        float[] pixels = new float[Math.multiplyExact(chosen.length, channels * plane)];
        long[] labels = new long[chosen.length];
        for (int k = 0; k < chosen.length; k++) {
            float[] image = images.image(chosen[k]); // [height, width, channels]
            for (int i = 0; i < image.length; i++) {
                int to = (k * channels + i % channels) * plane + i / channels;
                pixels[to] = (float) ((image[i] - mean) / deviation);
            }
            labels[k] = images.label(chosen[k]);
        }
        return new LabelledInputs(images.name(), pixels, labels);
    }
}
