package dev.weft.checkpoints.format.torch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Reads a view whose values do not lie in row-major order, from a map of its storage. */
final class Gathering {

    /** One mapping may have less than 2 GiB; values never lie across two segments. */
    private static final long SEGMENT = 1L << 30;

    private final TorchTensor tensor;
    private final ByteBuffer[] segments;

    Gathering(FileChannel channel, TorchTensor tensor) throws IOException {
        this.tensor = tensor;
        ZipEntry storage = tensor.storage();
        this.segments = new ByteBuffer[Math.toIntExact((storage.size() + SEGMENT - 1) / SEGMENT)];
        for (int i = 0; i < segments.length; i++) {
            long length = Math.min(SEGMENT, storage.size() - i * SEGMENT);
            segments[i] = channel.map(FileChannel.MapMode.READ_ONLY, storage.offset() + i * SEGMENT, length);
        }
    }

    boolean isFor(TorchTensor other) {
        return tensor.equals(other);
    }

    /** Fills {@code target} with the values from byte {@code position} of the row-major order. */
    void read(long position, ByteBuffer target) {
        int size = tensor.dtype().bytes();
        long index = position / size;
        while (target.hasRemaining()) {
            long at = tensor.place(index++) * size;
            target.put(segments[(int) (at / SEGMENT)].slice((int) (at % SEGMENT), size));
        }
    }
}
