package dev.weft.checkpoints;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.weft.network.Architecture;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A finished zoo, memory-mapped. Rows are numbered from 0 through all parts; columns other than the parameters are read
 * where they lie. Manifest, schemas, lengths, offsets, labels and splits are checked when the zoo is opened; digests and
 * values are {@link ZooVerifier}'s.
 *
 * <p>Instances may be used from several threads. The files must not change while they are mapped. Closing ends the use
 * of this object; arrays that came from it keep their maps alive by themselves.
 */
public final class Zoo implements AutoCloseable {

    private final ZooManifest manifest;
    private final ZooColumns columns;
    private final List<Batch> batches;
    private final int[] firstRows;
    private final int size;
    private volatile boolean closed;

    /** Rows that lie together in a file and have one architecture. */
    public static final class Batch {
        private final PartBatch part;
        private final int firstRow;

        private Batch(PartBatch part, int firstRow) {
            this.part = part;
            this.firstRow = firstRow;
        }

        /** Returns the number of the first row in the zoo. */
        public int firstRow() {
            return firstRow;
        }

        /** Returns n. */
        public int size() {
            return part.rows();
        }

        public Architecture architecture() {
            return part.architecture();
        }

        /**
         * Returns the parameters without a copy: the array is the mapped file, read-only. An operation in place on it
         * is a fault of memory that ends the JVM; duplicate it first.
         *
         * @param manager owner of the array
         * @return [n, P] float32
         */
        public NDArray parameters(NDManager manager) {
            return manager.create(
                    part.parameters().duplicate(), new Shape(part.rows(), part.width()), DataType.FLOAT32);
        }
    }

    private Zoo(ZooManifest manifest, List<PartBatch> parts) {
        this.manifest = manifest;
        this.columns = ZooColumns.of(manifest.header().metrics());
        List<Batch> found = new ArrayList<>();
        int firstRow = 0;
        for (PartBatch part : parts) {
            found.add(new Batch(part, firstRow));
            firstRow += part.rows();
        }
        this.batches = List.copyOf(found);
        this.size = firstRow;
        this.firstRows = batches.stream().mapToInt(Batch::firstRow).toArray();
    }

    /**
     * Maps and checks a finished zoo.
     *
     * @throws FormatException.Unsupported if the zoo is not finished; {@link ZooManifest#read} tells about those
     * @throws FormatException if a file is not what the manifest says
     */
    public static Zoo open(Path folder) throws IOException {
        ZooManifest manifest = ZooManifest.read(folder);
        ZooHeader header = manifest.header();
        if (manifest.state() != ZooManifest.State.COMPLETE) {
            throw new FormatException.Unsupported(
                    folder.toString(),
                    "expected a complete zoo, found one that is being written (" + ZooWriter.partsIn(folder, header)
                            + " of " + header.parts() + " parts); resume the command that writes it");
        }
        List<PartBatch> batches = new ArrayList<>();
        for (int i = 0; i < header.parts(); i++) {
            checkLength(folder, manifest.parts().get(i));
            batches.addAll(PartReader.read(folder, header, i));
        }
        return new Zoo(manifest, batches);
    }

    private static void checkLength(Path folder, ZooManifest.PartFile part) throws IOException {
        Path file = folder.resolve(part.path());
        long bytes = Files.size(file);
        if (bytes != part.bytes()) {
            throw new FormatException.Corrupt(
                    file.toString(), "expected " + part.bytes() + " bytes, as the manifest says, found " + bytes);
        }
    }

    public ZooManifest manifest() {
        return manifest;
    }

    public ZooHeader header() {
        return manifest.header();
    }

    /** Returns the number of rows. */
    public int size() {
        return size;
    }

    /** Returns the architectures that rows have, in the order of the rows. */
    public List<Architecture> architectures() {
        return header().architectures();
    }

    /** Returns the row's architecture. */
    public Architecture architecture(int row) {
        return batch(row).architecture();
    }

    public String id(int row) {
        return text(ZooColumns.ID, row);
    }

    public String runId(int row) {
        return text(ZooColumns.RUN_ID, row);
    }

    public long step(int row) {
        return int64(ZooColumns.STEP, row);
    }

    public Split split(int row) {
        Batch batch = batch(row);
        return batch.part.splits().get(row - batch.firstRow);
    }

    /** Returns the index of the row's class, or {@link ZooRow#NO_LABEL}. */
    public int label(int row) {
        return int32(ZooColumns.LABEL, row);
    }

    public String source(int row) {
        return text(columns.source(), row);
    }

    public long seed(int row) {
        return int64(columns.seed(), row);
    }

    /** Returns the value of one of {@link ZooHeader#metrics()}. */
    public double metric(String metric, int row) {
        int index = header().metrics().indexOf(metric);
        if (index < 0) {
            throw new IllegalArgumentException("no metric '" + metric + "' in " + header().metrics());
        }
        return metric(index, row);
    }

    private double metric(int index, int row) {
        return float64(ZooColumns.FIRST_METRIC + index, row);
    }

    /** Returns a row with a copy of its parameters. */
    public ZooRow row(int row) {
        double[] metrics = IntStream.range(0, header().metrics().size())
                .mapToDouble(i -> metric(i, row))
                .toArray();
        return new ZooRow(
                id(row),
                runId(row),
                step(row),
                split(row),
                label(row),
                source(row),
                seed(row),
                metrics,
                parameters(row));
    }

    /** Returns the rows of a split, ascending. */
    public int[] rows(Split split) {
        return IntStream.range(0, size()).filter(row -> split(row) == split).toArray();
    }

    /** Returns a copy of a row's parameters, [P]. */
    public float[] parameters(int row) {
        Batch batch = batch(row);
        float[] values = new float[batch.part.width()];
        batch.part
                .parameters()
                .duplicate()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get((row - batch.firstRow) * values.length, values);
        return values;
    }

    /**
     * Gathers rows of one architecture, in the given order, into memory of their own.
     *
     * @param manager owner of the array
     * @param rows m row numbers
     * @return [m, P] float32
     */
    public NDArray parameters(NDManager manager, int[] rows) {
        if (rows.length == 0) {
            throw new IllegalArgumentException("no rows to gather");
        }
        Architecture architecture = architecture(rows[0]);
        int rowBytes = Math.toIntExact(Float.BYTES * architecture.parameterCount());
        if ((long) rows.length * rowBytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    rows.length + " rows of " + rowBytes + " bytes pass the 2 GiB of one buffer; gather fewer");
        }
        ByteBuffer gathered = manager.allocateDirect(rows.length * rowBytes);
        for (int i = 0; i < rows.length; i++) {
            Batch batch = batch(rows[i]);
            if (!batch.architecture().equals(architecture)) {
                throw new IllegalArgumentException("row " + rows[i] + " is a " + batch.architecture() + ", row "
                        + rows[0] + " a " + architecture + "; gather one architecture at a time");
            }
            gathered.put(i * rowBytes, batch.part.parameters(), (rows[i] - batch.firstRow) * rowBytes, rowBytes);
        }
        return manager.create(gathered, new Shape(rows.length, architecture.parameterCount()), DataType.FLOAT32);
    }

    /** Returns all rows, as they lie in the files. */
    public List<Batch> batches() {
        checkOpen();
        return batches;
    }

    /** Returns the value of a column of {@link ZooColumns}. */
    String text(int column, int row) {
        Batch batch = batch(row);
        return batch.part.text(column, row - batch.firstRow);
    }

    /** Returns the value of a column of {@link ZooColumns}. */
    int int32(int column, int row) {
        Batch batch = batch(row);
        return batch.part.int32(column, row - batch.firstRow);
    }

    /** Returns the value of a column of {@link ZooColumns}. */
    long int64(int column, int row) {
        Batch batch = batch(row);
        return batch.part.int64(column, row - batch.firstRow);
    }

    /** Returns the value of a column of {@link ZooColumns}. */
    double float64(int column, int row) {
        Batch batch = batch(row);
        return batch.part.float64(column, row - batch.firstRow);
    }

    private Batch batch(int row) {
        checkOpen();
        if (row < 0 || row >= size()) {
            throw new IllegalArgumentException("row " + row + " is outside [0, " + size() + ")");
        }
        int found = Arrays.binarySearch(firstRows, row);
        return batches.get(found >= 0 ? found : -found - 2);
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the zoo is closed");
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
