package dev.weft.datasets.image;

import dev.weft.datasets.Digests;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A data set in two parts as it was published: images to learn from, and behind them images set aside for testing. */
public final class JoinedImages implements ImageSource {

    private final ImageSource learning;
    private final ImageSource testing;

    /**
     * Joins two sources, which are closed with the result.
     *
     * @throws IllegalArgumentException if their sizes, channels or classes differ
     */
    public JoinedImages(ImageSource learning, ImageSource testing) {
        requireSame("images of", size(learning), size(testing));
        requireSame("classes", learning.classes(), testing.classes());
        this.learning = learning;
        this.testing = testing;
    }

    private static String size(ImageSource source) {
        return source.height() + " x " + source.width() + " x " + source.channels();
    }

    private static void requireSame(String what, Object expected, Object found) {
        if (!expected.equals(found)) {
            throw new IllegalArgumentException("the images for testing do not fit the others: expected " + what + " "
                    + expected + ", found " + found);
        }
    }

    private ImageSource source(int index) {
        return isForTesting(index) ? testing : learning;
    }

    private int place(int index) {
        return isForTesting(index) ? index - learning.size() : index;
    }

    /** Returns what both names begin with, up to a dash, or else both. */
    @Override
    public String name() {
        String one = learning.name();
        String other = testing.name();
        int same = 0;
        int dash = 0;
        while (same < Math.min(one.length(), other.length()) && one.charAt(same) == other.charAt(same)) {
            dash = one.charAt(same) == '-' ? same : dash;
            same++;
        }
        return dash > 0 ? one.substring(0, dash) : one + "+" + other;
    }

    @Override
    public int size() {
        return learning.size() + testing.size();
    }

    @Override
    public int channels() {
        return learning.channels();
    }

    @Override
    public int height() {
        return learning.height();
    }

    @Override
    public int width() {
        return learning.width();
    }

    @Override
    public float[] image(int index) throws IOException {
        return source(index).image(place(index));
    }

    @Override
    public int label(int index) {
        return source(index).label(place(index));
    }

    @Override
    public boolean isForTesting(int index) {
        return Objects.checkIndex(index, size()) >= learning.size();
    }

    @Override
    public String reference(int index) {
        return source(index).reference(place(index));
    }

    @Override
    public List<String> classes() {
        return learning.classes();
    }

    /** Both cards; what they have in common is said once. */
    @Override
    public DataCard card() {
        DataCard one = learning.card();
        DataCard other = testing.card();
        return new DataCard(
                both(one.source(), "; for testing ", other.source()),
                both(one.version(), ", ", other.version()),
                Digests.joint(one.digest(), other.digest()),
                both(one.licence(), " AND ", other.licence()),
                both(one.attribution(), "; ", other.attribution()),
                size());
    }

    private static String both(String one, String between, String other) {
        return Stream.of(one, other).distinct().filter(text -> !text.isEmpty()).collect(Collectors.joining(between));
    }

    @Override
    public void close() throws IOException {
        try (learning) {
            testing.close();
        }
    }
}
