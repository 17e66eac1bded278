package dev.weft.cli.service.tensor;

import dev.weft.checkpoints.format.Dtype;
import dev.weft.cli.service.problem.Problem;
import dev.weft.cli.service.tensor.SpooledTensors.Entry;
import dev.weft.cli.service.upload.Spool;
import dev.weft.cli.service.upload.Upload;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;

/**
 * Takes the record batches of a {@link TensorSchema}, whatever brings them, and keeps the tensors in a temporary file. Nothing
 * in a batch is trusted: what does not fit is refused with the name of the tensor.
 */
public final class TensorReceiver implements AutoCloseable {

    private static final int PIECE = 1 << 16;
    private static final int MAX_AXES = 32;
    private static final int MAX_NAME = 4096;
    private static final int MAX_TENSORS = 1 << 18; // each costs more on the heap than in an upload

    private final Upload file;
    private final OutputStream out;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private boolean finished;

    public TensorReceiver(Spool spool) throws IOException {
        file = spool.begin();
        out = file.output();
    }

    /** Returns the name in a row that has all its values. */
    static String name(VectorSchemaRoot batch, int row) {
        for (FieldVector column : batch.getFieldVectors()) {
            if (row >= column.getValueCount() || column.isNull(row)) {
                throw refused("row " + row, "expected a value in column " + column.getName() + ", found none");
            }
        }
        VarCharVector names = (VarCharVector) batch.getVector(TensorSchema.NAME);
        int begin = names.getStartOffset(row);
        int end = names.getEndOffset(row);
        if (begin < 0
                || end < begin
                || end - begin > MAX_NAME
                || end > names.getDataBuffer().capacity()) {
            throw refused(
                    "row " + row, "expected a name of at most " + MAX_NAME + " bytes, found " + begin + " to " + end);
        }
        return String.valueOf(names.getObject(row));
    }

    /** Whether a tensor of this name has come. */
    boolean has(String name) {
        return entries.containsKey(name);
    }

    /** Returns the names of the tensors that have come. */
    Set<String> names() {
        return entries.keySet();
    }

    /** Takes a row of a batch of this schema, whose name is read already. */
    void add(String name, VectorSchemaRoot batch, int row) throws IOException {
        List<Long> shape = shape(name, (ListVector) batch.getVector(TensorSchema.SHAPE), row);
        ListVector values = (ListVector) batch.getVector(TensorSchema.VALUES);
        int begin = values.getElementStartIndex(row);
        int end = values.getElementEndIndex(row);
        requireInside(name, values, begin, end);
        ArrowBuf reals = ((Float4Vector) values.getDataVector()).getDataBuffer();
        add(
                name,
                shape,
                end - begin,
                (from, piece, length) -> reals.getBytes(begin * (long) Float.BYTES + from, piece, 0, length));
    }

    /** Gives the bytes of float32 values, little-endian. */
    @FunctionalInterface
    interface Values {

        /**
         * Copies some bytes.
         *
         * @param from first byte of the tensor
         * @param piece filled from its start
         */
        void copy(long from, byte[] piece, int length) throws IOException;
    }

    /** Takes one tensor. */
    void add(String name, List<Long> shape, long count, Values values) throws IOException {
        if (elements(name, shape) != count) {
            throw refused(name, "expected the values of shape " + shape + ", found " + count);
        }
        if (entries.size() == MAX_TENSORS) {
            throw refused(name, "expected at most " + MAX_TENSORS + " tensors");
        }
        Entry entry = new Entry(name, Dtype.F32, shape, file.size());
        if (entries.putIfAbsent(name, entry) != null) {
            throw refused(name, "expected it once, found it again");
        }
        byte[] piece = new byte[PIECE];
        for (long from = 0; from < count * Float.BYTES; from += piece.length) {
            int length = (int) Math.min(piece.length, count * Float.BYTES - from);
            values.copy(from, piece, length);
            out.write(piece, 0, length);
        }
    }

    private static List<Long> shape(String name, ListVector shapes, int row) {
        BigIntVector sizes = (BigIntVector) shapes.getDataVector();
        int begin = shapes.getElementStartIndex(row);
        int end = shapes.getElementEndIndex(row);
        requireInside(name, shapes, begin, end);
        List<Long> shape = new ArrayList<>();
        for (int i = begin; i < end; i++) {
            shape.add(sizes.get(i));
        }
        return shape;
    }

    private static void requireInside(String name, ListVector list, int begin, int end) {
        int count = list.getDataVector().getValueCount();
        if (begin < 0 || end < begin || end > count || list.getDataVector().getNullCount() > 0) {
            throw refused(
                    name,
                    list.getName() + ": expected " + count + " values without gaps, found " + begin + " to " + end);
        }
    }

    private static long elements(String name, List<Long> shape) {
        if (shape.size() > MAX_AXES) {
            throw refused(name, "expected at most " + MAX_AXES + " axes, found " + shape.size());
        }
        try {
            long elements = 1;
            for (long size : shape) {
                if (size < 0) {
                    throw refused(name, "expected sizes of 0 or more, found shape " + shape);
                }
                elements = Math.multiplyExact(elements, size);
            }
            return elements;
        } catch (ArithmeticException e) {
            throw refused(name, "expected a shape that fits memory, found " + shape);
        }
    }

    static RuntimeException refused(String tensor, String what) {
        return Problem.BAD_CHECKPOINT.because(Upload.NAME + ": tensor '" + tensor + "': " + what);
    }

    /** Returns the tensors, which are the caller's to close. */
    public SpooledTensors finish() throws IOException {
        out.close();
        SpooledTensors tensors = new SpooledTensors(file, entries);
        finished = true;
        return tensors;
    }

    @Override
    public void close() throws IOException {
        if (!finished) {
            try {
                out.close();
            } finally {
                file.close();
            }
        }
    }
}
