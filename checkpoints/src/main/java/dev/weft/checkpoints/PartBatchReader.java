package dev.weft.checkpoints;

import dev.weft.network.Architecture;
import dev.weft.network.FormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.RecordBatch;

/** Cuts the mapped body of a record batch into checked columns. */
final class PartBatchReader {

    private static final ByteBuffer NO_OFFSETS = ByteBuffer.allocate(0).asReadOnlyBuffer();
    private static final Split[] SPLITS = Split.values();
    private static final byte[][] SPLIT_TEXTS = Arrays.stream(SPLITS)
            .map(split -> split.text().getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new);

    private final String name;
    private final Architecture architecture;
    private final ZooColumns columns;
    private final int classes;
    private final RecordBatch batch;
    private final ByteBuffer body;
    private final int rows;
    private int nextNode;
    private int nextBuffer;

    PartBatchReader(String name, ZooHeader header, Architecture architecture, RecordBatch batch, ByteBuffer body) {
        this.name = name;
        this.architecture = architecture;
        this.columns = ZooColumns.of(header.metrics());
        this.classes = header.classes().isEmpty()
                ? Integer.MAX_VALUE
                : header.classes().size();
        this.batch = batch;
        this.body = body;
        this.rows = (int) batch.length();
    }

    PartBatch read() throws FormatException {
        int nodes = columns.columns().size() + 1;
        if (batch.nodesLength() != nodes || batch.buffersLength() != columns.buffers()) {
            throw new FormatException.Corrupt(
                    name,
                    "expected " + nodes + " nodes and " + columns.buffers() + " buffers, found " + batch.nodesLength()
                            + " and " + batch.buffersLength());
        }
        List<ByteBuffer> offsets = new ArrayList<>();
        List<ByteBuffer> data = new ArrayList<>();
        for (ZooColumns.Column column : columns.columns()) {
            node(column, rows);
            buffer(column, "validity", 0);
            switch (column.type()) {
                case UTF8 -> {
                    ByteBuffer at = buffer(column, "offsets", (rows + 1L) * Integer.BYTES);
                    ByteBuffer text = buffer(column, "text", 0);
                    checkOffsets(column, at, text.capacity());
                    offsets.add(at);
                    data.add(text);
                }
                case PARAMETERS -> {
                    long values = rows * architecture.parameterCount();
                    node(column, values);
                    buffer(column, "validity", 0);
                    offsets.add(NO_OFFSETS);
                    data.add(buffer(column, "values", values * Float.BYTES));
                }
                default -> {
                    offsets.add(NO_OFFSETS);
                    data.add(
                            buffer(column, "values", (long) rows * column.type().bytes()));
                }
            }
        }
        checkLabels(data.get(ZooColumns.LABEL));
        return new PartBatch(
                rows,
                architecture,
                columns,
                offsets,
                data,
                splits(offsets.get(ZooColumns.SPLIT), data.get(ZooColumns.SPLIT)));
    }

    private void node(ZooColumns.Column column, long length) throws FormatException {
        FieldNode node = batch.nodes(nextNode++);
        if (node.length() != length || node.nullCount() != 0) {
            throw corrupt(
                    column,
                    "expected " + length + " values, none of them null, found " + node.length() + " with "
                            + node.nullCount() + " nulls");
        }
    }

    /** Returns the next buffer, cut to {@code length} bytes, or whole if {@code length} is 0. */
    private ByteBuffer buffer(ZooColumns.Column column, String what, long length) throws FormatException {
        Buffer buffer = batch.buffers(nextBuffer++);
        long offset = buffer.offset();
        if (offset < 0
                || offset > body.capacity()
                || buffer.length() < 0
                || buffer.length() > body.capacity() - offset
                || offset % Float.BYTES != 0) {
            throw corrupt(
                    column,
                    what + ": expected a place within the batch's " + body.capacity() + " bytes, found "
                            + buffer.length() + " bytes at " + offset);
        }
        if (buffer.length() < length) {
            throw corrupt(column, what + ": expected " + length + " bytes, found " + buffer.length());
        }
        return body.slice((int) offset, (int) (length == 0 ? buffer.length() : length))
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    private void checkOffsets(ZooColumns.Column column, ByteBuffer offsets, int textLength) throws FormatException {
        int previous = 0;
        for (int row = 0; row <= rows; row++) {
            int offset = offsets.getInt(row * Integer.BYTES);
            if (offset < previous || offset > textLength) {
                throw corrupt(
                        column,
                        "row " + row + ": expected an offset in [" + previous + ", " + textLength + "], found "
                                + offset);
            }
            previous = offset;
        }
    }

    private void checkLabels(ByteBuffer labels) throws FormatException {
        for (int row = 0; row < rows; row++) {
            int label = labels.getInt(row * Integer.BYTES);
            if (label < ZooRow.NO_LABEL || label >= classes) {
                throw corrupt(
                        columns.columns().get(ZooColumns.LABEL),
                        "row " + row + ": expected -1 or the number of one of " + classes + " classes, found " + label);
            }
        }
    }

    private List<Split> splits(ByteBuffer offsets, ByteBuffer texts) throws FormatException {
        Split[] splits = new Split[rows];
        int from = offsets.getInt(0);
        for (int row = 0; row < rows; row++) {
            int to = offsets.getInt((row + 1) * Integer.BYTES);
            splits[row] = split(texts, row, from, to);
            from = to;
        }
        return Arrays.asList(splits);
    }

    private Split split(ByteBuffer texts, int row, int from, int to) throws FormatException {
        for (int i = 0; i < SPLITS.length; i++) {
            if (equal(texts, from, to, SPLIT_TEXTS[i])) {
                return SPLITS[i];
            }
        }
        throw corrupt(
                columns.columns().get(ZooColumns.SPLIT),
                "row " + row + ": expected train, val or test, found '"
                        + StandardCharsets.UTF_8.decode(texts.slice(from, to - from)) + "'");
    }

    private static boolean equal(ByteBuffer texts, int from, int to, byte[] text) {
        if (to - from != text.length) {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            if (texts.get(from + i) != text[i]) {
                return false;
            }
        }
        return true;
    }

    private FormatException corrupt(ZooColumns.Column column, String what) {
        return new FormatException.Corrupt(name + ", column '" + column.name() + "'", what);
    }
}
