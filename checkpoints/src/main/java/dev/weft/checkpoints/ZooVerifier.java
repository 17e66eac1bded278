package dev.weft.checkpoints;

import dev.weft.checkpoints.ZooVerification.Problem;
import dev.weft.checkpoints.format.AtomicFile;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Looks at every byte of a zoo, finished or not: digests and lengths, schemas and offsets, finite parameters, texts,
 * unique ids, runs that are in one split only, files that do not belong. It goes on after a problem.
 */
public final class ZooVerifier {

    /** How many problems are kept; all are counted. */
    public static final int MAX_PROBLEMS = 100;

    private final Path folder;
    private final ZooManifest manifest;
    private final ZooHeader header;
    private final ZooColumns columns;
    private final List<Problem> problems = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();
    private final Map<String, Split> splitOfRun = new HashMap<>();
    private int problemCount;
    private int parts;
    private long rows;
    private long bytes;

    private ZooVerifier(Path folder, ZooManifest manifest) {
        this.folder = folder;
        this.manifest = manifest;
        this.header = manifest.header();
        this.columns = ZooColumns.of(header.metrics());
    }

    /**
     * Verifies a zoo.
     *
     * @throws FormatException if there is no telling what the zoo should be, because its manifest cannot be read
     */
    public static ZooVerification verify(Path folder) throws IOException {
        return new ZooVerifier(folder, ZooManifest.read(folder)).verify();
    }

    private ZooVerification verify() throws IOException {
        for (int i = 0; i < header.parts(); i++) {
            part(i);
        }
        if (manifest.state() != ZooManifest.State.COMPLETE) {
            problem(ZooManifest.FILE, "expected a complete zoo, found " + parts + " of " + header.parts() + " parts");
        }
        foreignFiles();
        return new ZooVerification(
                folder.toString(), header.name(), manifest.state(), parts, rows, bytes, problems, problemCount);
    }

    private void problem(String where, String what) {
        problemCount++;
        if (problems.size() < MAX_PROBLEMS) {
            problems.add(new Problem(where, what));
        }
    }

    private void part(int index) throws IOException {
        ZooHeader.Part part = header.part(index);
        Path file = folder.resolve(part.path());
        if (!Files.exists(file)) {
            if (manifest.state() == ZooManifest.State.COMPLETE) {
                problem(part.path(), "expected a file, found none");
            }
            return;
        }
        parts++;
        bytes += Files.size(file);
        if (manifest.state() == ZooManifest.State.COMPLETE) {
            digest(manifest.parts().get(index), file);
        }
        try {
            for (PartBatch batch : PartReader.read(folder, header, index)) {
                batch(part.path(), batch);
            }
        } catch (FormatException e) {
            problem(part.path(), String.valueOf(e.getMessage()));
        }
    }

    private void digest(ZooManifest.PartFile expected, Path file) throws IOException {
        long length = Files.size(file);
        if (length != expected.bytes()) {
            problem(expected.path(), "expected " + expected.bytes() + " bytes, found " + length);
            return;
        }
        String found = Digest.sha256(file);
        if (!found.equals(expected.sha256())) {
            problem(expected.path(), "expected SHA-256 " + expected.sha256() + ", found " + found);
        }
    }

    private void batch(String path, PartBatch batch) {
        rows += batch.rows();
        FloatBuffer parameters =
                batch.parameters().duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        float[] values = new float[batch.width()];
        for (int row = 0; row < batch.rows(); row++) {
            String id = batch.text(ZooColumns.ID, row);
            String where = path + ", row '" + id + "'";
            if (!ids.add(id)) {
                problem(where, "expected an id that no other row has");
            }
            run(where, batch, row);
            texts(where, batch, row);
            parameters.get(row * values.length, values);
            finite(where, batch, values);
        }
    }

    private void run(String where, PartBatch batch, int row) {
        String run = batch.text(ZooColumns.RUN_ID, row);
        Split split = batch.splits().get(row);
        Split before = splitOfRun.putIfAbsent(run, split);
        if (before != null && before != split) {
            problem(
                    where,
                    "expected run '" + run + "' in one split, found it in " + before.text() + " and " + split.text());
        }
    }

    private void texts(String where, PartBatch batch, int row) {
        for (int column : List.of(ZooColumns.ID, ZooColumns.RUN_ID, columns.source())) {
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(batch.bytes(column, row)));
            } catch (CharacterCodingException e) {
                problem(where, "column '" + columns.columns().get(column).name() + "': expected UTF-8");
            }
        }
        String fingerprint = batch.text(columns.architecture(), row);
        if (!fingerprint.equals(batch.architecture().fingerprint())) {
            problem(where, "expected architecture " + batch.architecture().fingerprint() + ", found " + fingerprint);
        }
    }

    private void finite(String where, PartBatch batch, float[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                problem(
                        where,
                        "expected finite parameters, found " + values[i] + " at "
                                + ParameterPosition.of(batch.architecture(), i));
                return;
            }
        }
    }

    /** Readers of Arrow data sets pass over names that begin so; whoever makes a zoo may keep notes beside the manifest. */
    private boolean isNote(Path file) {
        return folder.equals(file.getParent())
                && String.valueOf(file.getFileName()).startsWith("_")
                && !AtomicFile.isTemporary(file);
    }

    /** Reports files that readers of the folder would stumble over, and leftovers of killed writers. */
    private void foreignFiles() throws IOException {
        Set<Path> known = new HashSet<>();
        known.add(folder.resolve(ZooManifest.FILE));
        for (int i = 0; i < header.parts(); i++) {
            known.add(folder.resolve(header.part(i).path()));
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(file -> !Files.isDirectory(file) && !known.contains(file) && !isNote(file))
                    .sorted()
                    .forEach(file -> problem(folder.relativize(file).toString(), "expected no such file in a zoo"));
        }
    }
}
