package dev.weft.checkpoints.format.parquet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetWriterTest {

    @TempDir
    private Path folder;

    /** Rows with a number and a list each. */
    private record Lists(List<float[]> lists) implements ParquetRows {

        @Override
        public int size() {
            return lists.size();
        }

        @Override
        public String text(int column, int row) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long integer(int column, int row) {
            return row;
        }

        @Override
        public double real(int column, int row) {
            throw new UnsupportedOperationException();
        }

        @Override
        public float[] floats(int column, int row) throws IOException {
            return lists.get(row);
        }

        @Override
        public int length(int column, int row) {
            return lists.get(row).length;
        }
    }

    private static final List<ParquetColumn> COLUMNS = List.of(
            new ParquetColumn("n", ParquetColumn.Type.INT32), new ParquetColumn("x", ParquetColumn.Type.FLOATS));

    /**
     * A struct with fields 1 and 4: their distances 1 and 3 and types in a byte each, -1 as the zigzag 1, a text with its
     * length.
     */
    @Test
    void compactStruct() {
        byte[] bytes = CompactStruct.bytes(struct -> struct.i32(1, -1).text(4, "ab"));
        assertEquals("1501" + "38026162" + "00", HexFormat.of().formatHex(bytes));
    }

    /** Lists of 3, none and 1 values: repetition 0 1 1, 0, 0 and definition 1 1 1, 0, 1 as runs. */
    @Test
    void levels() {
        String repetition = "0200" + "0401" + "0200" + "0200";
        String definition = "0601" + "0200" + "0201";
        assertEquals(
                "08000000" + repetition + "06000000" + definition,
                HexFormat.of().formatHex(ListLevels.of(List.of(3, 0, 1))));
    }

    /** 10,000 rows end a group. */
    @Test
    void groupsOfRows() throws IOException {
        List<Integer> groups = new ArrayList<>();
        Lists rows = new Lists(Collections.nCopies(20_001, new float[] {1, 2}));
        ParquetWriter.write(COLUMNS, rows, Map.of(), folder.resolve("x.parquet"), groups::add);
        assertEquals(List.of(10_000, 20_000, 20_001), groups);
    }

    @Test
    void framedByMagicAndLength() throws IOException {
        Path file = folder.resolve("x.parquet");
        ParquetWriter.write(COLUMNS, new Lists(List.of(new float[] {1})), Map.of("k", "v"), file, rows -> {});
        byte[] bytes = Files.readAllBytes(file);
        byte[] magic = {'P', 'A', 'R', '1'};
        assertArrayEquals(magic, Arrays.copyOf(bytes, 4));
        assertArrayEquals(magic, Arrays.copyOfRange(bytes, bytes.length - 4, bytes.length));
    }

    @Test
    void aFailureLeavesNothingBehind() throws IOException {
        Path file = folder.resolve("x.parquet");
        List<ParquetColumn> texts = List.of(new ParquetColumn("t", ParquetColumn.Type.TEXT));
        assertThrows(
                UnsupportedOperationException.class,
                () -> ParquetWriter.write(texts, new Lists(List.of(new float[0])), Map.of(), file, rows -> {}));
        assertFalse(Files.exists(file));
        try (var left = Files.list(folder)) {
            assertEquals(0, left.count());
        }
    }
}
