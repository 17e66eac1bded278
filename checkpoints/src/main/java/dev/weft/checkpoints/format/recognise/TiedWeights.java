package dev.weft.checkpoints.format.recognise;

import dev.weft.checkpoints.format.NamedTensor;
import dev.weft.checkpoints.format.TensorFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Tells whether two tensors hold the same values by a look at two pieces of them. */
final class TiedWeights {

    private static final int PIECE = 1 << 14; // bytes, a multiple of every type's

    private TiedWeights() {}

    static boolean same(StateDict tensors, String first, String second) throws IOException {
        Optional<NamedTensor> a = tensors.find(first);
        Optional<NamedTensor> b = tensors.find(second);
        if (a.isEmpty()
                || b.isEmpty()
                || a.get().dtype() != b.get().dtype()
                || !a.get().shape().equals(b.get().shape())) {
            return false;
        }
        long length = a.get().byteLength();
        long middle = length / 2 / PIECE * PIECE;
        return samePiece(tensors.file(), a.get(), b.get(), 0) && samePiece(tensors.file(), a.get(), b.get(), middle);
    }

    private static boolean samePiece(TensorFile file, NamedTensor a, NamedTensor b, long position) throws IOException {
        int size = (int) Math.min(PIECE, a.byteLength() - position);
        ByteBuffer first = ByteBuffer.allocate(size);
        ByteBuffer second = ByteBuffer.allocate(size);
        file.read(a.name(), position, first);
        file.read(b.name(), position, second);
        return first.flip().equals(second.flip());
    }
}
