package dev.weft.datasets.image;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;

/** Some of the images of another source, in its order. */
public final class SelectedImages implements ImageSource {

    private final ImageSource all;
    private final int[] chosen;

    private SelectedImages(ImageSource all, int[] chosen) {
        this.all = all;
        this.chosen = chosen;
    }

    /**
     * Chooses the first images of each class, as many of each as can be: the k-th image of every class before the (k+1)-th
     * of any. So {@code 10 * n} images of ten classes are the first n of each, if each has so many.
     *
     * @param source is closed with the result
     * @param count in [1, size of the source]
     * @throws IllegalArgumentException if the source has fewer images
     */
    public static ImageSource balanced(ImageSource source, int count) {
        if (count < 1 || count > source.size()) {
            throw new IllegalArgumentException(
                    source.name() + ": expected a number of images in [1, " + source.size() + "], got " + count);
        }
        if (count == source.size()) {
            return source;
        }
        int[] ranks = ranks(source);
        int[] chosen = IntStream.range(0, source.size())
                .boxed()
                .sorted(Comparator.comparingInt(index -> ranks[index]))
                .limit(count)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
        return new SelectedImages(source, chosen);
    }

    /** Numbers the images of each class. */
    private static int[] ranks(ImageSource source) {
        int[] seen = new int[source.classes().size()];
        return IntStream.range(0, source.size())
                .map(index -> seen[source.label(index)]++)
                .toArray();
    }

    private int original(int index) {
        return chosen[Objects.checkIndex(index, chosen.length)];
    }

    @Override
    public String name() {
        return all.name();
    }

    @Override
    public int size() {
        return chosen.length;
    }

    @Override
    public int channels() {
        return all.channels();
    }

    @Override
    public int height() {
        return all.height();
    }

    @Override
    public int width() {
        return all.width();
    }

    @Override
    public float[] image(int index) throws IOException {
        return all.image(original(index));
    }

    @Override
    public int label(int index) {
        return all.label(original(index));
    }

    @Override
    public boolean isForTesting(int index) {
        return all.isForTesting(original(index));
    }

    @Override
    public String reference(int index) {
        return all.reference(original(index));
    }

    @Override
    public List<String> classes() {
        return all.classes();
    }

    /** The card of all images, whose source says how many were chosen. */
    @Override
    public DataCard card() {
        DataCard card = all.card();
        String source = String.format(
                Locale.ROOT,
                "%s (%,d of %,d images, the first of each class)",
                card.source(),
                chosen.length,
                all.size());
        return new DataCard(source, card.version(), card.digest(), card.licence(), card.attribution(), chosen.length);
    }

    @Override
    public void close() throws IOException {
        all.close();
    }
}
