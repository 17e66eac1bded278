package dev.weft.network;

import java.util.List;

/**
 * One tensor of an architecture and its place in the flat row of parameters.
 *
 * @param name as in a PyTorch state dict, for example {@code seq.0.weight}
 * @param shape sizes in row-major order, PyTorch's layout ([out, in] for a linear layer's weight)
 * @param offset index of the first value in the row
 * @param axes for each axis what it indexes
 * @param trainable whether gradients change it; running statistics are part of the row, but not trained
 */
public record ParameterTensor(String name, List<Integer> shape, long offset, List<Axis> axes, boolean trainable) {

    public ParameterTensor {
        shape = List.copyOf(shape);
        axes = List.copyOf(axes);
        if (shape.size() != axes.size()) {
            throw new IllegalArgumentException(
                    name + ": " + shape.size() + " axes but " + axes.size() + " axis labels");
        }
        for (int i = 0; i < axes.size(); i++) {
            if (axes.get(i).size() != shape.get(i)) {
                throw new IllegalArgumentException(name + ": axis " + i + " has " + shape.get(i)
                        + " indices but labels for " + axes.get(i).size());
            }
        }
    }

    /**
     * Returns the name of a node's tensor, {@code node.suffix}; a node whose name ends in an underscore takes no dot, as in
     * PyTorch's {@code in_proj_weight}, and an empty suffix means the node's own name.
     */
    public static String nameOf(String node, String suffix) {
        return suffix.isEmpty() || node.endsWith("_") ? node + suffix : node + "." + suffix;
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
