package dev.weft.cli.service.flight;

import dev.weft.cli.service.problem.Problem;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.RecordBatch;

/**
 * The counts and lengths in the metadata of a batch of tensors. A node says how many values a column has, and buffers where in
 * the body they lie; Arrow's loader leaves buffers behind when these do not fit together.
 *
 * <p>The columns of {@link dev.weft.cli.service.tensor.TensorSchema} have five nodes (name, shape, its sizes, values, their
 * numbers) and eleven buffers (validity, offsets and bytes of the name; validity and offsets of a list; validity and values of
 * what is in it).
 */
final class BatchOutline {

    private static final int NODES = 5;
    private static final int BUFFERS = 11;

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
    static void require(RecordBatch batch, long body) {
        new BatchOutline(batch, body).require();
    }

    private void require() {
        require(batch.compression() == null, "it is compressed");
        require(
                batch.nodesLength() == NODES && batch.buffersLength() == BUFFERS,
                "it has " + batch.nodesLength() + " nodes and " + batch.buffersLength() + " buffers");
        requireRows(0);
        requireOffsets(0, 0);
        requireLength(2, 0);
        requireList(1, 3, Long.BYTES);
        requireList(3, 7, Float.BYTES);
    }

    /** @param width bytes of a value in the list */
    private void requireList(int node, int buffer, int width) {
        requireRows(node);
        requireOffsets(node, buffer);
        requireNode(node + 1, buffer + 2);
        requireLength(buffer + 3, batch.nodes(node + 1).length() * width);
    }

    private void requireRows(int node) {
        long rows = batch.nodes(node).length();
        require(rows == batch.length(), "node " + node + " has " + rows + " rows of " + batch.length());
    }

    private void requireOffsets(int node, int buffer) {
        requireNode(node, buffer);
        long rows = batch.nodes(node).length();
        requireLength(buffer + 1, rows == 0 ? 0 : (rows + 1) * Integer.BYTES);
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
