package dev.weft.metanets.nowcast;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.core.Linear;
import dev.weft.checkpoints.format.TensorFile;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.metanets.nowcast.wiring.EdgeType;
import dev.weft.network.Seed;
import java.io.IOException;
import java.nio.file.Path;

/**
 * NiNo as it is written down, edge by edge, in the engine's operations: differentiable, and the truth that {@link Nino}'s
 * folded form is tested against. The third layer's parameters, which have no influence on the output, are kept for the
 * files' sake and not trained.
 *
 * <p>Shapes: n nodes, e edges, d width, F values an edge, K horizons. O(e d) memory; {@link PlainForecast} takes the edges of
 * large graphs in chunks.
 */
public final class PlainNino extends PlainForecaster {

    private static final int LAYERS = 3;

    private final int width;
    private final int features;

    /**
     * @param width d
     * @param features the most values that an edge may carry, 9 in the released files
     * @param horizons K
     */
    public PlainNino(int width, int features, int horizons, Seed seed) {
        super(horizons, seed);
        this.width = width;
        this.features = features;
        table("layer_embed", EdgeType.COUNT, width);
        map("node_proj.fc.0", true, width, Nino.ENCODING);
        map("edge_proj.fc.0", true, width, features * Trajectory.STATES);
        for (int i = 0; i < LAYERS; i++) {
            boolean used = i + 1 < LAYERS;
            map("gnn.convs." + i + ".edge_encoder", used, 2 * width, width);
            map("gnn.convs." + i + ".pre_nns.0.0", used, width, 2 * width);
            map("gnn.convs." + i + ".post_nns.0.0", used, width, 2 * width);
            map("gnn.convs." + i + ".lin", used, width, width);
            for (String part : used ? new String[] {"lin_e", "lin_s", "lin_t", "lin1"} : new String[0]) {
                map("gnn.edge_update." + i + "." + part, true, width, width);
            }
        }
        map("edge_out.fc.0", true, width, width);
        lastMap("edge_out.fc.2", features * horizons, width);
    }

    /** Reads released weights without a table of tokens; arrays belong to {@code manager}. */
    public static PlainNino load(NDManager manager, Path file) throws IOException {
        try (TensorFile tensors = TensorFile.open(file)) {
            ReleasedWeights weights = new ReleasedWeights(tensors);
            int d = weights.size("edge_proj.fc.0.weight", 0);
            int features = weights.size("edge_proj.fc.0.weight", 1) / Trajectory.STATES;
            int outputs = weights.size("edge_out.fc.2.weight", 0);
            PlainNino net = new PlainNino(d, features, outputs / Math.max(1, features), new Seed(0));
            net.initialize(manager, DataType.FLOAT32);
            net.set(weights);
            return net;
        }
    }

    /** Returns d. */
    int width() {
        return width;
    }

    @Override
    public int features() {
        return features;
    }

    /**
     * Returns the edges' first states, [e, d].
     *
     * @param raw features [e, 5 F], F at most the weights'
     * @param types [e]
     */
    NDArray edges(ForwardPass pass, NDArray raw, NDArray types) {
        NDArray weight =
                value(pass, "edge_proj.fc.0.weight").get(":, :" + raw.getShape().get(1));
        NDArray projected =
                Linear.linear(raw, weight, value(pass, "edge_proj.fc.0.bias")).singletonOrThrow();
        return projected.add(value(pass, "layer_embed.weight").get(types));
    }

    /** Returns messages [e, d] from the edges' states and their ends', [e, d] each. */
    NDArray messages(ForwardPass pass, int layer, NDArray edges, NDArray source, NDArray target) {
        String name = "gnn.convs." + layer + ".";
        NDList film = apply(pass, name + "edge_encoder", edges).split(new long[] {width}, 1);
        NDArray pair = apply(pass, name + "pre_nns.0.0", NDArrays.concat(new NDList(target, source), 1));
        return film.get(0).mul(pair).add(film.get(1));
    }

    /** Returns the nodes' next states before SiLU, [n, d]. */
    NDArray nodes(ForwardPass pass, int layer, NDArray nodes, NDArray received) {
        String name = "gnn.convs." + layer + ".";
        NDArray both = NDArrays.concat(new NDList(nodes, received), 1);
        return apply(pass, name + "lin", apply(pass, name + "post_nns.0.0", both));
    }

    /** Returns the edges' next states, [e, d]. */
    NDArray update(ForwardPass pass, int layer, NDArray edges, NDArray source, NDArray target) {
        String name = "gnn.edge_update." + layer + ".";
        NDArray hidden = apply(pass, name + "lin_e", edges)
                .add(apply(pass, name + "lin_s", source))
                .add(apply(pass, name + "lin_t", target));
        return apply(pass, name + "lin1", silu(hidden));
    }

    /** Returns displacements of all features and horizons, [e, F K]. */
    NDArray output(ForwardPass pass, NDArray edges) {
        return apply(pass, "edge_out.fc.2", silu(apply(pass, "edge_out.fc.0", edges)));
    }

    @Override
    public NDArray forward(ForwardPass pass, BlockEdges graph, NDArray raw, NDArray encoding) {
        return new BlockNino(this, pass, graph).forward(raw, encoding);
    }
}
