package dev.weft.metanets.nowcast;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.weft.checkpoints.format.TensorFile;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.metanets.nn.SeededInitializer;
import dev.weft.metanets.nn.WeightSpaceBlock;
import dev.weft.metanets.nowcast.wiring.EdgeType;
import dev.weft.network.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * NiNo as it is written down, edge by edge, in the engine's operations: differentiable, and the truth that {@link Nino}'s
 * folded form is tested against. Parameters have the names and first values of the reference (normal with deviation 0.02,
 * biases 0); the third layer's, which have no influence on the output, are kept for the files' sake and not trained.
 *
 * <p>Shapes: n nodes, e edges, d width, F values an edge, K horizons. O(e d) memory; a graph small enough for an [n, e]
 * matrix only, use {@link PlainForecast} for others.
 */
public final class PlainNino extends WeightSpaceBlock {

    private static final double DEVIATION = 0.02;
    private static final int LAYERS = 3;

    private final int width;
    private final int features;
    private final int horizons;
    private final Map<String, Parameter> values = new LinkedHashMap<>();

    /**
     * @param width d
     * @param features the most values that an edge may carry, 9 in the released files
     * @param horizons K
     */
    public PlainNino(int width, int features, int horizons, Seed seed) {
        this.width = width;
        this.features = features;
        this.horizons = horizons;
        weight("layer_embed", seed, true, EdgeType.COUNT, width);
        map("node_proj.fc.0", seed, true, width, Nino.ENCODING);
        map("edge_proj.fc.0", seed, true, width, features * Trajectory.STATES);
        for (int i = 0; i < LAYERS; i++) {
            boolean used = i + 1 < LAYERS;
            map("gnn.convs." + i + ".edge_encoder", seed, used, 2 * width, width);
            map("gnn.convs." + i + ".pre_nns.0.0", seed, used, width, 2 * width);
            map("gnn.convs." + i + ".post_nns.0.0", seed, used, width, 2 * width);
            map("gnn.convs." + i + ".lin", seed, used, width, width);
            for (String part : used ? new String[] {"lin_e", "lin_s", "lin_t", "lin1"} : new String[0]) {
                map("gnn.edge_update." + i + "." + part, seed, true, width, width);
            }
        }
        map("edge_out.fc.0", seed, true, width, width);
        map("edge_out.fc.2", seed, true, features * horizons, width);
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
            for (Map.Entry<String, Parameter> value : net.values.entrySet()) {
                NDArray array = value.getValue().getArray();
                array.set(weights.floats(value.getKey(), array.getShape().getShape()));
            }
            weights.requireAllTaken();
            return net;
        }
    }

    private void map(String name, Seed seed, boolean trained, int out, int in) {
        weight(name, seed, trained, out, in);
        add(name + ".bias", SeededInitializer.constant(0), trained, new Shape(out));
    }

    private void weight(String name, Seed seed, boolean trained, int rows, int columns) {
        add(name + ".weight", SeededInitializer.normal(seed.split(name), DEVIATION), trained, new Shape(rows, columns));
    }

    private void add(String name, SeededInitializer initializer, boolean trained, Shape shape) {
        values.put(name, trained ? parameter(name, shape, initializer) : constant(name, shape, initializer));
    }

    int horizons() {
        return horizons;
    }

    private NDArray value(ForwardPass pass, String name) {
        return pass.value(Objects.requireNonNull(values.get(name), name));
    }

    /** Applies the affine map called {@code name} to the last axis. */
    NDArray apply(ForwardPass pass, String name, NDArray x) {
        return Linear.linear(x, value(pass, name + ".weight"), value(pass, name + ".bias"))
                .singletonOrThrow();
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

    static NDArray silu(NDArray x) {
        return x.mul(Activation.sigmoid(x));
    }

    /** The numbers of edges' ends, and the mean over each node's edges, as arrays. */
    public record Ends(NDArray sources, NDArray targets, NDArray types, NDArray mean) {

        public static Ends of(NDManager manager, PlainEdges edges) {
            return new Ends(
                    manager.create(edges.sources()),
                    manager.create(edges.targets()),
                    manager.create(edges.types()),
                    edges.meanMatrix(manager));
        }
    }

    /**
     * Returns displacements of the scaled values, feature by feature, horizon by horizon, [e, F K].
     *
     * @param raw features [e, 5 F]
     * @param encoding of the nodes [n, 8]
     */
    public NDArray forward(ForwardPass pass, Ends ends, NDArray raw, NDArray encoding) {
        NDArray x = apply(pass, "node_proj.fc.0", encoding);
        NDArray e = edges(pass, raw, ends.types);
        for (int layer = 0; layer + 1 < LAYERS; layer++) {
            NDArray m = messages(pass, layer, e, x.get(ends.sources), x.get(ends.targets));
            x = silu(nodes(pass, layer, x, ends.mean.matMul(m)));
            e = update(pass, layer, e, x.get(ends.sources), x.get(ends.targets));
        }
        return output(pass, e);
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, @Nullable PairList<String, Object> params) {
        ForwardPass pass = new ForwardPass(store, inputs.head().getDevice(), training);
        Ends ends = new Ends(inputs.get(2), inputs.get(3), inputs.get(4), inputs.get(5));
        return new NDList(forward(pass, ends, inputs.get(0), inputs.get(1)));
    }

    /** @param inputs raw features, encoding, sources, targets, types, matrix of means */
    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
        return new Shape[] {new Shape(inputs[0].get(0), (long) features * horizons)};
    }
}
