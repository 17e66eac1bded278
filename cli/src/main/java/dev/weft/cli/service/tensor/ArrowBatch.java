package dev.weft.cli.service.tensor;

import dev.weft.cli.service.problem.Problem;
import dev.weft.cli.service.upload.Upload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.RecordBatch;

/**
 * A record batch of a {@link TensorSchema} in a file. The five columns in the order in which Arrow lays them out are name, shape,
 * its sizes, values, and their numbers; none of them may have gaps.
 */
final class ArrowBatch {

    private static final int MAX_NAME = 4096;
    private static final int MAX_AXES = 64;

    private final RecordBatch batch;
    private final long body;
    private final long length;
    private final Bytes file;

    /** Reads the file. */
    @FunctionalInterface
    interface Bytes {
        ByteBuffer read(long position, int length) throws IOException;
    }

    /** Where a row's part of a column lies. */
    private record Range(int begin, int end) {}

    /**
     * @param body position of the first byte behind the metadata
     * @param length of the body, all of it in the file
     */
    ArrowBatch(RecordBatch batch, long body, long length, Bytes file) {
        this.batch = batch;
        this.body = body;
        this.length = length;
        this.file = file;
        BatchOutline.require(batch, length);
        for (int node = 0; node < BatchOutline.NODES; node++) {
            if (batch.nodes(node).nullCount() != 0) {
                throw damaged("expected columns without gaps");
            }
        }
    }

    /** Takes all rows. */
    void addTo(TensorReceiver receiver) throws IOException {
        for (long row = 0; row < batch.length(); row++) {
            Range name = range(BatchOutline.NAME_OFFSETS, row, MAX_NAME);
            String text = StandardCharsets.UTF_8
                    .decode(read(BatchOutline.NAME_BYTES, name.begin, name.end - name.begin))
                    .toString();
            Range values = range(BatchOutline.VALUE_OFFSETS, row, Integer.MAX_VALUE);
            long start = (long) values.begin * Float.BYTES;
            receiver.add(
                    text,
                    shape(row),
                    (long) values.end - values.begin,
                    (from, piece, count) ->
                            read(BatchOutline.NUMBERS, start + from, count).get(piece, 0, count));
        }
    }

    private List<Long> shape(long row) throws IOException {
        Range axes = range(BatchOutline.SHAPE_OFFSETS, row, MAX_AXES);
        ByteBuffer sizes =
                read(BatchOutline.SIZES, (long) axes.begin * Long.BYTES, (axes.end - axes.begin) * Long.BYTES);
        List<Long> shape = new ArrayList<>();
        while (sizes.hasRemaining()) {
            shape.add(sizes.getLong());
        }
        return shape;
    }

    private Range range(int offsets, long row, int most) throws IOException {
        ByteBuffer pair = read(offsets, row * Integer.BYTES, 2 * Integer.BYTES);
        Range range = new Range(pair.getInt(), pair.getInt());
        if (range.begin < 0 || range.end < range.begin || range.end - range.begin > most) {
            throw damaged("row " + row + " lies from " + range.begin + " to " + range.end);
        }
        return range;
    }

    private ByteBuffer read(int buffer, long from, int count) throws IOException {
        Buffer place = batch.buffers(buffer);
        boolean inside = place.offset() >= 0
                && place.length() >= 0
                && place.offset() <= length - place.length()
                && from >= 0
                && from <= place.length() - count;
        if (!inside) {
            throw damaged("bytes " + from + " to " + (from + count) + " of buffer " + buffer + " are not in the batch");
        }
        return file.read(body + place.offset() + from, count);
    }

    private static RuntimeException damaged(String what) {
        return Problem.BAD_CHECKPOINT.because(Upload.NAME + ": no sound Arrow stream: " + what);
    }
}
