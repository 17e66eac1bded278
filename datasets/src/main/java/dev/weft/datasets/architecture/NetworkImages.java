package dev.weft.datasets.architecture;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.weft.checkpoints.Split;
import dev.weft.checkpoints.Splits;
import dev.weft.datasets.image.ImageSource;
import dev.weft.hypernets.ghn.LabelledImages;
import dev.weft.network.Architecture;
import dev.weft.network.Input;
import dev.weft.network.Seed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Images of a source as networks read them: resized bilinearly to the networks' extents, grey ones repeated for each channel,
 * brought to mean 0 and variance 1 over the training images; kept in memory.
 */
public final class NetworkImages implements LabelledImages {

    private final Input.Image input;
    private final List<float[]> pixels; // [channels, height, width] each
    private final int[] labels;

    private NetworkImages(Input.Image input, List<float[]> pixels, int[] labels) {
        this.input = input;
        this.pixels = pixels;
        this.labels = labels;
    }

    /**
     * Reads and splits a source; the shares are drawn from the seed, unless the source sets images for testing aside.
     *
     * @param val share of the validation images
     * @param test share of the test images, if the source sets none aside
     */
    public static Map<Split, NetworkImages> of(
            ImageSource source, Input.Image input, double val, double test, Seed seed) throws IOException {
        Map<Split, List<float[]>> pixels = new EnumMap<>(Split.class);
        Map<Split, List<Integer>> labels = new EnumMap<>(Split.class);
        Map<String, Split> splits = splits(source, val, test, seed);
        for (Split split : Split.values()) {
            pixels.put(split, new ArrayList<>());
            labels.put(split, new ArrayList<>());
        }
        for (int i = 0; i < source.size(); i++) {
            Split split = source.isForTesting(i) ? Split.TEST : splits.getOrDefault(Integer.toString(i), Split.TRAIN);
            pixels.getOrDefault(split, List.of()).add(resized(source, i, input));
            labels.getOrDefault(split, List.of()).add(source.label(i));
        }
        standardize(pixels);
        Map<Split, NetworkImages> images = new EnumMap<>(Split.class);
        pixels.forEach((split, all) -> images.put(
                split,
                new NetworkImages(
                        input,
                        all,
                        labels.getOrDefault(split, List.of()).stream()
                                .mapToInt(Integer::intValue)
                                .toArray())));
        return images;
    }

    private static Map<String, Split> splits(ImageSource source, double val, double test, Seed seed) {
        List<String> drawn = new ArrayList<>();
        for (int i = 0; i < source.size(); i++) {
            if (!source.isForTesting(i)) {
                drawn.add(Integer.toString(i));
            }
        }
        return Splits.byRun(drawn, val, drawn.size() < source.size() ? 0 : test, seed.split("images"));
    }

    private static float[] resized(ImageSource source, int number, Input.Image input) throws IOException {
        float[] image = source.image(number); // [height, width, channels]
        int channels = source.channels();
        if (channels != 1 && channels != input.channels()) {
            throw new IllegalArgumentException(
                    source.name() + ": expected images of 1 or " + input.channels() + " channels, found " + channels);
        }
        float[] resized = new float[input.channels() * input.height() * input.width()];
        for (int i = 0; i < resized.length; i++) {
            int x = i % input.width();
            int y = i / input.width() % input.height();
            int c = Math.min(i / (input.width() * input.height()), channels - 1);
            double row = place(y, source.height(), input.height());
            double column = place(x, source.width(), input.width());
            resized[i] = (float) interpolated(image, source.height(), source.width(), channels, c, row, column);
        }
        return resized;
    }

    /** Returns where a pixel's centre lies among those of the source. */
    private static double place(int pixel, int from, int to) {
        return Math.min(from - 1.0, Math.max(0, (pixel + 0.5) * from / to - 0.5));
    }

    private static double interpolated(
            float[] image, int height, int width, int channels, int c, double row, double column) {
        int top = (int) row;
        int left = (int) column;
        int bottom = Math.min(top + 1, height - 1);
        int right = Math.min(left + 1, width - 1);
        double down = row - top;
        double across = column - left;
        double upper = (1 - across) * image[(top * width + left) * channels + c]
                + across * image[(top * width + right) * channels + c];
        double lower = (1 - across) * image[(bottom * width + left) * channels + c]
                + across * image[(bottom * width + right) * channels + c];
        return (1 - down) * upper + down * lower;
    }

    private static void standardize(Map<Split, List<float[]>> pixels) {
        double sum = 0;
        double squares = 0;
        long count = 0;
        for (float[] image : pixels.getOrDefault(Split.TRAIN, List.of())) {
            for (float value : image) {
                sum += value;
                squares += (double) value * value;
                count++;
            }
        }
        double mean = sum / Math.max(1, count);
        double deviation = Math.sqrt(Math.max(1e-12, squares / Math.max(1, count) - mean * mean));
        for (List<float[]> images : pixels.values()) {
            for (float[] image : images) {
                for (int i = 0; i < image.length; i++) {
                    image[i] = (float) ((image[i] - mean) / deviation);
                }
            }
        }
    }

    @Override
    public void requireReadBy(Architecture architecture) {
        if (!architecture.input().equals(input)) {
            throw new IllegalArgumentException(
                    architecture + " reads " + architecture.input() + ", but the images are " + input);
        }
    }

    @Override
    public int size() {
        return labels.length;
    }

    @Override
    public int label(int number) {
        return labels[number];
    }

    @Override
    public NDArray images(NDManager manager, int[] numbers) {
        int size = input.channels() * input.height() * input.width();
        float[] flat = new float[numbers.length * size];
        for (int i = 0; i < numbers.length; i++) {
            System.arraycopy(pixels.get(numbers[i]), 0, flat, i * size, size);
        }
        return manager.create(flat, new Shape(numbers.length, input.channels(), input.height(), input.width()));
    }
}
