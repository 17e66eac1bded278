package dev.weft.graph;

import dev.weft.network.ParameterTensor;
import java.util.List;

/**
 * One operation of a {@link ComputationGraph}.
 *
 * @param index its place in topological order
 * @param operation what it does
 * @param name of the layer it comes from
 * @param shape of the weight, or [1, 1, *kernel] of a pooling window; empty for all others
 * @param tensors of the parameter row: none, the weight or bias, or gain and shift of a norm
 */
public record ComputationNode(
        int index, Operation operation, String name, List<Integer> shape, List<ParameterTensor> tensors) {

    private static final int MOST = 2; // gain and shift

    public ComputationNode {
        shape = List.copyOf(shape);
        tensors = List.copyOf(tensors);
        if (tensors.size() > (operation.norm() ? MOST : 1)) {
            throw new IllegalArgumentException("node " + index + " '" + name + "': a " + operation.label()
                    + " cannot hold " + tensors.size() + " tensors");
        }
    }
}
