package dev.weft.checkpoints.format;

import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * A format of named-tensor files.
 *
 * <p>To add one:
 *
 * <ol>
 *   <li>Implement {@link TensorFile}: check everything that its header says before anything is allocated or trusted.
 *   <li>Implement this interface, with a public constructor without arguments.
 *   <li>Name the class in {@code META-INF/services/dev.weft.checkpoints.format.TensorFormat}.
 *   <li>Add a case to the round trip and fuzz tests.
 * </ol>
 */
public interface TensorFormat {

    /** What a format that is not read is called, by its first bytes. */
    Map<String, String> FOREIGN = Map.of(
            "GGUF", "GGUF, a format of llama.cpp",
            "\u0089HDF\r\n", "HDF5, as Keras and older TensorFlow write it",
            "\u0093NUMPY", "a NumPy array",
            "ARROW1", "an Arrow file; zoos are directories of them",
            "PAR1", "Parquet");

    /** Returns the format's name: lower case, without blanks. */
    String name();

    /** Returns the usual ends of file names, the first to be preferred. */
    List<String> extensions();

    /** Returns whether a file looks like one of this format, sound or not. */
    boolean matches(FileStart start);

    /**
     * Opens and checks a file.
     *
     * @throws FormatException if it is damaged or of a kind that is not read
     */
    TensorFile open(Path file) throws IOException;

    /**
     * Writes or replaces a file; it appears whole or not at all. Values are streamed.
     *
     * @throws IllegalArgumentException if the format has no place for a tensor
     */
    void write(TensorSource source, Path file) throws IOException;

    /** Returns all formats. */
    static List<TensorFormat> all() {
        return Known.FORMATS;
    }

    /** Finds a format by {@link #name()}. */
    static Optional<TensorFormat> named(String name) {
        return all().stream().filter(format -> format.name().equals(name)).findFirst();
    }

    /** Finds the format with the longest extension that a file's name ends with. */
    static Optional<TensorFormat> forName(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        TensorFormat best = null;
        int longest = 0;
        for (TensorFormat format : all()) {
            for (String extension : format.extensions()) {
                if (name.endsWith(extension) && extension.length() > longest) {
                    best = format;
                    longest = extension.length();
                }
            }
        }
        return Optional.ofNullable(best);
    }

    /** Tells a file's format by its content; its name does not matter. */
    static TensorFormat of(Path file) throws IOException {
        FileStart start = FileStart.of(file);
        for (TensorFormat format : all()) {
            if (format.matches(start)) {
                return format;
            }
        }
        for (Map.Entry<String, String> foreign : FOREIGN.entrySet()) {
            if (start.has(0, foreign.getKey())) {
                throw new FormatException.Unsupported(file.toString(), "this is " + foreign.getValue());
            }
        }
        throw new FormatException.Unsupported(
                file.toString(),
                "expected one of " + all().stream().map(TensorFormat::name).toList() + ", found "
                        + (start.size() == 0 ? "an empty file" : "none of them"));
    }

    /** Looks through the class path once, which takes longer than opening a file. */
    final class Known {

        private static final List<TensorFormat> FORMATS =
                ServiceLoader.load(TensorFormat.class, TensorFormat.class.getClassLoader()).stream()
                        .map(ServiceLoader.Provider::get)
                        .toList();

        private Known() {}
    }
}
