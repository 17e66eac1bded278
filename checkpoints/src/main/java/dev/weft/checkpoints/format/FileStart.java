package dev.weft.checkpoints.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The first bytes of a file, by which its format is told.
 *
 * @param size length of the file
 * @param bytes up to 512 of its first bytes; little-endian
 */
public record FileStart(long size, ByteBuffer bytes) {

    private static final int LENGTH = 512;

    /** Reads the start of a file. */
    public static FileStart of(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(LENGTH, channel.size()));
            while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {}
            return new FileStart(channel.size(), bytes.flip().order(ByteOrder.LITTLE_ENDIAN));
        }
    }

    /** Returns the byte at a position as 0 to 255, or -1 behind the end. */
    public int at(int position) {
        return position < bytes.limit() ? bytes.get(position) & 0xff : -1;
    }

    /** Returns whether a text, one byte a character, stands at a position. */
    public boolean has(int position, String text) {
        byte[] expected = text.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < expected.length; i++) {
            if (at(position + i) != (expected[i] & 0xff)) {
                return false;
            }
        }
        return true;
    }
}
