package dev.weft.checkpoints.format.torch;

import dev.weft.checkpoints.format.Dtype;
import java.nio.ByteBuffer;

/** Turns values of big-endian machines round. */
final class ByteSwap {

    private ByteSwap() {}

    /** Reverses the bytes of each value from {@code from} to the buffer's position. */
    static void swap(ByteBuffer buffer, int from, Dtype dtype) {
        int size = dtype == Dtype.C64 ? Float.BYTES : dtype.bytes(); // complex: real and imaginary part
        for (int at = from; at < buffer.position(); at += size) {
            for (int i = 0; i < size / 2; i++) {
                byte low = buffer.get(at + i);
                buffer.put(at + i, buffer.get(at + size - 1 - i));
                buffer.put(at + size - 1 - i, low);
            }
        }
    }
}
