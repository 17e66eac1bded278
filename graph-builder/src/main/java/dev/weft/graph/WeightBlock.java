package dev.weft.graph;

import dev.weft.network.NeuronBlock;
import dev.weft.network.ParameterTensor;

/**
 * A dense tensor of weights from one block of neurons to another.
 *
 * @param index position in {@link ParameterGraph#weights()}
 * @param source the block that is read
 * @param target the block that is fed
 * @param tensor the values' place in the flat row
 */
public record WeightBlock(int index, NeuronBlock source, NeuronBlock target, ParameterTensor tensor) {

    /** Returns the number of neuron-to-neuron edges. */
    public long edges() {
        return (long) source.size() * target.size();
    }

    /** Returns the index in the flat row of the weight from neuron {@code s} to neuron {@code t}. */
    public long position(int s, int t) {
        return tensor.offset() + (long) t * source.size() + s;
    }
}
