package dev.weft.graph;

import dev.weft.network.NeuronBlock;
import dev.weft.network.ParameterTensor;
import java.util.List;

/**
 * Values that belong to the neurons of one block themselves: biases, gains, running statistics, position arrays.
 *
 * @param block whose neurons they belong to
 * @param tensor the values' place in the flat row
 * @param first position in the row of the first neuron's first value
 * @param stride from a neuron to the next
 * @param extents axes that run over the values of one neuron, the last fastest
 */
public record NeuronTensor(
        NeuronBlock block, ParameterTensor tensor, long first, long stride, List<WeightBlock.Extent> extents) {

    /** Returns the number of values of each neuron. */
    public int features() {
        return extents.stream().mapToInt(WeightBlock.Extent::size).reduce(1, Math::multiplyExact);
    }

    /** Returns the index in the flat row of the first value of neuron {@code k}. */
    public long position(int k) {
        return first + k * stride;
    }
}
