package dev.weft.checkpoints;

import dev.weft.network.Architecture;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The mapped columns of one record batch. {@link PartReader} has checked that every access stays inside its column.
 *
 * @param rows n
 * @param architecture of all rows
 * @param columns what the columns are
 * @param offsets for columns of texts n + 1 offsets, for others empty
 * @param data the values
 * @param splits of the rows
 */
record PartBatch(
        int rows,
        Architecture architecture,
        ZooColumns columns,
        List<ByteBuffer> offsets,
        List<ByteBuffer> data,
        List<Split> splits) {

    String text(int column, int row) {
        return new String(bytes(column, row), StandardCharsets.UTF_8);
    }

    /** Returns a copy of a text's bytes. */
    byte[] bytes(int column, int row) {
        ByteBuffer at = offsets.get(column);
        int from = at.getInt(row * Integer.BYTES);
        byte[] text = new byte[at.getInt((row + 1) * Integer.BYTES) - from];
        data.get(column).get(from, text);
        return text;
    }

    int int32(int column, int row) {
        return data.get(column).getInt(row * Integer.BYTES);
    }

    long int64(int column, int row) {
        return data.get(column).getLong(row * Long.BYTES);
    }

    double float64(int column, int row) {
        return data.get(column).getDouble(row * Double.BYTES);
    }

    /** Returns the parameters [n, P], a view of the map. */
    ByteBuffer parameters() {
        return data.get(columns.parameters());
    }

    /** Returns P. */
    int width() {
        return (int) architecture.parameterCount();
    }
}
