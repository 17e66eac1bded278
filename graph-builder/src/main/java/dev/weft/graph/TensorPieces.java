package dev.weft.graph;

import dev.weft.graph.WeightBlock.Extent;
import dev.weft.network.Axis;
import dev.weft.network.Axis.Segment;
import dev.weft.network.NeuronBlock;
import dev.weft.network.ParameterTensor;
import java.util.ArrayList;
import java.util.List;

/** Cuts a tensor into the pieces that join two blocks, or belong to one. */
final class TensorPieces {

    private final List<NeuronBlock> blocks;
    private final ParameterTensor tensor;
    private final long[] strides; // of the axes
    private final int out; // the axis of fed neurons, -1 for none
    private final int in; // the axis of read neurons, -1 for none

    /** One segment of an axis and where it starts in the row. */
    private record Piece(Segment segment, long start, long stride) {

        long unitStride() {
            return stride * segment.inner();
        }

        /** Appends the axes that repeat each neuron. */
        void extents(List<Extent> to) {
            if (segment.outer() > 1) {
                to.add(new Extent(segment.outer(), stride * segment.inner() * segment.count()));
            }
            if (segment.inner() > 1) {
                to.add(new Extent(segment.inner(), stride));
            }
        }
    }

    TensorPieces(List<NeuronBlock> blocks, ParameterTensor tensor) {
        this.blocks = blocks;
        this.tensor = tensor;
        this.strides = new long[tensor.axes().size()];
        long stride = 1;
        for (int a = strides.length - 1; a >= 0; a--) {
            strides[a] = stride;
            stride *= tensor.shape().get(a);
        }
        this.out = find(Axis.Flow.OUT);
        this.in = find(Axis.Flow.IN);
    }

    private int find(Axis.Flow flow) {
        for (int a = 0; a < tensor.axes().size(); a++) {
            if (tensor.axes().get(a).flow() == flow) {
                return a;
            }
        }
        return -1;
    }

    /** Whether the tensor joins neurons that are read to neurons that are fed. */
    boolean joins() {
        return in >= 0 && out >= 0;
    }

    /** Returns the blocks of weights, numbered from {@code number}. */
    List<WeightBlock> weights(int number) {
        List<WeightBlock> weights = new ArrayList<>();
        for (Piece target : pieces(out)) {
            for (Piece source : pieces(in)) {
                weights.add(weight(number + weights.size(), source, target));
            }
        }
        return weights;
    }

    private WeightBlock weight(int number, Piece source, Piece target) {
        List<Extent> features = new ArrayList<>();
        target.extents(features);
        source.extents(features);
        others(features);
        WeightBlock.Layout layout = new WeightBlock.Layout(
                tensor.offset() + target.start + source.start,
                target.unitStride(),
                source.unitStride(),
                source.segment.count(),
                List.copyOf(features));
        return new WeightBlock(
                number, blocks.get(source.segment.block()), blocks.get(target.segment.block()), tensor, layout);
    }

    /** Returns the values that belong to the fed neurons themselves. */
    List<NeuronTensor> neurons() {
        List<NeuronTensor> neurons = new ArrayList<>();
        if (out < 0) {
            return neurons;
        }
        for (Piece piece : pieces(out)) {
            List<Extent> extents = new ArrayList<>();
            piece.extents(extents);
            others(extents);
            neurons.add(new NeuronTensor(
                    blocks.get(piece.segment.block()),
                    tensor,
                    tensor.offset() + piece.start,
                    piece.unitStride(),
                    List.copyOf(extents)));
        }
        return neurons;
    }

    private List<Piece> pieces(int axis) {
        List<Piece> pieces = new ArrayList<>();
        long start = 0;
        for (Segment segment : tensor.axes().get(axis).segments()) {
            if (!segment.free()) {
                pieces.add(new Piece(segment, start, strides[axis]));
            }
            start += segment.size() * strides[axis];
        }
        return pieces;
    }

    private void others(List<Extent> to) {
        for (int a = 0; a < strides.length; a++) {
            if (a != in && a != out && tensor.shape().get(a) > 1) {
                to.add(new Extent(tensor.shape().get(a), strides[a]));
            }
        }
    }
}
