package dev.weft.metanets.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.weft.network.NeuronBlock;
import dev.weft.network.run.Constants;
import java.util.ArrayList;
import java.util.List;

/**
 * Mean, minimum, maximum and standard deviation of each neuron's incoming messages (PNA, Corso et al. 2020), where the
 * neighbourhood of a hidden neuron is the union of two weight blocks: the one behind it, reduced over sources, and, with
 * reverse messages, the one ahead of it, reduced over targets.
 *
 * <p>An empty neighbourhood gives 0. The deviation is 0 where the variance does not exceed {@link #VARIANCE_FLOOR}, as in
 * PyTorch Geometric. Theirs is E[m^2] - E[m]^2; ours is taken from centred messages, which in float32 comes
 * closer to float64, gradients most of all.
 */
final class NeighbourStatistics {

    static final double VARIANCE_FLOOR = 1e-5;

    private final GraphLayout layout;
    private final List<List<Part>> incoming = new ArrayList<>();

    /** Messages [b, t, s, d] into one block of neurons, and the axis of their senders. */
    private record Part(NDArray messages, int axis) {

        NDArray sum() {
            return messages.sum(new int[] {axis});
        }

        NDArray max() {
            return Functions.max(messages, axis);
        }

        NDArray min() {
            return Functions.max(messages.neg(), axis).neg();
        }

        /** Sum of squares around a centre [b, n, d], whose own gradient is 0 and therefore cut. */
        NDArray squares(NDArray centre) {
            NDArray around = messages.sub(centre.stopGradient().expandDims(axis));
            return around.square().sum(new int[] {axis});
        }
    }

    /** Statistics of one block, each [b, n, d]. */
    private record Statistics(NDArray mean, NDArray min, NDArray max, NDArray variance) {}

    NeighbourStatistics(GraphLayout layout) {
        this.layout = layout;
        layout.graph().blocks().forEach(block -> incoming.add(new ArrayList<>()));
    }

    /** Takes in the messages along some edges, m [b, t, s, d]. */
    void add(GraphLayout.Edges edges, NDArray m) {
        incoming.get(edges.receiver().index()).add(new Part(m, edges.senderAxis()));
    }

    /** Returns mean, minimum, maximum and deviation side by side, [b, n, 4 d]. */
    NDArray concatenated(NDArray like) {
        NDList zeros = layout.split(like.zerosLike(), 1);
        NDList[] columns = {new NDList(), new NDList(), new NDList(), new NDList()};
        for (NeuronBlock block : layout.graph().blocks()) {
            Statistics statistics = statistics(incoming.get(block.index()), zeros.get(block.index()));
            columns[0].add(statistics.mean);
            columns[1].add(statistics.min);
            columns[2].add(statistics.max);
            columns[3].add(statistics.variance);
        }
        return Functions.concat(
                new NDList(
                        Functions.concat(columns[0], 1),
                        Functions.concat(columns[1], 1),
                        Functions.concat(columns[2], 1),
                        deviation(Functions.concat(columns[3], 1))),
                2);
    }

    private static Statistics statistics(List<Part> parts, NDArray zero) {
        if (parts.isEmpty()) {
            return new Statistics(zero, zero, zero, zero);
        }
        long degree = parts.stream()
                .mapToLong(part -> part.messages.getShape().get(part.axis))
                .sum();
        NDArray count = Constants.of(zero, degree);
        NDArray sum = parts.get(0).sum();
        NDArray min = parts.get(0).min();
        NDArray max = parts.get(0).max();
        for (Part part : parts.subList(1, parts.size())) {
            sum = sum.add(part.sum());
            min = min.minimum(part.min());
            max = max.maximum(part.max());
        }
        NDArray mean = sum.div(count);
        NDArray squares = parts.get(0).squares(mean);
        for (Part part : parts.subList(1, parts.size())) {
            squares = squares.add(part.squares(mean));
        }
        return new Statistics(mean, min, max, squares.div(count));
    }

    static NDArray deviation(NDArray variance) {
        NDArray floor = Constants.of(variance, VARIANCE_FLOOR);
        NDArray above = variance.gt(VARIANCE_FLOOR).toType(variance.getDataType(), false);
        return variance.maximum(floor).sqrt().mul(above);
    }

    /** Returns a constant for each neuron as [n, 1], of the type and on the device of {@code like}. */
    static NDArray perNode(NDArray like, double[] values) {
        NDArray wide = like.getManager().create(values, new Shape(values.length, 1));
        DataType type = like.getDataType();
        return wide.toDevice(like.getDevice(), false).toType(type, false);
    }
}
