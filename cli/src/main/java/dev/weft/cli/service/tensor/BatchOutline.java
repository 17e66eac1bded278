package dev.weft.cli.service.tensor;

import dev.weft.cli.service.problem.Problem;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.RecordBatch;

/**
 * The counts and lengths in the metadata of a batch of tensors. A node says how many values a column has, and buffers where in
 * the body they lie; Arrow's loader leaves buffers behind when these do not fit together.
 *
 * <p>The columns of {@link TensorSchema} have five nodes (name, shape, its sizes, values, their numbers) and eleven buffers:
 * validity, offsets and bytes of the name; validity and offsets of a list; validity and values of what is in it.
 */
public final class BatchOutline {

    static final int NODES = 5;
    static final int NAME_OFFSETS = 1;
    static final int NAME_BYTES = 2;
    static final int SHAPE_OFFSETS = 4;
    static final int SIZES = 6;
    static final int VALUE_OFFSETS = 8;
    static final int NUMBERS = 10;

    private static final int BUFFERS = 11;
    private static final int NAME_NODE = 0;
    private static final int SHAPE_NODE = 1;
    private static final int VALUES_NODE = 3;

    private final RecordBatch batch;
    private final long body;

    private BatchOutline(RecordBatch batch, long body) {
        this.batch = batch;
        this.body = body;
    }

    /**
     * Refuses a batch whose metadata do not fit a body.
     *
     * @param body its length in bytes
     */
    public static void require(RecordBatch batch, long body) {
        new BatchOutline(batch, body).require();
    }

    private void require() {
        require(batch.compression() == null, "it is compressed");
        require(
                batch.nodesLength() == NODES && batch.buffersLength() == BUFFERS,
                "it has " + batch.nodesLength() + " nodes and " + batch.buffersLength() + " buffers");
        requireOffsets(NAME_NODE, NAME_OFFSETS);
        requireLength(NAME_BYTES, 0);
        requireList(SHAPE_NODE, SHAPE_OFFSETS, SIZES, Long.BYTES);
        requireList(VALUES_NODE, VALUE_OFFSETS, NUMBERS, Float.BYTES);
    }

    /** @param width bytes of a value in the list */
    private void requireList(int node, int offsets, int values, int width) {
        requireOffsets(node, offsets);
        requireNode(node + 1, values - 1);
        requireLength(values, batch.nodes(node + 1).length() * width);
    }

    /** Checks a column of which each row says where its part of another buffer begins. */
    private void requireOffsets(int node, int offsets) {
        long rows = batch.nodes(node).length();
        require(rows == batch.length(), "node " + node + " has " + rows + " rows of " + batch.length());
        requireNode(node, offsets - 1);
        requireLength(offsets, rows == 0 ? 0 : (rows + 1) * Integer.BYTES);
    }

    /** Checks the counts and, if not all values are there, the buffer that says which are. */
    private void requireNode(int node, int validity) {
        FieldNode counts = batch.nodes(node);
        boolean sound = counts.length() >= 0
                && counts.length() <= Integer.MAX_VALUE
                && counts.nullCount() >= 0
                && counts.nullCount() <= counts.length();
        require(sound, "node " + node + " has " + counts.length() + " values, " + counts.nullCount() + " of them null");
        requireLength(validity, counts.nullCount() == 0 ? 0 : (counts.length() + Byte.SIZE - 1) / Byte.SIZE);
    }

    private void requireLength(int index, long least) {
        Buffer buffer = batch.buffers(index);
        boolean inside = buffer.offset() >= 0 && buffer.length() >= 0 && buffer.offset() <= body - buffer.length();
        require(
                inside && buffer.length() >= least,
                "buffer " + index + " has " + buffer.length() + " bytes at " + buffer.offset() + " of " + body
                        + " and must have " + least);
    }

    private static void require(boolean condition, String found) {
        if (!condition) {
            throw Problem.BAD_CHECKPOINT.because("expected a record batch of tensors, but " + found);
        }
    }
}
