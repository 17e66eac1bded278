package dev.weft.checkpoints.format.parquet;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Values in Parquet's plain encoding: little-endian, texts with their length in front. */
final class PlainValues {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);

    void text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        int32(bytes.length);
        out.writeBytes(bytes);
    }

    void int32(int value) {
        out.write(number.putInt(0, value).array(), 0, Integer.BYTES);
    }

    void int64(long value) {
        out.write(number.putLong(0, value).array(), 0, Long.BYTES);
    }

    void float64(double value) {
        out.write(number.putDouble(0, value).array(), 0, Double.BYTES);
    }

    byte[] bytes() {
        return out.toByteArray();
    }
}
