package dev.weft.checkpoints.format.onnx;

import dev.weft.checkpoints.format.ChannelReader;
import dev.weft.checkpoints.format.onnx.OnnxTensor.Span;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Reads values that are variable-length integers in order; going back starts anew. */
final class VarintCursor {

    private static final int BUFFER = 1 << 16;
    private static final int LONGEST = 10;

    private final Path file;
    private final FileChannel channel;
    private final OnnxTensor tensor;
    private final Span span;
    private final ByteBuffer buffer;
    private long next;
    private long index;

    VarintCursor(Path file, FileChannel channel, OnnxTensor tensor, Span span) {
        this.file = file;
        this.channel = channel;
        this.tensor = tensor;
        this.span = span;
        this.buffer = ByteBuffer.allocate((int) Math.min(BUFFER, span.length())).limit(0);
        this.next = span.start();
    }

    boolean isFor(OnnxTensor other) {
        return tensor.equals(other);
    }

    /** Fills {@code target} with values from a byte of the row-major order. */
    void read(long position, ByteBuffer target) throws IOException {
        int size = tensor.dtype().bytes();
        if (position / size < index) {
            index = 0;
            next = span.start();
            buffer.limit(0);
        }
        while (index < position / size) {
            value();
        }
        ByteOrder order = target.order();
        target.order(ByteOrder.LITTLE_ENDIAN);
        while (target.hasRemaining()) {
            long value = value();
            switch (size) {
                case 1 -> target.put((byte) value);
                case 2 -> target.putShort((short) value);
                case 4 -> target.putInt((int) value);
                default -> target.putLong(value);
            }
        }
        target.order(order);
        if (index == tensor.elements() && next - buffer.remaining() != span.end()) {
            throw new FormatException.Corrupt(
                    file.toString(), "tensor '" + tensor.name() + "' has more values than its shape " + tensor.shape());
        }
    }

    private long value() throws IOException {
        long value = 0;
        for (int i = 0; i < LONGEST; i++) {
            byte b = nextByte();
            value |= (b & 0x7fL) << (7 * i);
            if (b >= 0) {
                index++;
                return value;
            }
        }
        throw new FormatException.Corrupt(
                file.toString(), "tensor '" + tensor.name() + "' has an integer of more than " + LONGEST + " bytes");
    }

    private byte nextByte() throws IOException {
        if (!buffer.hasRemaining()) {
            if (next == span.end()) {
                throw new FormatException.Corrupt(
                        file.toString(),
                        "tensor '" + tensor.name() + "' has " + index + " values, expected " + tensor.elements()
                                + " for shape " + tensor.shape());
            }
            buffer.clear().limit((int) Math.min(buffer.capacity(), span.end() - next));
            ChannelReader.read(file, channel, next, buffer);
            next += buffer.flip().remaining();
        }
        return buffer.get();
    }
}
