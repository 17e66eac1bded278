package dev.weft.checkpoints.format.recognise;

import dev.weft.checkpoints.format.Elements;
import dev.weft.checkpoints.format.NamedTensor;
import dev.weft.checkpoints.format.PieceReader;
import dev.weft.checkpoints.format.TensorFile;
import dev.weft.checkpoints.format.TensorSource;
import dev.weft.network.Architecture;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A checkpoint in which a network was recognised. Opening reads names and shapes; values come when asked for.
 *
 * <pre>{@code
 * try (NetworkFile file = NetworkFile.open(Path.of("gpt2"))) { // a file, a shard index, or a downloaded folder
 *     float[] row = file.row();                                // [P], laid out as file.architecture() says
 *     row[0] += 1;
 *     TensorFormat.named("safetensors").orElseThrow().write(file.with(row), out); // the same names, layouts and types
 * }
 * }</pre>
 */
public final class NetworkFile implements AutoCloseable {

    private final TensorFile file;
    private final Recognition recognition;

    private NetworkFile(TensorFile file, Recognition recognition) {
        this.file = file;
        this.recognition = recognition;
    }

    /** Opens a checkpoint of any format and recognises its network. */
    public static NetworkFile open(Path path) throws IOException {
        return open(path, Hints.NONE);
    }

    /**
     * Opens a checkpoint of any format and recognises its network.
     *
     * @throws FormatException if the file is damaged, or no network or no supported one is recognised
     */
    public static NetworkFile open(Path path, Hints hints) throws IOException {
        TensorFile file = TensorFile.open(path);
        try {
            return new NetworkFile(file, recognise(file, hints));
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Recognises the network in a file that is open already. */
    public static Recognition recognise(TensorFile file, Hints hints) throws IOException {
        StateDict tensors = StateDict.of(file, hints);
        return hints.architecture() == null
                ? Selection.of(tensors)
                : GivenArchitecture.find(tensors, hints.architecture());
    }

    public TensorFile file() {
        return file;
    }

    public Recognition recognition() {
        return recognition;
    }

    public Architecture architecture() {
        return recognition.architecture();
    }

    /**
     * Refuses a network of another architecture than that of a first one.
     *
     * @throws FormatException with both
     */
    public void requireLike(NetworkFile first) throws FormatException {
        requireLike(first.file.origin(), first.architecture(), file.origin(), architecture());
    }

    /**
     * Refuses an architecture other than a first one.
     *
     * @param firstOrigin where the first one comes from, for the message
     * @param origin where the other comes from
     * @throws FormatException with both
     */
    public static void requireLike(String firstOrigin, Architecture first, String origin, Architecture other)
            throws FormatException {
        if (!other.equals(first)) {
            throw new FormatException.Unsupported(
                    origin,
                    "expected the architecture of " + firstOrigin + ", " + first + " (" + first.parameterCount()
                            + " parameters), found " + other + " (" + other.parameterCount() + ")");
        }
    }

    /**
     * Reads the values, rounded to floats where the file has more digits.
     *
     * @return [P]
     * @throws FormatException if a value is not finite, tied tensors differ, or P is larger than an array
     */
    public float[] row() throws IOException {
        float[] row = new float[length()];
        fill(file, new Row.OfFloats(row));
        return row;
    }

    /** Reads the values in double precision, otherwise as {@link #row()}. */
    public double[] doubleRow() throws IOException {
        return doubleRow(file);
    }

    /**
     * Reads the values of other tensors under the same names and with the same layouts as this file's, such as {@link
     * #with(double[])} or a mean of files gives.
     *
     * @return [P]
     */
    public double[] doubleRow(TensorSource tensors) throws IOException {
        double[] row = new double[length()];
        fill(tensors, new Row.OfDoubles(row));
        return row;
    }

    private int length() throws FormatException {
        long length = architecture().parameterCount();
        if (length > Integer.MAX_VALUE - 8) {
            throw new FormatException.Unsupported(
                    file.origin(), length + " parameters; one row may have " + (Integer.MAX_VALUE - 8));
        }
        return (int) length;
    }

    private void fill(TensorSource tensors, Row row) throws IOException {
        for (Placement placement : recognition.placements()) {
            if (!placement.copy()) {
                forEach(tensors, placement, (at, value, index) -> row.set(at, value));
            }
        }
        for (Placement placement : recognition.placements()) {
            if (placement.copy()) {
                forEach(tensors, placement, (at, value, index) -> {
                    if (!row.holds(at, value)) {
                        throw new FormatException.Corrupt(
                                tensors.origin(),
                                "tensor '" + placement.tensor() + "': expected the values of '"
                                        + placement.parameter().name() + "', to which "
                                        + recognition.family() + " ties it, found " + value + " at " + index);
                    }
                });
            }
        }
    }

    @FunctionalInterface
    private interface Values {
        void accept(int at, double value, long index) throws FormatException;
    }

    private void forEach(TensorSource tensors, Placement placement, Values values) throws IOException {
        NamedTensor tensor = tensors.tensor(placement.tensor());
        long offset = placement.parameter().offset();
        PieceReader.forEach(tensors, tensor, (piece, first) -> {
            int count = piece.remaining() / tensor.dtype().bytes();
            for (int i = 0; i < count; i++) {
                double value = Elements.real(piece, tensor.dtype(), i);
                if (!Double.isFinite(value)) {
                    throw new FormatException.Corrupt(
                            tensors.origin(),
                            "tensor '" + tensor.name() + "': expected finite values, found " + value + " at "
                                    + (first + i));
                }
                values.accept((int) (offset + placement.layout().parameterIndex(first + i)), value, first + i);
            }
        });
    }

    /**
     * Returns the file's tensors with a row's values in them: names, layouts, types and all other tensors stay, and so does
     * every byte of a value that is as it was.
     *
     * @param row [P] finite values
     */
    public TensorSource with(float[] row) {
        architecture().requireRowLength(row.length);
        return new RowSource(file, recognition.placements(), new Row.OfFloats(row));
    }

    /** Returns the file's tensors with a row's values in them, as {@link #with(float[])}. */
    public TensorSource with(double[] row) {
        architecture().requireRowLength(row.length);
        return new RowSource(file, recognition.placements(), new Row.OfDoubles(row));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
