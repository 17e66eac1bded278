package dev.weft.checkpoints;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Lies planted in files: the first place where some bytes stand gets other bytes. */
final class Patch {

    private Patch() {}

    static void replace(Path file, byte[] old, byte[] lie) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(new String(old, StandardCharsets.ISO_8859_1));
        if (at < 0 || old.length != lie.length) {
            throw new AssertionError("nothing to replace in " + file);
        }
        System.arraycopy(lie, 0, bytes, at, lie.length);
        Files.write(file, bytes);
    }

    static void replace(Path file, String old, String lie) throws IOException {
        replace(file, old.getBytes(StandardCharsets.UTF_8), lie.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] ints(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asIntBuffer().put(values);
        return buffer.array();
    }

    static byte[] floats(float... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(values);
        return buffer.array();
    }
}
