package dev.weft.datasets.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.weft.datasets.image.DataCard;
import dev.weft.datasets.image.ImageSource;
import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Saying which class an image belongs to, for networks that read images [channels, height, width] or the same values as a
 * vector. Holds the images that are used: 4 bytes a pixel.
 */
public final class ImageClassification implements LearningTask {

    private final String name;
    private final Shape image;
    private final int classes;
    private final float[][] training;
    private final long[] trainingLabels;
    private final float[][] testing;
    private final long[] testingLabels;
    private final Map<String, String> provenance;

    /**
     * Which images are for what.
     *
     * @param test share of images to be tested on, drawn by the seed; 0 if the source has images for testing
     * @param heldOut share of the other images that is left out, the last of the source (for validation elsewhere)
     * @param normalisation of pixels; null for the moments of the training images
     * @param seed of the draw
     */
    public record Settings(
            double test, double heldOut, @Nullable PixelNormalisation normalisation, Seed seed) {

        /** Share of images to be tested on, where the source has none for testing. */
        public static final double TEST_DEFAULT = 0.2;

        public Settings {
            requireShare("for testing", test);
            requireShare("that is held out", heldOut);
        }

        private static void requireShare(String what, double share) {
            if (!(share >= 0 && share < 1)) {
                throw new IllegalArgumentException(
                        "the share of images " + what + " must be at least 0 and below 1, got " + share);
            }
        }
    }

    private ImageClassification(ImageSource source, Settings settings, int[] train, int[] test) throws IOException {
        PixelNormalisation normalisation =
                settings.normalisation == null ? PixelNormalisation.measured(source, train) : settings.normalisation;
        if (normalisation.means().size() != source.channels()) {
            throw new IllegalArgumentException("expected a mean for each of " + source.channels() + " channels of "
                    + source.name() + ", got " + normalisation.means());
        }
        this.name = source.name();
        this.image = new Shape(source.channels(), source.height(), source.width());
        this.classes = source.classes().size();
        this.training = read(source, train, normalisation);
        this.trainingLabels = labels(source, train);
        this.testing = read(source, test, normalisation);
        this.testingLabels = labels(source, test);
        this.provenance = provenance(source, settings, normalisation);
    }

    /**
     * Reads images into memory; the source may be closed then.
     *
     * @throws IllegalArgumentException if no image is left for training or for testing, or a share for testing is asked of a
     *     source that has images for testing of its own
     */
    public static ImageClassification read(ImageSource source, Settings settings) throws IOException {
        int[] given =
                IntStream.range(0, source.size()).filter(source::isForTesting).toArray();
        if (given.length > 0 && settings.test != 0) {
            throw new IllegalArgumentException("the share for testing must be 0, since " + source.name()
                    + " has images for testing of its own; got " + settings.test);
        }
        int[] test = given.length > 0 ? given : drawn(source.size(), settings);
        int[] others = IntStream.range(0, source.size())
                .filter(index -> Arrays.binarySearch(test, index) < 0)
                .toArray();
        int[] train = Arrays.copyOf(others, others.length - (int) Math.round(settings.heldOut * others.length));
        if (train.length == 0 || test.length == 0) {
            throw new IllegalArgumentException("expected images for training and for testing, " + source.name()
                    + " leaves " + train.length + " and " + test.length);
        }
        return new ImageClassification(source, settings, train, test);
    }

    private static int[] drawn(int size, Settings settings) {
        int[] order = new BatchSampler(size, size, settings.seed.split("test")).at(0);
        return Arrays.stream(order)
                .limit(Math.round(settings.test * size))
                .sorted()
                .toArray();
    }

    private static float[][] read(ImageSource source, int[] images, PixelNormalisation normalisation)
            throws IOException {
        float[][] pixels = new float[images.length][];
        for (int i = 0; i < images.length; i++) {
            pixels[i] = normalisation.apply(source.image(images[i]));
        }
        return pixels;
    }

    private static long[] labels(ImageSource source, int[] images) {
        return Arrays.stream(images).mapToLong(source::label).toArray();
    }

    private static Map<String, String> provenance(
            ImageSource source, Settings settings, PixelNormalisation normalisation) {
        DataCard card = source.card();
        Map<String, String> map = new TreeMap<>();
        map.put("source", card.source());
        map.put("source.attribution", card.attribution());
        map.put("source.digest", card.digest());
        map.put("source.licence", card.licence());
        map.put("source.version", card.version());
        map.put("images.classes", String.join(", ", source.classes()));
        map.put("images.test", settings.test == 0 ? "given" : String.valueOf(settings.test));
        map.put("images.held_out", String.valueOf(settings.heldOut));
        map.put("images.mean", String.valueOf(normalisation.means()));
        map.put("images.deviation", String.valueOf(normalisation.deviations()));
        return map;
    }

    /** Returns channels, height, width. */
    public Shape imageShape() {
        return image;
    }

    public int classes() {
        return classes;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int size() {
        return training.length;
    }

    @Override
    public int testSize() {
        return testing.length;
    }

    @Override
    public void check(Architecture architecture) {
        List<Integer> input = architecture.formOf(Architecture.INPUT).shape();
        List<Integer> output = architecture.outputForm().shape();
        List<Integer> wanted =
                Arrays.stream(image.getShape()).mapToObj(Math::toIntExact).toList();
        if (!input.equals(wanted) && !input.equals(List.of((int) image.size()))) {
            throw new IllegalArgumentException("images of " + name + " are " + wanted + " or [" + image.size() + "], "
                    + architecture + " reads " + input);
        }
        if (!output.equals(List.of(classes))) {
            throw new IllegalArgumentException(
                    name + " has " + classes + " classes, " + architecture + " puts out " + output);
        }
    }

    @Override
    public Examples training(NDManager manager, Architecture architecture, int[][] numbers) {
        int m = numbers[0].length;
        float[] pixels = new float[Math.toIntExact(numbers.length * m * image.size())];
        long[] labels = new long[numbers.length * m];
        for (int k = 0; k < labels.length; k++) {
            int number = numbers[k / m][k % m];
            System.arraycopy(training[number], 0, pixels, k * (int) image.size(), (int) image.size());
            labels[k] = trainingLabels[number];
        }
        NDArray answers = manager.create(labels, new Shape(numbers.length, m));
        return new Examples(manager.create(pixels, shape(architecture, numbers.length, m)), answers);
    }

    @Override
    public Examples testing(NDManager manager, Architecture architecture, int from, int to) {
        int m = to - from;
        float[] pixels = new float[Math.toIntExact(m * image.size())];
        for (int k = 0; k < m; k++) {
            System.arraycopy(testing[from + k], 0, pixels, k * (int) image.size(), (int) image.size());
        }
        NDArray answers = manager.create(Arrays.copyOfRange(testingLabels, from, to), new Shape(1, m));
        return new Examples(manager.create(pixels, shape(architecture, m)), answers);
    }

    private static Shape shape(Architecture architecture, long... leading) {
        return new Shape(leading)
                .addAll(new Shape(architecture.formOf(Architecture.INPUT).shape().stream()
                        .mapToLong(Integer::longValue)
                        .toArray()));
    }

    @Override
    public Map<String, String> provenance() {
        return provenance;
    }
}
