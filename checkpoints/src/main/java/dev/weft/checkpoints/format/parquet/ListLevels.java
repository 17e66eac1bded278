package dev.weft.checkpoints.format.parquet;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The levels that say where each row's list begins and which entries have values: for a list repetition 0, 1, 1, ... and
 * definition 1, 1, ...; both 0 for the single entry of an empty list. They are written as runs: twice a length, then the
 * repeated level in a byte.
 */
final class ListLevels {

    private ListLevels() {}

    /** Returns the repetition and the definition levels, each with the number of their bytes in front. */
    static byte[] of(List<Integer> lengths) {
        ByteArrayOutputStream repetition = new ByteArrayOutputStream();
        ByteArrayOutputStream definition = new ByteArrayOutputStream();
        for (int length : lengths) {
            run(repetition, 1, 0);
            if (length > 1) {
                run(repetition, length - 1, 1);
            }
            run(definition, Math.max(1, length), length > 0 ? 1 : 0);
        }
        return ByteBuffer.allocate(2 * Integer.BYTES + repetition.size() + definition.size())
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(repetition.size())
                .put(repetition.toByteArray())
                .putInt(definition.size())
                .put(definition.toByteArray())
                .array();
    }

    private static void run(ByteArrayOutputStream out, int count, int level) {
        CompactStruct.varint(out, (long) count << 1);
        out.write(level);
    }
}
