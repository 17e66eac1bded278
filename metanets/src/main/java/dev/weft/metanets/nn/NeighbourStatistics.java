package dev.weft.metanets.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.weft.graph.WeightBlock;
import dev.weft.network.NeuronBlock;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Mean, minimum, maximum and standard deviation of each neuron's incoming messages (PNA, Corso et al. 2020), where the
 * neighbourhood of a hidden neuron is the union of two weight blocks: the one behind it, reduced over sources, and, with
 * reverse messages, the one ahead of it, reduced over targets.
 *
 * <p>An empty neighbourhood gives 0. The deviation is sqrt(E[m^2] - E[m]^2), 0 where the variance does not exceed
 * {@link #VARIANCE_FLOOR}, as in PyTorch Geometric.
 */
final class NeighbourStatistics {

    static final double VARIANCE_FLOOR = 1e-5;

    private final GraphLayout layout;
    private final Part[] parts;

    /** Sums and extremes over some of a block's messages, each [b, n, d]. */
    private record Part(NDArray sum, NDArray squares, NDArray min, NDArray max) {
        Part with(Part other) {
            return new Part(
                    sum.add(other.sum), squares.add(other.squares), min.minimum(other.min), max.maximum(other.max));
        }
    }

    NeighbourStatistics(GraphLayout layout) {
        this.layout = layout;
        this.parts = new Part[layout.graph().blocks().size()];
    }

    /** Takes in the messages of one weight block, m [k, b, t, s, d]. */
    void add(WeightBlock weight, NDArray m) {
        NDList messages = directions(m);
        NDList squares = directions(m.square());
        NDList negatives = directions(m.neg());
        int[] axes = {2, 1}; // direction 0 reduces over sources, direction 1 over targets
        List<NeuronBlock> receivers = List.of(weight.target(), weight.source());
        for (int k = 0; k < layout.directions(); k++) {
            int[] axis = {axes[k]};
            Part part = new Part(
                    messages.get(k).sum(axis),
                    squares.get(k).sum(axis),
                    Functions.max(negatives.get(k), axes[k]).neg(),
                    Functions.max(messages.get(k), axes[k]));
            int receiver = receivers.get(k).index();
            Part before = parts[receiver];
            parts[receiver] = before == null ? part : before.with(part);
        }
    }

    private NDList directions(NDArray m) {
        Shape shape = m.getShape();
        NDList views = new NDList();
        NDList halves = layout.reverse() ? m.split(2, 0) : new NDList(m);
        halves.forEach(half -> views.add(half.reshape(shape.slice(1))));
        return views;
    }

    /** Returns mean, minimum, maximum and deviation side by side, [b, n, 4 d]. */
    NDArray concatenated(NDArray like) {
        NDArray zero = like.zerosLike();
        NDList[] columns = {new NDList(), new NDList(), new NDList(), new NDList()};
        for (NeuronBlock block : layout.graph().blocks()) {
            Part part = orZero(parts[block.index()], zero, block);
            columns[0].add(part.sum);
            columns[1].add(part.squares);
            columns[2].add(part.min);
            columns[3].add(part.max);
        }
        NDArray scale = perNode(
                like,
                Arrays.stream(layout.degrees())
                        .map(degree -> 1 / Math.max(degree, 1))
                        .toArray());
        NDArray mean = Functions.concat(columns[0], 1).mul(scale);
        NDArray variance = Functions.concat(columns[1], 1).mul(scale).sub(mean.square());
        return Functions.concat(
                new NDList(mean, Functions.concat(columns[2], 1), Functions.concat(columns[3], 1), deviation(variance)),
                2);
    }

    static NDArray deviation(NDArray variance) {
        NDArray above = variance.gt(VARIANCE_FLOOR).toType(variance.getDataType(), false);
        return variance.maximum(VARIANCE_FLOOR).sqrt().mul(above);
    }

    private Part orZero(@Nullable Part part, NDArray zero, NeuronBlock block) {
        if (part != null) {
            return part;
        }
        NDArray none = layout.split(zero, 1).get(block.index());
        return new Part(none, none, none, none);
    }

    /** Returns a constant for each neuron as [n, 1], of the type and on the device of {@code like}. */
    static NDArray perNode(NDArray like, double[] values) {
        NDArray wide = like.getManager().create(values, new Shape(values.length, 1));
        DataType type = like.getDataType();
        return wide.toDevice(like.getDevice(), false).toType(type, false);
    }
}
