package dev.weft.checkpoints.format;

import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads tensors of any size through one small buffer. */
public final class PieceReader {

    /** Bytes read at once; a multiple of every element size. */
    static final int PIECE = 1 << 20;

    private PieceReader() {}

    /** Takes the values of a tensor piece by piece. */
    @FunctionalInterface
    public interface Pieces {

        /**
         * Takes the next values.
         *
         * @param piece little-endian, from its position to its limit; valid during the call
         * @param first index of the first value
         */
        void accept(ByteBuffer piece, long first) throws IOException;
    }

    /** Reads all of a tensor in order. */
    public static void forEach(TensorSource source, NamedTensor tensor, Pieces pieces) throws IOException {
        long length = tensor.byteLength();
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(length, PIECE)).order(ByteOrder.LITTLE_ENDIAN);
        for (long position = 0; position < length; position += piece.limit()) {
            piece.clear().limit((int) Math.min(piece.capacity(), length - position));
            source.read(tensor.name(), position, piece);
            pieces.accept(piece.flip(), position / tensor.dtype().bytes());
        }
    }

    /** Returns the tensor's length in units of {@code bytes}, which must fit an array. */
    static int length(TensorSource source, NamedTensor tensor, int bytes) throws FormatException {
        long length = tensor.byteLength() / bytes;
        if (length > Integer.MAX_VALUE - 8) {
            throw new FormatException.Unsupported(
                    source.origin(),
                    "tensor '" + tensor.name() + "' has " + tensor.byteLength() + " bytes; one array holds "
                            + (Integer.MAX_VALUE - 8L) * bytes);
        }
        return (int) length;
    }
}
