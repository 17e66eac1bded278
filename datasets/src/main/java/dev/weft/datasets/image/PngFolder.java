package dev.weft.datasets.image;

import dev.weft.datasets.Digests;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A folder with one sub-folder a class, each with PNG files of one size and kind. Classes and files are sorted by name.
 * Opening reads every file once for its digest and header; images are decoded when asked for, so memory holds names only.
 */
public final class PngFolder implements ImageSource {

    /** The largest file that is read. */
    static final int FILE_BYTES_MAX = 64 << 20;

    private final Path folder;
    private final List<String> classes;
    private final List<Entry> entries;
    private final PngHeader header;
    private final DataCard card;

    private record Entry(Path file, int label) {}

    private PngFolder(Path folder, List<String> classes, List<Entry> entries, PngHeader header, DataCard card) {
        this.folder = folder;
        this.classes = List.copyOf(classes);
        this.entries = List.copyOf(entries);
        this.header = header;
        this.card = card;
    }

    /**
     * Opens a folder.
     *
     * @throws FormatException if there are no classes or images, a file is no PNG, or sizes or kinds differ
     * @throws NotDirectoryException if {@code folder} is a file
     * @throws java.nio.file.NoSuchFileException if it is missing
     */
    public static PngFolder open(Path folder) throws IOException {
        List<String> classes = new ArrayList<>();
        List<Entry> entries = new ArrayList<>();
        for (Path sub : sorted(folder, Files::isDirectory)) {
            for (Path file : sorted(sub, PngFolder::isPng)) {
                entries.add(new Entry(file, classes.size()));
            }
            classes.add(String.valueOf(sub.getFileName()));
        }
        if (entries.isEmpty()) {
            throw new FormatException.Corrupt(
                    folder.toString(),
                    "expected sub-folders, one a class, with .png files; found " + classes.size()
                            + " sub-folders and no image");
        }
        return scan(folder, classes, entries);
    }

    private static PngFolder scan(Path folder, List<String> classes, List<Entry> entries) throws IOException {
        MessageDigest sha256 = Digests.sha256();
        Path first = entries.get(0).file;
        PngHeader expected = PngHeader.read(first.toString(), bytes(first));
        for (Entry entry : entries) {
            byte[] bytes = bytes(entry.file);
            check(entry.file, PngHeader.read(entry.file.toString(), bytes), expected, first);
            sha256.update((relative(folder, entry.file) + "\n" + bytes.length + "\n").getBytes(StandardCharsets.UTF_8));
            sha256.update(bytes);
        }
        DataCard card = new DataCard(
                String.valueOf(folder.getFileName()),
                DataCard.UNKNOWN,
                Digests.finish(sha256),
                DataCard.UNKNOWN,
                "",
                entries.size());
        return new PngFolder(folder, classes, entries, expected, card);
    }

    private static void check(Path file, PngHeader found, PngHeader expected, Path first) throws FormatException {
        if (!found.equals(expected)) {
            throw new FormatException.Corrupt(
                    file.toString(), "expected " + expected + " as " + first + " has, found " + found);
        }
    }

    private static List<Path> sorted(Path folder, Predicate<Path> wanted) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(wanted)
                    .filter(child -> !String.valueOf(child.getFileName()).startsWith("."))
                    .sorted((a, b) -> String.valueOf(a.getFileName()).compareTo(String.valueOf(b.getFileName())))
                    .toList();
        }
    }

    private static boolean isPng(Path file) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(".png") && Files.isRegularFile(file);
    }

    private static byte[] bytes(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(FILE_BYTES_MAX + 1);
            if (bytes.length > FILE_BYTES_MAX) {
                throw new FormatException.Unsupported(
                        file.toString(), "expected at most " + FILE_BYTES_MAX + " bytes, found more");
            }
            return bytes;
        }
    }

    private static String relative(Path folder, Path file) {
        return folder.relativize(file).toString().replace('\\', '/');
    }

    @Override
    public String name() {
        return String.valueOf(folder.toAbsolutePath().normalize().getFileName());
    }

    @Override
    public int size() {
        return entries.size();
    }

    @Override
    public int channels() {
        return header.channels();
    }

    @Override
    public int height() {
        return header.height();
    }

    @Override
    public int width() {
        return header.width();
    }

    @Override
    public float[] image(int index) throws IOException {
        Path file = entries.get(Objects.checkIndex(index, size())).file;
        byte[] bytes = bytes(file);
        check(file, PngHeader.read(file.toString(), bytes), header, entries.get(0).file);
        return PngDecoder.decode(file.toString(), bytes, header);
    }

    @Override
    public int label(int index) {
        return entries.get(Objects.checkIndex(index, size())).label;
    }

    @Override
    public String reference(int index) {
        return relative(folder, entries.get(Objects.checkIndex(index, size())).file);
    }

    @Override
    public List<String> classes() {
        return classes;
    }

    @Override
    public DataCard card() {
        return card;
    }
}
