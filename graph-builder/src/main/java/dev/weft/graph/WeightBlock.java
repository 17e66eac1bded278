package dev.weft.graph;

import dev.weft.network.NeuronBlock;
import dev.weft.network.ParameterTensor;
import java.util.List;

/**
 * Weights from one block of neurons to another: a tensor, or the part of one that joins these two (fused queries, keys and
 * values are three). A pair of neurons has one weight or several: kernel taps, positions behind a flattened image.
 *
 * <p>In a grouped convolution a neuron is fed by those of its own group only: {@link #fanIn()} is less than the source's
 * size.
 *
 * @param index position in {@link ParameterGraph#weights()}
 * @param source the block that is read
 * @param target the block that is fed
 * @param tensor the values' place in the flat row
 * @param layout the places within the row
 */
public record WeightBlock(int index, NeuronBlock source, NeuronBlock target, ParameterTensor tensor, Layout layout) {

    /**
     * Where the weights of a pair of neurons lie.
     *
     * @param first position in the row of the first weight of the first pair
     * @param targetStride from a target to the next
     * @param sourceStride from a source to the next
     * @param fanIn sources of one target
     * @param features axes that run over the weights of one pair, the last fastest
     */
    public record Layout(long first, long targetStride, long sourceStride, int fanIn, List<Extent> features) {}

    /** An axis of features: {@code size} weights, {@code stride} apart in the row. */
    public record Extent(int size, long stride) {}

    /** Returns the number of neuron-to-neuron edges. */
    public long edges() {
        return (long) fanIn() * target.size();
    }

    /** Returns the number of sources that feed one target. */
    public int fanIn() {
        return layout.fanIn;
    }

    /** Returns the number of targets that one source feeds. */
    public int fanOut() {
        return (int) (edges() / source.size());
    }

    /** Returns the first source of a target; its sources follow each other. */
    public int firstSource(int t) {
        return t / fanOut() * fanIn();
    }

    /** Whether there is a weight from neuron {@code s} to neuron {@code t}. */
    public boolean joins(int s, int t) {
        return s / fanIn() == t / fanOut();
    }

    /** Returns the number of weights of each pair of neurons. */
    public int features() {
        return layout.features.stream().mapToInt(Extent::size).reduce(1, Math::multiplyExact);
    }

    /** Returns the index in the flat row of the first weight from neuron {@code s} to neuron {@code t}. */
    public long position(int s, int t) {
        return position(s, t, 0);
    }

    /**
     * Returns the index in the flat row of a weight from neuron {@code s} to neuron {@code t}.
     *
     * @param feature in [0, {@link #features()})
     */
    public long position(int s, int t, int feature) {
        long position = layout.first + t * layout.targetStride + s % fanIn() * layout.sourceStride;
        int rest = feature;
        for (int i = layout.features.size() - 1; i >= 0; i--) {
            Extent axis = layout.features.get(i);
            position += rest % axis.size() * axis.stride();
            rest /= axis.size();
        }
        return position;
    }
}
