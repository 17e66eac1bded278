package dev.weft.datasets.training;

import dev.weft.datasets.image.ImageSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What is taken off each pixel and what it is then divided by, one number a channel.
 *
 * @param means in [0, 1]
 * @param deviations above 0
 */
public record PixelNormalisation(List<Double> means, List<Double> deviations) {

    /** What PyTorch's examples use for MNIST; NiNo's authors use it for Fashion-MNIST too. */
    public static final PixelNormalisation MNIST = new PixelNormalisation(List.of(0.1307), List.of(0.3081));

    public PixelNormalisation {
        means = List.copyOf(means);
        deviations = List.copyOf(deviations);
        if (means.isEmpty() || means.size() != deviations.size()) {
            throw new IllegalArgumentException(
                    "expected a mean and a deviation for each channel, got " + means + " and " + deviations);
        }
        if (!means.stream().allMatch(Double::isFinite)) {
            throw new IllegalArgumentException("expected finite means of pixels, got " + means);
        }
        if (!deviations.stream().allMatch(deviation -> deviation > 0 && Double.isFinite(deviation))) {
            throw new IllegalArgumentException("expected positive deviations of pixels, got " + deviations);
        }
    }

    /**
     * Measures some images of a source, ascending.
     *
     * @throws IllegalArgumentException if all pixels of a channel are the same
     */
    static PixelNormalisation measured(ImageSource source, int[] images) throws IOException {
        int channels = source.channels();
        double[] sums = new double[channels];
        double[] squares = new double[channels];
        for (int image : images) {
            float[] pixels = source.image(image);
            for (int i = 0; i < pixels.length; i++) {
                sums[i % channels] += pixels[i];
                squares[i % channels] += (double) pixels[i] * pixels[i];
            }
        }
        double count = (double) images.length * source.height() * source.width();
        List<Double> means = new ArrayList<>();
        List<Double> deviations = new ArrayList<>();
        for (int c = 0; c < channels; c++) {
            double mean = sums[c] / count;
            means.add(mean);
            deviations.add(Math.sqrt(Math.max(0, squares[c] / count - mean * mean)));
        }
        return new PixelNormalisation(means, deviations);
    }

    /** Returns pixels [height, width, channels] normalised and laid out as [channels, height, width]. */
    float[] apply(float[] pixels) {
        int channels = means.size();
        int plane = pixels.length / channels;
        float[] normal = new float[pixels.length];
        for (int c = 0; c < channels; c++) {
            float mean = means.get(c).floatValue();
            float deviation = deviations.get(c).floatValue();
            for (int i = 0; i < plane; i++) {
                normal[c * plane + i] = (pixels[i * channels + c] - mean) / deviation;
            }
        }
        return normal;
    }
}
