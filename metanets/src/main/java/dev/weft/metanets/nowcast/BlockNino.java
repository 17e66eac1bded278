package dev.weft.metanets.nowcast;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import dev.weft.metanets.nn.ForwardPass;

/**
 * The forward pass of {@link PlainNino} for training: the same function of the same parameters at a third of the arithmetic.
 * Affine maps that follow each other are multiplied out first, which costs d^3 and not e d^2; nodes' shares are computed once
 * a node; means of what is affine are taken before the map. The gradient goes back through all of it.
 *
 * <p>Shapes: b copies of the graph, n nodes, e edges, d width, F values an edge, K horizons.
 */
final class BlockNino {

    private final PlainNino net;
    private final ForwardPass pass;
    private final BlockEdges graph;

    /**
     * An affine map in the engine: x goes to x W' + b.
     *
     * @param weight W [out, in]
     * @param bias b [out]
     */
    private record Map(NDArray weight, NDArray bias) {

        NDArray apply(NDArray x) {
            return Linear.linear(x, weight, bias).singletonOrThrow();
        }

        /** Returns the map that applies this one to what {@code first} gives. */
        Map after(Map first) {
            NDArray shifted = weight.matMul(first.bias.expandDims(1)).squeeze(1);
            return new Map(weight.matMul(first.weight), shifted.add(bias));
        }

        /** Returns the outputs [from, to). */
        Map rows(long from, long to) {
            return new Map(weight.get(from + ":" + to), bias.get(from + ":" + to));
        }
    }

    BlockNino(PlainNino net, ForwardPass pass, BlockEdges graph) {
        this.net = net;
        this.pass = pass;
        this.graph = graph;
    }

    /**
     * Returns displacements [b, e, F K].
     *
     * @param raw features [b, e, 5 F]
     * @param encoding of the nodes [b, n, 8]
     */
    NDArray forward(NDArray raw, NDArray encoding) {
        long b = raw.getShape().get(0);
        long values = raw.getShape().get(2);
        Shape typed = new Shape(
                b, graph.types().getShape().get(0), graph.types().getShape().get(1));
        NDArray input = raw.concat(graph.types().broadcast(typed), 2);
        NDArray x = map("node_proj.fc.0").apply(encoding);
        Map edge = first(values);
        x = layer(0, x, edge, input, graph.mean(input));
        NDArray hidden = update(0, x, edge, input);
        edge = map("gnn.edge_update.0.lin1");
        x = layer(1, x, edge, hidden, graph.mean(hidden));
        hidden = update(1, x, edge, hidden);
        edge = map("gnn.edge_update.1.lin1");
        NDArray output = PlainForecaster.silu(map("edge_out.fc.0").after(edge).apply(hidden));
        long outputs = values / Trajectory.STATES * net.horizons();
        return map("edge_out.fc.2").rows(0, outputs).apply(output);
    }

    private Map map(String name) {
        return new Map(net.value(pass, name + ".weight"), net.value(pass, name + ".bias"));
    }

    /** Returns the map from raw features and types to the edges' first states, [d, 5 F + types]. */
    private Map first(long values) {
        Map all = map("edge_proj.fc.0");
        NDArray types = net.value(pass, "layer_embed.weight").transpose();
        return new Map(all.weight.get(":, :" + values).concat(types, 1), all.bias);
    }

    /**
     * Returns the nodes' next states [b, n, d]. A message is scale (P x_target + Q x_source + c) + shift, with scale and shift
     * affine in the edge's state, which is {@code edge} of {@code input}.
     *
     * @param mean of the input over each node's edges
     */
    private NDArray layer(int i, NDArray x, Map edge, NDArray input, NDArray mean) {
        String name = "gnn.convs." + i + ".";
        long d = net.width();
        Map encoder = map(name + "edge_encoder").after(edge);
        Map scale = encoder.rows(0, d);
        Map pair = map(name + "pre_nns.0.0");
        NDArray target = new Map(pair.weight.get(":, :" + d), pair.bias).apply(x);
        NDArray source = x.matMul(pair.weight.get(":, " + d + ":").transpose());
        NDList means = encoder.apply(mean).split(new long[] {d}, 2);
        NDArray received = graph.meanWithSources(scale.apply(input), source)
                .add(means.get(0).mul(target))
                .add(means.get(1));
        Map node = map(name + "lin").after(map(name + "post_nns.0.0"));
        return PlainForecaster.silu(node.apply(x.concat(received, 2)));
    }

    /** Returns the edges' updates before their last map, [b, e, d]. */
    private NDArray update(int i, NDArray x, Map edge, NDArray input) {
        String name = "gnn.edge_update." + i + ".";
        NDArray ends =
                graph.ends(map(name + "lin_s").apply(x), map(name + "lin_t").apply(x));
        return PlainForecaster.silu(map(name + "lin_e").after(edge).apply(input).add(ends));
    }
}
