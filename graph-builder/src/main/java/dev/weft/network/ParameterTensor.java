package dev.weft.network;

import java.util.List;

/**
 * One tensor of an architecture and its place in the flat row of parameters.
 *
 * @param name as in a PyTorch state dict, for example {@code seq.0.weight}
 * @param shape sizes in row-major order, PyTorch's layout ([out, in] for a linear layer's weight)
 * @param offset index of the first value in the row
 * @param axes for each axis the {@link NeuronBlock#index()} that it indexes, or {@link #FREE}
 */
public record ParameterTensor(String name, List<Integer> shape, long offset, List<Integer> axes) {

    /** The label of an axis that indexes no neurons (a kernel's taps, say). */
    public static final int FREE = -1;

    public ParameterTensor {
        shape = List.copyOf(shape);
        axes = List.copyOf(axes);
        if (shape.size() != axes.size()) {
            throw new IllegalArgumentException(
                    name + ": " + shape.size() + " axes but " + axes.size() + " axis labels");
        }
    }

    /** Returns the number of values. */
    public long size() {
        return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    }

    /** Returns the index just behind the last value in the row. */
    public long end() {
        return offset + size();
    }
}
