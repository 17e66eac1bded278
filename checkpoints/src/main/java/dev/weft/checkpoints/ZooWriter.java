package dev.weft.checkpoints;

import dev.weft.checkpoints.format.AtomicFile;
import dev.weft.network.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Writes a zoo part by part.
 *
 * <p>Order of use: 1. {@link #create} or {@link #resume}; 2. {@link #write} for each part for which {@link #isWritten}
 * is false, in any order, from any threads; 3. {@link #finish}. A part appears whole or not at all, so a writer that is
 * killed at any moment leaves whole parts, and who resumes ends with the same bytes as who was never disturbed. One
 * process at a time may write a zoo.
 */
public final class ZooWriter {

    private final Path folder;
    private final ZooHeader header;
    private final ZooColumns columns;

    private ZooWriter(Path folder, ZooHeader header) {
        this.folder = folder;
        this.header = header;
        this.columns = ZooColumns.of(header.metrics());
    }

    /**
     * Begins a zoo.
     *
     * @throws IllegalArgumentException if the folder has something in it
     */
    public static ZooWriter create(Path folder, ZooHeader header) throws IOException {
        requireEmpty(folder);
        return begin(folder, header);
    }

    /**
     * Goes on with a zoo, or begins it if it was not.
     *
     * @throws IllegalArgumentException if the zoo was begun with another header, or the folder holds something else
     */
    public static ZooWriter resume(Path folder, ZooHeader header) throws IOException {
        if (Files.isDirectory(folder)) {
            AtomicFile.removeLeftovers(folder);
        }
        if (!Files.exists(folder.resolve(ZooManifest.FILE))) {
            return create(folder, header);
        }
        List<String> differences = ZooManifest.read(folder).header().differencesTo(header);
        if (!differences.isEmpty()) {
            throw new IllegalArgumentException("zoo " + folder + " was begun with other settings: "
                    + String.join("; ", differences) + "; use the same settings or another folder");
        }
        ZooWriter writer = new ZooWriter(folder, header);
        writer.makeFolders();
        return writer;
    }

    private static ZooWriter begin(Path folder, ZooHeader header) throws IOException {
        Files.createDirectories(folder);
        new ZooManifest(ZooManifest.State.WRITING, header, List.of()).write(folder);
        ZooWriter writer = new ZooWriter(folder, header);
        writer.makeFolders();
        return writer;
    }

    private static void requireEmpty(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            files.findFirst().ifPresent(file -> {
                throw new IllegalArgumentException("folder " + folder + " is not empty, there is " + file.getFileName()
                        + "; resume or use another folder");
            });
        }
    }

    private void makeFolders() throws IOException {
        for (ZooHeader.Group group : header.groups()) {
            Path inside = folder.resolve(group.folder());
            Files.createDirectories(inside);
            AtomicFile.removeLeftovers(inside);
        }
        AtomicFile.syncFolder(folder);
    }

    /** Returns how many parts the zoo has when it is finished. */
    public int parts() {
        return header.parts();
    }

    /** Whether a part is there. */
    public boolean isWritten(int part) {
        return Files.exists(folder.resolve(header.part(part).path()));
    }

    /** Counts the parts that are there. */
    static int partsIn(Path folder, ZooHeader header) {
        ZooWriter writer = new ZooWriter(folder, header);
        return (int)
                IntStream.range(0, header.parts()).filter(writer::isWritten).count();
    }

    /**
     * Writes a part.
     *
     * @param part its number
     * @param rows as many as {@link ZooHeader#part} says
     * @throws IllegalArgumentException if a row does not fit the header, or a parameter is not finite
     */
    public void write(int part, List<ZooRow> rows) throws IOException {
        ZooHeader.Part expected = header.part(part);
        if (rows.size() != expected.rows()) {
            throw new IllegalArgumentException(
                    "part " + part + ": expected " + expected.rows() + " rows, got " + rows.size());
        }
        Set<String> ids = new HashSet<>();
        for (ZooRow row : rows) {
            check(row, expected.architecture());
            if (!ids.add(row.id())) {
                throw new IllegalArgumentException("part " + part + ": two rows are called '" + row.id() + "'");
            }
        }
        AtomicFile.write(
                folder.resolve(expected.path()),
                channel -> PartWriter.write(channel, expected.architecture(), columns, rows));
    }

    private void check(ZooRow row, Architecture architecture) {
        int classes = header.classes().isEmpty()
                ? Integer.MAX_VALUE
                : header.classes().size();
        if (row.label() < ZooRow.NO_LABEL || row.label() >= classes) {
            throw misfit(row, "label -1 or below " + classes, row.label());
        }
        if (row.metrics().length != header.metrics().size()) {
            throw misfit(row, "metrics " + header.metrics(), row.metrics().length + " values");
        }
        float[] values = row.parameters();
        if (values.length != architecture.parameterCount()) {
            throw misfit(row, architecture.parameterCount() + " parameters of " + architecture, values.length);
        }
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw misfit(row, "finite parameters", values[i] + " at " + ParameterPosition.of(architecture, i));
            }
        }
    }

    private static IllegalArgumentException misfit(ZooRow row, String expected, Object found) {
        return new IllegalArgumentException("row '" + row.id() + "': expected " + expected + ", got " + found);
    }

    /**
     * Checks that all parts are there and readable, digests them and marks the zoo complete.
     *
     * @throws IllegalStateException if a part is missing
     */
    public void finish() throws IOException {
        List<ZooManifest.PartFile> parts = new ArrayList<>();
        for (int i = 0; i < header.parts(); i++) {
            if (!isWritten(i)) {
                throw new IllegalStateException("zoo " + folder + ": part " + i + " of " + header.parts()
                        + " is not written, " + partsIn(folder, header) + " are");
            }
            PartReader.read(folder, header, i);
            ZooHeader.Part part = header.part(i);
            Path file = folder.resolve(part.path());
            parts.add(new ZooManifest.PartFile(part.path(), part.rows(), Files.size(file), Digest.sha256(file)));
        }
        new ZooManifest(ZooManifest.State.COMPLETE, header, parts).write(folder);
    }
}
