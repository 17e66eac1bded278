package dev.weft.cli.report;

import dev.weft.network.FormatException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Logs of one record a line, which only grow. A killed process may leave half of a last line: it counts as not written, and
 * the next line takes its place.
 */
public final class JsonLines {

    private JsonLines() {}

    /** A line that says how it came about. */
    public interface OfProtocol {

        /** Returns all settings that decide the line's figures. */
        String protocol();
    }

    /**
     * Returns the whole lines, oldest first, if all were made by the protocol that is expected of them.
     *
     * @param elsewhere where other settings may be tried, for the message
     * @throws IllegalArgumentException if a line was made by another protocol
     * @throws FormatException.Corrupt if a line is not of this record
     */
    public static <T extends Record & OfProtocol> List<T> read(
            Path file, Class<T> type, Function<T, String> expected, String elsewhere) throws IOException {
        List<T> records = read(file, type);
        for (T record : records) {
            if (!record.protocol().equals(expected.apply(record))) {
                throw new IllegalArgumentException(file + " was begun with other settings: expected "
                        + expected.apply(record) + ", found " + record.protocol() + "; give the same settings or "
                        + elsewhere);
            }
        }
        return records;
    }

    /**
     * Returns the whole lines, oldest first; none if there is no such file.
     *
     * @throws FormatException.Corrupt if a line is not of this record
     */
    public static <T extends Record> List<T> read(Path file, Class<T> type) throws IOException {
        List<T> records = new ArrayList<>();
        if (!Files.exists(file)) {
            return records;
        }
        byte[] bytes = Files.readAllBytes(file);
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        String text = new String(bytes, 0, end, StandardCharsets.UTF_8);
        for (String line : text.lines().toList()) {
            records.add(Json.parse(file + ": line " + (records.size() + 1), line, type));
        }
        return records;
    }

    /** Appends a line, behind the last whole one. */
    public static void append(Path file, Record value) throws IOException {
        // No channel: what the line tells is done, so it must be written even when the thread is told to stop.
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.setLength(end(out));
            out.seek(out.length());
            out.write((Json.line(value) + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Returns the position behind the last line feed. */
    private static long end(RandomAccessFile file) throws IOException {
        long end = file.length();
        while (end > 0) {
            file.seek(end - 1);
            if (file.read() == '\n') {
                break;
            }
            end--;
        }
        return end;
    }
}
