package dev.weft.metanets.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;
import ai.djl.training.GradientCollector;
import dev.weft.network.NeuronBlock;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A stack of {@link FilmLayer}s for training on the CPU in float32, with what happens on edges written by hand, forward
 * and backward. In the engine's operations each of some forty steps a layer reads and writes all edge states, and
 * keeps them for the gradient; here three matrix products and two sweeps are left, and two arrays are kept.
 *
 * <p>Only nodes and weights are in the engine's graph. Every layer's nodes are a leaf of it, so that the parts of the
 * graph between leaves can be differentiated one after another, last layer first.
 *
 * <p>Nodes [b, n, d], edge arrays [e, ...] in the order of {@link EdgeList}.
 */
public final class FusedLayers {

    private final ForwardPass pass;
    private final int d;
    private final List<Step> steps = new ArrayList<>();

    private FusedLayers(ForwardPass pass, int d) {
        this.pass = pass;
        this.d = d;
    }

    /**
     * Returns whether a pass can be made this way: it records, the type is right, and an edge array fits a buffer.
     *
     * @param encoder of the edges, whose features are the widest array
     * @param rows the metanet's input, [b, P]
     */
    public static boolean suits(ForwardPass pass, GraphLayout layout, EdgeEncoder encoder, NDArray rows) {
        long edges = layout.edges().stream()
                .mapToLong(edge -> (long) edge.sender().size() * edge.receiver().size())
                .sum();
        return pass.tape().isPresent()
                && rows.getDataType() == DataType.FLOAT32
                && !rows.hasGradient()
                && edges * rows.getShape().get(0) * encoder.widest() <= Integer.MAX_VALUE / Float.BYTES;
    }

    /**
     * Encodes edges and passes messages over x [b, n, d] in all layers.
     *
     * @param weights standardised weights, one array [b, t, s] a weight block
     * @param read the only neurons whose states must be right behind the last layer
     */
    public static NDArray forward(
            ForwardPass pass,
            GraphLayout layout,
            EdgeEncoder encoder,
            List<FilmLayer> layers,
            NDArray x,
            List<NDArray> weights,
            NeuronBlock read) {
        Shape shape = x.getShape();
        EdgeNeeds needs = new EdgeNeeds(
                layout,
                layers.size(),
                read,
                layers.stream()
                        .anyMatch(layer ->
                                layer.update != null && layer.update.norm().couplesNodes()));
        EdgeList all = new EdgeList(layout, (int) shape.get(0), needs.order());
        FusedLayers fused = new FusedLayers(pass, (int) shape.get(2));
        EncodedEdges encoded = encoder.flat(pass, all.first(needs.blocks(0)), weights);
        NDArray nodes = x;
        NDArray hidden = encoded.values().stopGradient();
        for (int i = 0; i < layers.size(); i++) {
            NDArray leaf = Tape.leaf(nodes);
            if (i > 0) {
                hidden = fused.steps.get(i - 1).update(leaf);
            }
            FilmLayer.Update before = i == 0 ? null : layers.get(i - 1).update;
            EdgeList edges = all.first(needs.blocks(i));
            EdgeList later = all.first(i + 1 < layers.size() ? needs.blocks(i + 1) : 0);
            Affine pending = before == null ? null : before.pending();
            Step step = fused.new Step(layers.get(i), leaf, hidden, pending, edges, later);
            fused.steps.add(step);
            nodes = step.next;
        }
        pass.tape().orElseThrow().add(collector -> fused.backward(collector, x, encoded));
        return nodes;
    }

    /** Runs when the engine has been through the graph behind the last layer's leaves. */
    private void backward(GradientCollector collector, NDArray x, EncodedEdges encoded) {
        NDArray g = steps.get(steps.size() - 1).messagesBackward(collector, null);
        for (int i = steps.size() - 2; i >= 0; i--) {
            Step step = steps.get(i);
            NDArray updateGradient = step.updateBackward(collector, g);
            collector.backward(Tape.pull(step.next, steps.get(i + 1).leaf.getGradient()));
            g = step.messagesBackward(collector, updateGradient);
        }
        collector.backward(encoded.pull(g).add(Tape.pull(x, steps.get(0).leaf.getGradient())));
    }

    /** One layer in one pass. */
    private final class Step {
        private final FilmLayer layer;
        private final NDArray leaf;
        private final EdgeList edges;
        private final EdgeList later; // edges that the next layer needs
        private final NDArray hidden;
        private final NDArray laterHidden;
        private final Mapped scale;
        private final Mapped shift;
        private final @Nullable Mapped own; // none in the last layer
        private final NDArray receivers; // [b, n, d]
        private final NDArray senders;
        private final MessageKernel kernel;
        private final NDArray statistics; // [b, n, 4 d]
        private final NDArray next;
        private @Nullable NDArray updateReceivers;
        private @Nullable NDArray updateSenders;
        private @Nullable NDArray sigmoid; // [e, d]
        private @Nullable NDArray value;

        Step(FilmLayer layer, NDArray leaf, NDArray hidden, @Nullable Affine pending, EdgeList edges, EdgeList later) {
            this.layer = layer;
            this.leaf = leaf;
            this.edges = edges;
            this.later = later;
            this.hidden = hidden;
            laterHidden = beginning(hidden, later.size());
            NDList weights = layer.film.weight(pass).split(2, 0);
            NDList biases = layer.film.bias(pass).split(2, 0);
            scale = new Mapped(hidden, EdgeState.folded(pass, pending, weights.get(0), biases.get(0)));
            shift = new Mapped(hidden, EdgeState.folded(pass, pending, weights.get(1), biases.get(1)));
            FilmLayer.Update update = layer.update;
            own = update == null
                    ? null
                    : new Mapped(
                            laterHidden,
                            EdgeState.folded(
                                    pass,
                                    pending,
                                    update.edge().weight(pass),
                                    update.edge().bias(pass)));
            NDList ends = layer.pair.weight(pass).split(2, 1); // receiver, sender
            receivers = Linear.linear(leaf, ends.get(0), layer.pair.bias(pass)).singletonOrThrow();
            senders = Linear.linear(leaf, ends.get(1)).singletonOrThrow();
            kernel = new MessageKernel(
                    edges, d, scale.floats(), shift.floats(), receivers.toFloatArray(), senders.toFloatArray());
            Shape shape = leaf.getShape();
            statistics = leaf.getManager().create(kernel.statistics(), new Shape(shape.get(0), shape.get(1), 4L * d));
            statistics.setRequiresGradient(true);
            next = layer.nodes(pass, leaf, statistics);
        }

        /** Returns the edges' states behind this layer, [e, d], before their pending map. */
        NDArray update(NDArray nodes) {
            FilmLayer.Update rest = Objects.requireNonNull(layer.update);
            NDArray sourceBias = rest.source().bias(pass).add(rest.target().bias(pass));
            updateReceivers =
                    Linear.linear(nodes, rest.target().weight(pass), sourceBias).singletonOrThrow();
            updateSenders = Linear.linear(nodes, rest.source().weight(pass)).singletonOrThrow();
            try (NDArray sum = hidden.getManager().create(new Shape(later.size(), d))) {
                new UpdateKernel(later, d)
                        .forward(
                                Objects.requireNonNull(own).floats(),
                                updateReceivers.toFloatArray(),
                                updateSenders.toFloatArray(),
                                floats(sum));
                sigmoid = Activation.sigmoid(sum);
                value = sum.mul(sigmoid);
            }
            return value;
        }

        /** Takes the gradient of the edges' states to the nodes, and returns it for the edges' own part, [e, d]. */
        NDArray updateBackward(GradientCollector collector, NDArray g) {
            NDArray sum = hidden.getManager().create(new Shape(later.size(), d));
            EndGradient gradient = new UpdateKernel(later, d)
                    .backward(
                            floats(g),
                            floats(Objects.requireNonNull(sigmoid)),
                            floats(Objects.requireNonNull(value)),
                            floats(sum));
            g.close();
            collector.backward(
                    pull(Objects.requireNonNull(updateReceivers), Objects.requireNonNull(updateSenders), gradient));
            return sum;
        }

        /**
         * Takes the statistics' gradient to weights and nodes.
         *
         * @param ownGradient gradient of the edges' own part of their update [e, d], none in the last layer
         * @return the gradient of the edges' states, [e, d]
         */
        NDArray messagesBackward(GradientCollector collector, @Nullable NDArray ownGradient) {
            NDArray scaleGradient = hidden.getManager().create(hidden.getShape());
            NDArray shiftGradient = hidden.getManager().create(hidden.getShape());
            EndGradient ends = kernel.backward(
                    statistics.getGradient().toFloatArray(), floats(scaleGradient), floats(shiftGradient));
            NDArray loss = pull(receivers, senders, ends)
                    .add(scale.pull(hidden, scaleGradient))
                    .add(shift.pull(hidden, shiftGradient));
            NDArray g = scale.backward(scaleGradient);
            addAndClose(g, shift.backward(shiftGradient));
            if (own != null) {
                NDArray given = Objects.requireNonNull(ownGradient);
                loss = loss.add(own.pull(laterHidden, given));
                addAndClose(beginning(g, later.size()), own.backward(given));
            }
            collector.backward(loss);
            return g;
        }

        private NDArray pull(NDArray receivers, NDArray senders, EndGradient gradient) {
            NDArray first = leaf.getManager().create(gradient.receivers(), receivers.getShape());
            NDArray second = leaf.getManager().create(gradient.senders(), senders.getShape());
            return Tape.pull(receivers, first).add(Tape.pull(senders, second));
        }
    }

    /** An affine map of the edges' states and what it gave, [e, d]. */
    private static final class Mapped {
        private final EdgeState.Map map;
        private final NDArray value;

        Mapped(NDArray hidden, EdgeState.Map map) {
            this.map = map;
            value = Linear.linear(
                            hidden, map.weight().stopGradient(), map.bias().stopGradient())
                    .singletonOrThrow();
        }

        FloatBuffer floats() {
            return FusedLayers.floats(value);
        }

        /** Returns what gives weight and bias their gradients, from the value's [e, d]. */
        NDArray pull(NDArray hidden, NDArray g) {
            return Tape.pull(map.weight(), g.transpose().matMul(hidden))
                    .add(Tape.pull(map.bias(), g.sum(new int[] {0})));
        }

        /** Takes the gradient of the value to the edges' states, and frees it and the value. */
        NDArray backward(NDArray g) {
            value.close();
            try (g) {
                return g.matMul(map.weight().stopGradient());
            }
        }
    }

    private static NDArray beginning(NDArray x, int rows) {
        return x.get(new NDIndex().addSliceDim(0, rows));
    }

    private static void addAndClose(NDArray sum, NDArray term) {
        try (term) {
            sum.addi(term);
        }
    }

    private static FloatBuffer floats(NDArray array) {
        return array.toByteBuffer(true).asFloatBuffer();
    }
}
