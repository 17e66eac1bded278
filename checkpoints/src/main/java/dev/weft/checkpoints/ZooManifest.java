package dev.weft.checkpoints;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.weft.checkpoints.format.AtomicFile;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * The file {@value #FILE} of a zoo. The underscore keeps Arrow's data set readers from taking it for data.
 *
 * @param state whether all parts are there
 * @param header what was settled before the first row
 * @param parts in order, once the zoo is complete; empty before
 */
public record ZooManifest(State state, ZooHeader header, List<PartFile> parts) {

    /** The manifest's name in the zoo's folder. */
    public static final String FILE = "_zoo.json";

    private static final long SIZE_LIMIT = 1L << 28;

    /** A zoo is {@code WRITING} from its first moment until {@link ZooWriter#finish()}. */
    public enum State {
        @JsonProperty("writing")
        WRITING,
        @JsonProperty("complete")
        COMPLETE
    }

    /**
     * What is known about a part's file.
     *
     * @param path relative to the zoo, with slashes
     * @param rows number of rows
     * @param bytes length of the file
     * @param sha256 digest of the file in 64 hexadecimal digits
     */
    public record PartFile(String path, long rows, long bytes, String sha256) {}

    /** Checks that the parts are those that the header asks for. */
    public ZooManifest {
        parts = List.copyOf(parts);
        int expected = state == State.COMPLETE ? header.parts() : 0;
        if (parts.size() != expected) {
            throw new IllegalArgumentException("expected " + expected + " parts, found " + parts.size());
        }
        for (int i = 0; i < expected; i++) {
            check(header.part(i), parts.get(i));
        }
    }

    private static void check(ZooHeader.Part expected, PartFile found) {
        if (!found.path.equals(expected.path()) || found.rows != expected.rows()) {
            throw new IllegalArgumentException("part " + expected.index() + ": expected " + expected.path() + " with "
                    + expected.rows() + " rows, found " + found.path + " with " + found.rows);
        }
        if (found.bytes < 0 || !found.sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("part " + expected.index() + ": expected a length and a SHA-256, found "
                    + found.bytes + " and '" + found.sha256 + "'");
        }
    }

    /** Reads the manifest of a zoo, finished or not. */
    public static ZooManifest read(Path zoo) throws IOException {
        Path file = zoo.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString(), null, "there is no zoo");
        }
        long size = Files.size(file);
        if (size > SIZE_LIMIT) {
            throw new FormatException.Corrupt(
                    file.toString(), "expected at most " + SIZE_LIMIT + " bytes, found " + size);
        }
        return ZooManifestJson.read(file.toString(), Files.readAllBytes(file));
    }

    /** Writes or replaces the manifest of a zoo. */
    void write(Path zoo) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(ZooManifestJson.write(this));
        AtomicFile.write(zoo.resolve(FILE), channel -> {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }

    /**
     * Returns the SHA-256 of a zoo's manifest file in 64 hexadecimal digits. The manifest has the digests of all parts, so
     * this names the zoo's whole content.
     */
    public static String digest(Path zoo) throws IOException {
        return Digest.sha256(zoo.resolve(FILE));
    }
}
