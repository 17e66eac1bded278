package dev.weft.datasets.image;

import dev.weft.datasets.Digests;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Grey images and labels from a pair of IDX files, gzipped or not: the format of MNIST, Fashion-MNIST, KMNIST. Holds the
 * labels; images are read when they are asked for. Files of Fashion-MNIST are recognised by their digests and get its class names and card.
 */
public final class IdxImages implements ImageSource {

    /** The class names where none are given: MNIST and its descendants have ten. */
    public static final List<String> CLASSES_DEFAULT =
            IntStream.range(0, 10).mapToObj(Integer::toString).toList();

    /** The pixel value that stands for 1.0. */
    private static final int WHITE = 255;

    private final String name;
    private final IdxPixels images;
    private final IdxFile labels;
    private final float white;
    private final List<String> classes;
    private final DataCard card;

    IdxImages(String name, IdxPixels images, IdxFile labels, int white, List<String> classes, DataCard card) {
        this.name = name;
        this.images = images;
        this.labels = labels;
        this.white = white;
        this.classes = List.copyOf(classes);
        this.card = card;
    }

    /**
     * Reads a pair of files with the classes of the known data set that they are, or else ten.
     *
     * @throws FormatException if a file is no IDX file of bytes, is cut or too long, or the two do not fit
     * @throws java.nio.file.NoSuchFileException if a file is missing
     */
    public static IdxImages read(Path images, Path labels) throws IOException {
        return read(images, labels, null);
    }

    /**
     * Reads a pair of files, as {@link #read(Path, Path)} does.
     *
     * @param classes names of the labels 0, 1, ...; null for the known data set's, or else ten
     */
    public static IdxImages read(Path images, Path labels, @Nullable List<String> classes) throws IOException {
        IdxPixels pixels = IdxPixels.Streamed.open(images);
        IdxFile numbers = labels(labels);
        KnownIdx known = KnownIdx.of(pixels.digest());
        List<String> names = classes != null ? classes : known != null ? known.classes() : CLASSES_DEFAULT;
        check(images, pixels, labels, numbers, names);
        String name = known == null ? stem(images) : known.name();
        return new IdxImages(name, pixels, numbers, WHITE, names, card(images, pixels, numbers, known));
    }

    private static IdxFile labels(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return IdxFile.read(file.toString(), in, 1);
        }
    }

    private static void check(Path images, IdxPixels pixels, Path labels, IdxFile numbers, List<String> classes)
            throws FormatException {
        if (!pixels.sizes().get(0).equals(numbers.sizes().get(0))) {
            throw new FormatException.Corrupt(
                    labels.toString(),
                    "expected a label for each of the " + pixels.sizes().get(0) + " images in " + images + ", found "
                            + numbers.sizes().get(0));
        }
        for (int i = 0; i < numbers.values().length; i++) {
            int label = Byte.toUnsignedInt(numbers.values()[i]);
            if (label >= classes.size()) {
                throw new FormatException.Corrupt(
                        labels.toString(),
                        "label " + label + " of image " + i + " is outside [0, " + classes.size() + ")");
            }
        }
    }

    private static DataCard card(Path images, IdxPixels pixels, IdxFile numbers, @Nullable KnownIdx known) {
        int count = pixels.sizes().get(0);
        String digest = joint(pixels, numbers);
        return known == null
                ? new DataCard(
                        String.valueOf(images.getFileName()), DataCard.UNKNOWN, digest, DataCard.UNKNOWN, "", count)
                : new DataCard(known.source(), known.version(), digest, known.licence(), known.attribution(), count);
    }

    /** Returns one digest over those of both files. */
    static String joint(IdxPixels images, IdxFile labels) {
        return Digests.joint(images.digest(), labels.digest());
    }

    /** Returns {@code train} for {@code train-images-idx3-ubyte.gz}. */
    private static String stem(Path file) {
        String text = String.valueOf(file.getFileName());
        int end = text.indexOf("-images");
        return end > 0 ? text.substring(0, end) : text.replaceFirst("\\..*$", "");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int size() {
        return images.sizes().get(0);
    }

    @Override
    public int channels() {
        return 1;
    }

    @Override
    public int height() {
        return images.sizes().get(1);
    }

    @Override
    public int width() {
        return images.sizes().get(2);
    }

    @Override
    public float[] image(int index) throws IOException {
        byte[] bytes = images.image(Objects.checkIndex(index, size()));
        float[] image = new float[bytes.length];
        for (int p = 0; p < bytes.length; p++) {
            image[p] = Byte.toUnsignedInt(bytes[p]) / white;
        }
        return image;
    }

    @Override
    public int label(int index) {
        return Byte.toUnsignedInt(labels.values()[Objects.checkIndex(index, size())]);
    }

    @Override
    public String reference(int index) {
        return name + "/" + Objects.checkIndex(index, size());
    }

    @Override
    public List<String> classes() {
        return classes;
    }

    @Override
    public DataCard card() {
        return card;
    }

    @Override
    public void close() throws IOException {
        images.close();
    }
}
