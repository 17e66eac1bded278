package dev.weft.checkpoints.format;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/**
 * Named tensors whose values are read when they are asked for, a piece at a time if need be: what files give and what
 * writers take. To implement it, write the four methods without a body; the others follow from them.
 */
public interface TensorSource {

    /** Returns where the tensors come from, for messages. */
    String origin();

    /** Returns the tensors by name, in the source's order. */
    Map<String, ? extends NamedTensor> tensors();

    /** Returns the free texts that come with the tensors. */
    Map<String, String> metadata();

    /**
     * Fills {@code target} with a tensor's values: row-major, without gaps, little-endian.
     *
     * @param position first byte to read, a multiple of the size of one value
     * @param target room for whole values, and for no more than are left behind {@code position}
     * @throws FormatException if the tensor is missing or its values are damaged
     */
    void read(String name, long position, ByteBuffer target) throws IOException;

    /** Returns the tensor called {@code name}. */
    default NamedTensor tensor(String name) throws FormatException {
        NamedTensor tensor = tensors().get(name);
        if (tensor == null) {
            throw new FormatException.Corrupt(
                    origin(),
                    "expected a tensor '" + name + "', found "
                            + Listing.of(tensors().keySet()));
        }
        return tensor;
    }

    /**
     * Returns a tensor's bytes in a little-endian buffer.
     *
     * @throws FormatException.Unsupported if the tensor is larger than a buffer can be, 2 GiB
     */
    default ByteBuffer bytes(String name) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(PieceReader.length(this, tensor(name), Byte.BYTES));
        read(name, 0, bytes);
        return bytes.flip().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Returns whether a tensor's {@link #bytes} come without a copy, from a file that is mapped. */
    default boolean isMapped(String name) throws IOException {
        return false;
    }

    /** Returns the values of a F32, F64, F16 or BF16 tensor, row-major. */
    default float[] floats(String name) throws IOException {
        NamedTensor tensor = floating(name);
        float[] values =
                new float[PieceReader.length(this, tensor, tensor.dtype().bytes())];
        PieceReader.forEach(this, tensor, (piece, first) -> Elements.copy(piece, tensor.dtype(), values, (int) first));
        return values;
    }

    /** Returns the values of a F64, F32, F16 or BF16 tensor, row-major. */
    default double[] doubles(String name) throws IOException {
        NamedTensor tensor = floating(name);
        double[] values =
                new double[PieceReader.length(this, tensor, tensor.dtype().bytes())];
        PieceReader.forEach(this, tensor, (piece, first) -> {
            int count = piece.remaining() / tensor.dtype().bytes();
            for (int i = 0; i < count; i++) {
                values[(int) first + i] = Elements.real(piece, tensor.dtype(), i);
            }
        });
        return values;
    }

    /** Returns the values of an integer tensor of at most 63 bits, row-major. */
    default long[] longs(String name) throws IOException {
        NamedTensor tensor = tensor(name);
        if (!tensor.dtype().isInteger()) {
            throw wrongType(tensor, "an integer type");
        }
        long[] values = new long[PieceReader.length(this, tensor, tensor.dtype().bytes())];
        PieceReader.forEach(this, tensor, (piece, first) -> {
            int count = piece.remaining() / tensor.dtype().bytes();
            for (int i = 0; i < count; i++) {
                values[(int) first + i] = Elements.integer(piece, tensor.dtype(), i);
            }
        });
        return values;
    }

    /**
     * Returns a tensor as an array of its own type and shape. It is a copy, so it may be changed in place.
     *
     * @param manager owner of the array
     */
    default NDArray array(NDManager manager, String name) throws IOException {
        NamedTensor tensor = tensor(name);
        if (tensor.dtype().dataType() == DataType.UNKNOWN) {
            throw wrongType(tensor, "a type with arithmetic");
        }
        ByteBuffer copy = manager.allocateDirect(PieceReader.length(this, tensor, Byte.BYTES));
        read(name, 0, copy);
        long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
        return manager.create(copy.flip(), new Shape(shape), tensor.dtype().dataType());
    }

    private NamedTensor floating(String name) throws FormatException {
        NamedTensor tensor = tensor(name);
        if (!tensor.dtype().isFloating()) {
            throw wrongType(tensor, "F32, F64, F16 or BF16");
        }
        return tensor;
    }

    private FormatException wrongType(NamedTensor tensor, String expected) {
        return new FormatException.Unsupported(
                origin(), "tensor '" + tensor.name() + "': expected " + expected + ", found " + tensor.dtype());
    }
}
