package dev.weft.checkpoints.format.parquet;

import dev.weft.checkpoints.format.AtomicFile;
import dev.weft.checkpoints.format.parquet.ParquetColumn.Type;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * Writes tables as Parquet files. Memory is bounded: one row group's short columns, or one page of lists, whichever is larger.
 */
public final class ParquetWriter {

    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final int FORMAT_VERSION = 2;
    private static final int MOST_ROWS_IN_A_GROUP = 10_000;
    private static final long MOST_FLOATS_IN_A_GROUP = 1 << 24; // 64 MiB
    private static final int MOST_FLOATS_IN_A_PAGE = 1 << 18; // 1 MiB
    private static final int PLAIN = 0;
    private static final int RLE = 3;
    private static final int UNCOMPRESSED = 0;

    private final List<ParquetColumn> columns;
    private final ParquetRows rows;
    private final Counting out;
    private final List<Consumer<CompactStruct>> groups = new ArrayList<>();

    /** A stream that knows how much was written. */
    private static final class Counting {
        private final OutputStream out;
        private long position;

        Counting(OutputStream out) {
            this.out = out;
        }

        void write(byte[] bytes) throws IOException {
            out.write(bytes);
            position += bytes.length;
        }
    }

    /** What a row group's column takes. */
    private record Chunk(ParquetColumn column, long offset, long bytes, long values) {

        void describe(CompactStruct chunk) {
            chunk.i64(2, offset)
                    .struct(
                            3,
                            meta -> meta.i32(1, column.physical())
                                    .i32s(2, List.of(PLAIN, RLE))
                                    .texts(3, column.path())
                                    .i32(4, UNCOMPRESSED)
                                    .i64(5, values)
                                    .i64(6, bytes)
                                    .i64(7, bytes)
                                    .i64(9, offset));
        }
    }

    private ParquetWriter(List<ParquetColumn> columns, ParquetRows rows, OutputStream out) {
        this.columns = columns;
        this.rows = rows;
        this.out = new Counting(out);
    }

    /**
     * Writes or replaces a file; it appears whole or not at all.
     *
     * @param metadata free texts
     * @param written called with the number of rows after each group of rows
     */
    public static void write(
            List<ParquetColumn> columns, ParquetRows rows, Map<String, String> metadata, Path file, IntConsumer written)
            throws IOException {
        AtomicFile.write(file, channel -> {
            OutputStream stream = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
            new ParquetWriter(List.copyOf(columns), rows, stream).write(metadata, written);
            stream.flush();
        });
    }

    private void write(Map<String, String> metadata, IntConsumer written) throws IOException {
        out.write(MAGIC);
        int first = 0;
        while (first < rows.size()) {
            int end = groupEnd(first);
            group(first, end);
            written.accept(end);
            first = end;
        }
        byte[] footer = footer(metadata);
        out.write(footer);
        out.write(little(footer.length));
        out.write(MAGIC);
    }

    /** Returns where a group of rows ends: at a number of rows or of floats. */
    private int groupEnd(int first) throws IOException {
        long floats = 0;
        int end = first;
        while (end < rows.size() && end - first < MOST_ROWS_IN_A_GROUP) {
            for (int c = 0; c < columns.size(); c++) {
                floats += columns.get(c).type() == Type.FLOATS ? rows.length(c, end) : 0;
            }
            if (floats > MOST_FLOATS_IN_A_GROUP && end > first) {
                break;
            }
            end++;
        }
        return end;
    }

    private void group(int first, int end) throws IOException {
        List<Chunk> chunks = new ArrayList<>();
        for (int c = 0; c < columns.size(); c++) {
            long start = out.position;
            long values = columns.get(c).type() == Type.FLOATS ? lists(c, first, end) : scalars(c, first, end);
            chunks.add(new Chunk(columns.get(c), start, out.position - start, values));
        }
        long bytes = chunks.stream().mapToLong(Chunk::bytes).sum();
        groups.add(group -> group.structs(
                        1,
                        chunks.stream()
                                .<Consumer<CompactStruct>>map(chunk -> chunk::describe)
                                .toList())
                .i64(2, bytes)
                .i64(3, end - first));
    }

    private long scalars(int column, int first, int end) throws IOException {
        PlainValues values = new PlainValues();
        for (int row = first; row < end; row++) {
            switch (columns.get(column).type()) {
                case TEXT -> values.text(rows.text(column, row));
                case INT32 -> values.int32((int) rows.integer(column, row));
                case INT64 -> values.int64(rows.integer(column, row));
                case FLOAT64 -> values.float64(rows.real(column, row));
                case FLOATS -> throw new IllegalStateException("lists have pages of their own");
            }
        }
        page(values.bytes().length, end - first);
        out.write(values.bytes());
        return end - first;
    }

    /** Writes pages of whole rows, so that no more than a page, or one long list, is in memory. */
    private long lists(int column, int first, int end) throws IOException {
        long values = 0;
        List<float[]> page = new ArrayList<>();
        int floats = 0;
        for (int row = first; row < end; row++) {
            float[] list = rows.floats(column, row);
            if (!page.isEmpty() && floats + (long) list.length > MOST_FLOATS_IN_A_PAGE) {
                values += lists(page, floats);
                page.clear();
                floats = 0;
            }
            page.add(list);
            floats += list.length;
        }
        return values + lists(page, floats);
    }

    private long lists(List<float[]> page, int floats) throws IOException {
        byte[] levels = ListLevels.of(page.stream().map(list -> list.length).toList());
        int entries =
                page.stream().mapToInt(list -> Math.max(1, list.length)).sum(); // an empty list takes an entry, too
        page(Math.addExact(levels.length, Math.multiplyExact(floats, Float.BYTES)), entries);
        out.write(levels);
        for (float[] list : page) {
            ByteBuffer bytes = ByteBuffer.allocate(list.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(list);
            out.write(bytes.array());
        }
        return entries;
    }

    private void page(int bytes, int values) throws IOException {
        out.write(CompactStruct.bytes(header -> header.i32(1, 0)
                .i32(2, bytes)
                .i32(3, bytes)
                .struct(5, data -> data.i32(1, values).i32(2, PLAIN).i32(3, RLE).i32(4, RLE))));
    }

    private byte[] footer(Map<String, String> metadata) {
        List<Consumer<CompactStruct>> schema = new ArrayList<>();
        schema.add(root -> root.text(4, "schema").i32(5, columns.size()));
        columns.forEach(column -> schema.addAll(column.schema()));
        List<Consumer<CompactStruct>> texts = new ArrayList<>();
        new TreeMap<>(metadata)
                .forEach((key, value) -> texts.add(pair -> pair.text(1, key).text(2, value)));
        return CompactStruct.bytes(file -> file.i32(1, FORMAT_VERSION)
                .structs(2, schema)
                .i64(3, rows.size())
                .structs(4, groups)
                .structs(5, texts)
                .text(6, "weft"));
    }

    private static byte[] little(int value) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }
}
