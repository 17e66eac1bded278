package dev.weft.checkpoints;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.ValueVectorUtility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our parts against Arrow's own reader and writer. */
class ArrowFilesTest {

    @TempDir
    Path folder;

    @Test
    void arrowReadsOurParts() throws IOException {
        ZooHeader header = SmallZoo.write(folder, 7, 4);
        try (BufferAllocator allocator = new RootAllocator();
                FileChannel channel =
                        FileChannel.open(folder.resolve(header.part(1).path()), StandardOpenOption.READ);
                ArrowFileReader reader = new ArrowFileReader(channel, allocator)) {
            assertTrue(reader.loadNextBatch());
            VectorSchemaRoot root = reader.getVectorSchemaRoot();
            ValueVectorUtility.validate(root); // validateFull cannot do lists of a fixed size
            assertEquals(3, root.getRowCount());
            assertEquals(
                    SmallZoo.SIREN.toJson(),
                    root.getSchema().getCustomMetadata().get("weft.architecture"));
            for (int i = 0; i < 3; i++) {
                assertRow(SmallZoo.row(4 + i, SmallZoo.SIREN), root, i);
            }
            assertFalse(reader.loadNextBatch());
        }
    }

    private static void assertRow(ZooRow row, VectorSchemaRoot root, int i) {
        assertEquals(row.id(), text(root, "id", i));
        assertEquals(row.runId(), text(root, "run_id", i));
        assertEquals(row.step(), ((BigIntVector) root.getVector("step")).get(i));
        assertEquals(row.split().text(), text(root, "split", i));
        assertEquals(row.label(), ((IntVector) root.getVector("label")).get(i));
        assertEquals(row.metrics()[0], ((Float8Vector) root.getVector("metric_psnr")).get(i));
        assertEquals(row.metrics()[1], ((Float8Vector) root.getVector("metric_loss")).get(i));
        assertEquals(row.source(), text(root, "source", i));
        assertEquals(row.seed(), ((BigIntVector) root.getVector("seed")).get(i));
        assertEquals(SmallZoo.SIREN.fingerprint(), text(root, "architecture", i));
        Float4Vector values = (Float4Vector) ((FixedSizeListVector) root.getVector("parameters")).getDataVector();
        for (int p = 0; p < 13; p++) {
            assertEquals(row.parameters()[p], values.get(13 * i + p));
        }
    }

    private static String text(VectorSchemaRoot root, String column, int i) {
        return new String(((VarCharVector) root.getVector(column)).get(i), StandardCharsets.UTF_8);
    }

    @Test
    void refusesColumnsOfAnotherType() throws IOException {
        assertRefused(
                "label",
                field -> field("label", new ArrowType.Int(64, true)),
                "column 'label': expected type int32, found int64");
        assertRefused(
                "label",
                field -> field("label", new ArrowType.Int(32, false)),
                "column 'label': expected type int32, found uint32");
        assertRefused(
                "id",
                field -> field("id", ArrowType.LargeUtf8.INSTANCE),
                "column 'id': expected type utf8, found Large");
        assertRefused(
                "parameters",
                field -> new Field(
                        "parameters", field.getFieldType(), List.of(field("item", new ArrowType.Int(32, true)))),
                "column 'parameters': expected type fixed_size_list<float32>[13], found fixed_size_list<?>[13]");
    }

    private void assertRefused(String column, UnaryOperator<Field> change, String message) throws IOException {
        ZooHeader header = SmallZoo.header(1, 1);
        Schema ours = ZooColumns.of(header.metrics()).schema(SmallZoo.SIREN);
        List<Field> fields = new ArrayList<>();
        ours.getFields().forEach(f -> fields.add(f.getName().equals(column) ? change.apply(f) : f));
        Path part = folder.resolve(header.part(0).path());
        Files.createDirectories(part.getParent());
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root =
                        VectorSchemaRoot.create(new Schema(fields, ours.getCustomMetadata()), allocator);
                FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                ArrowFileWriter writer = new ArrowFileWriter(root, null, channel)) {
            root.allocateNew();
            writer.writeBatch();
        }
        FormatException e = assertThrows(FormatException.class, () -> PartReader.read(folder, header, 0));
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    private static Field field(String name, ArrowType type) {
        return new Field(name, FieldType.notNullable(type), List.of());
    }
}
