package dev.weft.checkpoints;

import dev.weft.network.Architecture;
import dev.weft.network.ParameterTensor;
import java.util.Arrays;

/**
 * A place in a flat row as people name it.
 *
 * @param tensor name of the tensor
 * @param index position in the tensor, one number for each axis
 */
record ParameterPosition(String tensor, int[] index) {

    /** Finds the place of a value of the flat row. */
    static ParameterPosition of(Architecture architecture, long position) {
        for (ParameterTensor tensor : architecture.parameters()) {
            if (position < tensor.end()) {
                int[] index = new int[tensor.shape().size()];
                long rest = position - tensor.offset();
                for (int axis = index.length - 1; axis >= 0; axis--) {
                    index[axis] = (int) (rest % tensor.shape().get(axis));
                    rest /= tensor.shape().get(axis);
                }
                return new ParameterPosition(tensor.name(), index);
            }
        }
        throw new IllegalArgumentException(
                "position " + position + " is outside [0, " + architecture.parameterCount() + ")");
    }

    /** Returns, for example, {@code seq.0.weight[3, 1]}. */
    @Override
    public String toString() {
        return tensor + Arrays.toString(index);
    }
}
