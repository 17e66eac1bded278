package dev.weft.metanets.nowcast.wiring;

import java.util.List;

/**
 * A parameter tensor and its place in the flat row of a network.
 *
 * @param index position in {@link RowLayout#tensors()}
 * @param name as in the state dict
 * @param shape sizes in row-major order, empty for a scalar
 * @param offset index of the first value in the row
 */
public record RowTensor(int index, String name, List<Integer> shape, long offset) {

    public RowTensor {
        shape = List.copyOf(shape);
    }

    /** Returns the number of values. */
    public long size() {
        return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    }

    /** Returns the index just behind the last value in the row. */
    public long end() {
        return offset + size();
    }

    @Override
    public String toString() {
        return "'" + name + "' " + shape;
    }
}
