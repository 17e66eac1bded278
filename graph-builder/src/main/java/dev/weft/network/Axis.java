package dev.weft.network;

import java.util.List;
import java.util.OptionalInt;

/**
 * What one axis of a {@link ParameterTensor} indexes: neurons, block after block, or nothing that has neurons.
 *
 * <p>Permutations, scales, signs, graphs and canonical forms all follow from these labels. Examples:
 *
 * <ul>
 *   <li>a linear layer's rows: one segment, its block
 *   <li>columns behind a flattened image: one segment, channels with the positions as {@link Segment#inner()}
 *   <li>fused queries, keys and values: three segments; the four gates of an LSTM: its block four times
 *   <li>columns of a grouped convolution: one segment that runs within the group of the row, see {@link Segment#count()}
 *   <li>kernel taps: a free segment
 * </ul>
 *
 * @param flow whether the tensor reads these neurons or feeds them
 * @param segments side by side
 */
public record Axis(Flow flow, List<Segment> segments) {

    /** The block of a segment that indexes no neurons. */
    public static final int FREE = -1;

    /** The role of the neurons that an axis indexes. */
    public enum Flow {
        /** They are read: the weights' sources. */
        IN,
        /** They are fed: the weights' targets, and the neurons that biases and gains belong to. */
        OUT,
        /** There are none. */
        NONE
    }

    public Axis {
        segments = List.copyOf(segments);
    }

    /**
     * A run of indices i = (o * count + k) * inner + p for o in [0, outer), k in [0, count), p in [0, inner).
     *
     * @param block the {@link NeuronBlock#index()} of the neurons that k counts, or {@link #FREE}
     * @param count the block's size; less where k counts only the neurons within the group that an earlier axis of the
     *     same tensor has fixed
     * @param outer repetitions around the neurons
     * @param inner indices for each neuron
     * @param powers how each neuron's scales enter
     */
    public record Segment(int block, int count, int outer, int inner, List<Power> powers) {

        public Segment {
            powers = List.copyOf(powers);
        }

        /** Returns the number of indices. */
        public int size() {
            return Math.multiplyExact(Math.multiplyExact(outer, count), inner);
        }

        public boolean free() {
            return block == FREE;
        }

        /** Returns the neuron, counted from the segment's first, that index {@code i} of the segment belongs to. */
        public int unit(int i) {
            return i / inner % count;
        }
    }

    /**
     * A factor of a tensor's entries under a scaling: the scale of the entry's neuron to the power of {@code exponent}.
     *
     * @param gauge the {@link Gauge#index()}
     * @param exponent 1 where the scaled values are written, -1 where they are read
     */
    public record Power(int gauge, int exponent) {}

    /** Returns an axis of {@code size} indices without neurons. */
    public static Axis free(int size) {
        return new Axis(Flow.NONE, List.of(new Segment(FREE, size, 1, 1, List.of())));
    }

    /** Returns the number of indices. */
    public int size() {
        return segments.stream().mapToInt(Segment::size).reduce(0, Math::addExact);
    }

    /** Returns the block if the axis runs over all neurons of one block, once each, and nothing else. */
    public OptionalInt soleBlock() {
        if (segments.size() != 1) {
            return OptionalInt.empty();
        }
        Segment only = segments.get(0);
        return only.free() || only.count != only.size() ? OptionalInt.empty() : OptionalInt.of(only.block);
    }

    /** Whether some of the axis' neurons are of a block. */
    public boolean names(NeuronBlock block) {
        return segments.stream().anyMatch(segment -> segment.block == block.index());
    }
}
