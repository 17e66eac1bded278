package dev.weft.checkpoints.format;

import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Whole reads at a position of a file. */
public final class ChannelReader {

    private ChannelReader() {}

    /** Returns {@code length} bytes from {@code position} in a little-endian buffer. */
    public static ByteBuffer read(Path file, FileChannel channel, long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        read(file, channel, position, buffer);
        return buffer.flip().order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Fills a buffer.
     *
     * @throws FormatException.Corrupt if the file ends before
     */
    public static void read(Path file, FileChannel channel, long position, ByteBuffer target) throws IOException {
        long at = position;
        while (target.hasRemaining()) {
            int read = channel.read(target, at);
            if (read < 0) {
                throw new FormatException.Corrupt(file.toString(), "the file ended while it was read, at byte " + at);
            }
            at += read;
        }
    }
}
