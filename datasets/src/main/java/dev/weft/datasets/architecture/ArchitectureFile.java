package dev.weft.datasets.architecture;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.checkpoints.format.AtomicFile;
import dev.weft.metanets.task.StrictJson;
import dev.weft.network.FormatException;
import dev.weft.network.family.CellNetwork;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.message.ArrowBlock;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Sampled networks as an Arrow IPC file, one row a network: {@code id}, {@code split}, {@code config} (JSON), {@code widths}
 * (JSON), {@code hash}, {@code nodes}, {@code parameters}. Graphs and distances are not kept; they follow from the config.
 *
 * @param space that they were drawn from
 * @param seed of the draw
 */
public record ArchitectureFile(String space, long seed, List<SampledNetwork> networks) {

    public static final String FORMAT = "weft-architectures";
    public static final int VERSION = 1;

    private static final int BATCH = 4096;
    private static final long SPARE = 1 << 20; // bytes that reading may take beside twice the file
    private static final List<String> TEXTS = List.of("id", "split", "config", "widths", "hash");

    public ArchitectureFile {
        networks = List.copyOf(networks);
    }

    /** Returns the networks of one split. */
    public List<SampledNetwork> of(ArchitectureSplit split) {
        return networks.stream().filter(network -> network.split() == split).toList();
    }

    /** A record that holds a list, for JSON. */
    record Widths(List<Integer> values) {}

    private static Schema schema(Map<String, String> metadata) {
        List<Field> fields = new ArrayList<>();
        TEXTS.forEach(name -> fields.add(new Field(name, FieldType.notNullable(new ArrowType.Utf8()), null)));
        fields.add(new Field("nodes", FieldType.notNullable(new ArrowType.Int(Integer.SIZE, true)), null));
        fields.add(new Field("parameters", FieldType.notNullable(new ArrowType.Int(Long.SIZE, true)), null));
        return new Schema(fields, metadata);
    }

    /** Writes or replaces a file; it appears whole or not at all. */
    public void write(Path file) throws IOException {
        Map<String, String> metadata = Map.of(
                "format", FORMAT, "version", String.valueOf(VERSION), "space", space, "seed", String.valueOf(seed));
        AtomicFile.write(file, channel -> {
            try (BufferAllocator allocator = new RootAllocator();
                    VectorSchemaRoot root = VectorSchemaRoot.create(schema(metadata), allocator);
                    ArrowFileWriter writer = new ArrowFileWriter(root, null, new Unclosed(channel))) {
                writer.start();
                for (int from = 0; from < networks.size(); from += BATCH) {
                    fill(root, networks.subList(from, Math.min(networks.size(), from + BATCH)));
                    writer.writeBatch();
                }
                writer.end();
            }
        });
    }

    /** A file that Arrow's writer may not close: whoever opened it still has to sync it. */
    private record Unclosed(FileChannel channel) implements WritableByteChannel {
        @Override
        public int write(ByteBuffer bytes) throws IOException {
            return channel.write(bytes);
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() {}
    }

    private static void fill(VectorSchemaRoot root, List<SampledNetwork> rows) {
        root.clear();
        texts(root, "id", rows, SampledNetwork::id);
        texts(root, "split", rows, row -> row.split().text());
        texts(root, "config", rows, row -> StrictJson.line(row.config()));
        texts(root, "widths", rows, row -> StrictJson.line(new Widths(row.widths())));
        texts(root, "hash", rows, SampledNetwork::hash);
        IntVector nodes = (IntVector) root.getVector("nodes");
        BigIntVector parameters = (BigIntVector) root.getVector("parameters");
        for (int i = 0; i < rows.size(); i++) {
            nodes.setSafe(i, rows.get(i).nodes());
            parameters.setSafe(i, rows.get(i).parameters());
        }
        root.setRowCount(rows.size());
    }

    private static void texts(
            VectorSchemaRoot root, String name, List<SampledNetwork> rows, Function<SampledNetwork, String> text) {
        VarCharVector column = (VarCharVector) root.getVector(name);
        for (int i = 0; i < rows.size(); i++) {
            column.setSafe(i, text.apply(rows.get(i)).getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * Reads a file.
     *
     * @throws FormatException if it is damaged, of another kind, or of another version
     */
    public static ArchitectureFile read(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        if (Files.isDirectory(file)) {
            throw new IllegalArgumentException(file + ": expected a file of architectures, found a directory");
        }
        try (FileChannel channel = FileChannel.open(file);
                BufferAllocator allocator = new RootAllocator(2 * channel.size() + SPARE);
                ArrowFileReader reader = new ArrowFileReader(channel, allocator)) {
            VectorSchemaRoot root = reader.getVectorSchemaRoot();
            Map<String, String> metadata = root.getSchema().getCustomMetadata();
            requireKind(file, metadata, root);
            List<SampledNetwork> networks = new ArrayList<>();
            for (ArrowBlock block : reader.getRecordBlocks()) {
                reader.loadRecordBatch(block);
                for (int row = 0; row < root.getRowCount(); row++) {
                    networks.add(network(file + ": row " + networks.size(), root, row));
                }
            }
            long seed = Long.parseLong(metadata.getOrDefault("seed", "0"));
            return new ArchitectureFile(metadata.getOrDefault("space", ""), seed, networks);
        } catch (FormatException | FileSystemException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // Arrow has no one exception for damage
            throw new FormatException.Corrupt(
                    file.toString(), "expected an Arrow file of architectures: " + e.getMessage(), e);
        }
    }

    private static void requireKind(Path file, Map<String, String> metadata, VectorSchemaRoot root)
            throws FormatException {
        String format = metadata.getOrDefault("format", "none");
        if (!format.equals(FORMAT)) {
            throw new FormatException.Corrupt(
                    file.toString(), "expected format '" + FORMAT + "', found '" + format + "'");
        }
        int version = Integer.parseInt(metadata.getOrDefault("version", "0"));
        if (version > VERSION) {
            throw new FormatException.TooNew(file.toString(), version, VERSION);
        } else if (version < VERSION) {
            throw new FormatException.TooOld(file.toString(), version, VERSION);
        }
        Schema expected = schema(metadata);
        if (!expected.equals(root.getSchema())) {
            throw new FormatException.Corrupt(
                    file.toString(),
                    "expected columns " + expected.getFields() + ", found "
                            + root.getSchema().getFields());
        }
    }

    private static SampledNetwork network(String where, VectorSchemaRoot root, int row) throws FormatException {
        JsonNode config = StrictJson.parse(where + ": config", text(root, "config", row));
        JsonNode widths = StrictJson.parse(where + ": widths", text(root, "widths", row));
        return new SampledNetwork(
                text(root, "id", row),
                ArchitectureSplit.of(text(root, "split", row)),
                StrictJson.bind(where + ": config", config, CellNetwork.Config.class),
                StrictJson.bind(where + ": widths", widths, Widths.class).values(),
                text(root, "hash", row),
                ((IntVector) vector(root, "nodes")).get(row),
                ((BigIntVector) vector(root, "parameters")).get(row));
    }

    private static FieldVector vector(VectorSchemaRoot root, String name) {
        return root.getVector(name);
    }

    private static String text(VectorSchemaRoot root, String name, int row) {
        VarCharVector column = (VarCharVector) vector(root, name);
        int begin = column.getStartOffset(row);
        int end = column.getEndOffset(row);
        if (begin < 0 || end < begin || end > column.getDataBuffer().capacity()) { // get() would allocate it unchecked
            throw new IllegalArgumentException("column " + name + ": row " + row + " has offsets " + begin + " to "
                    + end + " in " + column.getDataBuffer().capacity() + " bytes");
        }
        return new String(column.get(row), StandardCharsets.UTF_8);
    }
}
