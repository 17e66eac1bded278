package dev.weft.hypernets.ghn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Activation;
import ai.djl.training.ParameterStore;
import dev.weft.graph.ComputationGraph;
import dev.weft.graph.ComputationNode;
import dev.weft.graph.Operation;
import dev.weft.metanets.nn.Affine;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import dev.weft.network.run.Constants;
import dev.weft.network.run.Joined;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A graph hypernetwork: type and shape of each node, messages between the nodes, and decoders from a node's state to its
 * tensors, which are tiled to the network's widths and normalised. Parameters are named as in the published files ({@code
 * decoder.conv.2.weight}).
 *
 * <p>With {@link #predict} it writes the parameters of one network; with {@link #rows} those of several, differentiable, to be
 * trained by the loss of the networks that it writes.
 */
public final class GraphHyperNetwork extends GhnBlock {

    private static final long CHUNK = 1L << 22; // decoded values at once in prediction

    private final GhnConfig config;
    private final Table operations;
    private final ShapeEncoder shapes;
    private final NodeEncoder encoder;
    private final @Nullable FeatureNorm norm;
    private final KernelDecoder weights;
    private final VectorDecoder vectors;
    private final Affine classBias;

    public GraphHyperNetwork(GhnConfig config, Seed seed) {
        this.config = config;
        int d = config.hidden();
        operations = addChildBlock(
                "embed", Table.of(Operation.values().length, d, config.centred(), seed.split("operations")));
        shapes = addChildBlock("shape_enc", new ShapeEncoder(config, seed.split("shapes")));
        encoder = addChildBlock("gnn", encoder(config, seed.split("encoder")));
        norm = config.layerNorm() ? addChildBlock("ln", new FeatureNorm(d)) : null;
        weights = decoder(config, seed.split("weights"));
        vectors = addChildBlock("decoder_1d", new VectorDecoder(config, seed.split("vectors")));
        classBias = addChildBlock(
                "bias_class.1", new Affine(config.channels(), config.classes(), seed.split("class-bias")));
    }

    private KernelDecoder decoder(GhnConfig config, Seed seed) {
        return config.decoder() instanceof Decoding.LowRank low
                ? addChildBlock("decoder", new LowRankDecoder(config, low, seed))
                : addChildBlock("decoder", new WeightDecoder(config, seed));
    }

    private static NodeEncoder encoder(GhnConfig config, Seed seed) {
        if (config.propagation() instanceof Propagation.Gated gated) {
            return new GatedGnn(config.hidden(), gated, seed);
        } else if (config.propagation() instanceof Propagation.Transformer transformer) {
            return new GraphTransformer(config.hidden(), transformer, seed);
        }
        return new NodePerceptron(config.hidden(), seed);
    }

    public GhnConfig config() {
        return config;
    }

    NodeEncoder encoder() {
        return encoder;
    }

    /** Returns the number of trained values. */
    public long parameterCount() {
        return namedParameters().values().stream()
                .mapToLong(parameter -> parameter.getShape().size())
                .sum();
    }

    /** Returns the final states of the nodes of all graphs, one behind the other, [n, d]. */
    public NDArray states(ForwardPass pass, List<ComputationGraph> graphs) {
        return states(pass, graphs, true);
    }

    private NDArray states(ForwardPass pass, List<ComputationGraph> graphs, boolean classLayers) {
        List<ComputationNode> nodes = new ArrayList<>();
        for (ComputationGraph graph : graphs) {
            ComputationNode classes = graph.classWeight().orElse(null);
            for (ComputationNode node : graph.nodes()) {
                boolean last = classes != null && node.index() >= classes.index();
                nodes.add(last && !classLayers ? withClasses(node) : node);
            }
        }
        return normed(pass, encoder.forward(pass, features(pass, nodes), graphs));
    }

    /**
     * Returns a description of a network: the mean of its nodes' final states, [d].
     *
     * @param manager owner of what is computed on the way, on the device of this hypernetwork
     */
    public double[] embedding(NDManager manager, ComputationGraph graph) {
        try (NDManager sub = manager.newSubManager();
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            ForwardPass pass = new ForwardPass(new ParameterStore(sub, false), sub.getDevice(), false);
            NDArray mean = states(pass, List.of(graph)).mean(new int[] {0});
            return mean.toType(DataType.FLOAT64, false).toDoubleArray();
        }
    }

    /** Returns final states from those that the encoder gave. */
    NDArray normed(ForwardPass pass, NDArray states) {
        return norm == null ? states : norm.forward(pass, states);
    }

    /** Returns a class layer as it would be for the classes that this hypernetwork was trained on. */
    private ComputationNode withClasses(ComputationNode node) {
        List<Integer> shape = new ArrayList<>(node.shape());
        shape.set(0, config.classes());
        return new ComputationNode(node.index(), node.operation(), node.name(), shape, node.tensors());
    }

    /** Returns what type and shape say of each node, [n, d]. */
    NDArray features(ForwardPass pass, List<ComputationNode> nodes) {
        long[] types =
                nodes.stream().mapToLong(node -> node.operation().ordinal()).toArray();
        return operations.rows(pass, types).add(shapes.forward(pass, nodes));
    }

    /**
     * Writes parameter rows that the loss of the networks can be differentiated in.
     *
     * @param pass a recording one, for training
     * @param graphs whose nodes hold every value of their rows
     * @return one row [1, P] a graph
     */
    public List<NDArray> rows(ForwardPass pass, List<ComputationGraph> graphs) {
        DecodingPlan plan = DecodingPlan.of(config, graphs, true);
        NDArray states = states(pass, graphs);
        Map<DecodedShape, Long> begins = new LinkedHashMap<>();
        NDList decoded = new NDList();
        long begin = 0;
        for (Map.Entry<DecodedShape, List<Integer>> group : plan.groups().entrySet()) {
            begins.put(group.getKey(), begin);
            NDArray values = decode(pass, states, group.getKey(), group.getValue());
            decoded.add(values.reshape(-1));
            begin += values.size();
        }
        NDArray all = Joined.of(decoded, 0);
        List<NDArray> rows = new ArrayList<>();
        for (int g = 0; g < graphs.size(); g++) {
            rows.add(row(all, begins, plan, g, Math.toIntExact(graphs.get(g).parameterCount())));
        }
        return rows;
    }

    private NDArray row(NDArray all, Map<DecodedShape, Long> begins, DecodingPlan plan, int g, int length) {
        long[] sources = new long[length];
        float[] factors = new float[length];
        long written = 0;
        for (DecodingPlan.Destination tensor : plan.tensors()) {
            if (tensor.graph() == g) {
                long node = Objects.requireNonNull(begins.get(tensor.shape()), "begin")
                        + (long) tensor.member() * tensor.shape().size();
                tensor.placement().index(node, sources, factors);
                written += tensor.placement().size();
            }
        }
        if (written != length) {
            throw new IllegalArgumentException("graph " + g + " holds " + written + " of the " + length
                    + " values of its row; a network to train on has no running moments and no class token");
        }
        NDManager manager = all.getManager();
        NDArray index = manager.create(sources).toDevice(all.getDevice(), false);
        NDArray row = all.gather(index, 0);
        if (config.normalized()) {
            NDArray scales = manager.create(factors).toDevice(all.getDevice(), false);
            row = row.mul(scales.toType(all.getDataType(), false));
        }
        return row.expandDims(0);
    }

    /** Returns the parameters of one network [P], those that the graph's nodes do not hold 0. */
    public float[] predict(NDManager manager, Architecture architecture) {
        float[] row = new float[Math.toIntExact(architecture.parameterCount())];
        predict(manager, ComputationGraph.of(architecture), true, row);
        return row;
    }

    /**
     * Writes the parameters of one network into a row; what the graph's nodes do not hold is left as it is.
     *
     * @param manager owner of what is computed on the way, on the device of this hypernetwork
     * @param classLayers whether to predict the layers that put out classes; without them, the network may have any number
     * @param row [P]
     * @return the names of the tensors that were written, and of those whose channels repeat
     */
    public Written predict(NDManager manager, ComputationGraph graph, boolean classLayers, float[] row) {
        DecodingPlan plan = DecodingPlan.of(config, List.of(graph), classLayers);
        try (NDManager sub = manager.newSubManager();
                NDScope scope = new NDScope()) { // what starts from a parameter would stay with the model
            scope.suppressNotUsedWarning();
            ForwardPass pass = new ForwardPass(new ParameterStore(sub, false), sub.getDevice(), false);
            NDArray states = states(pass, List.of(graph), classLayers);
            states.attach(sub);
            for (Map.Entry<DecodedShape, List<Integer>> group : plan.groups().entrySet()) {
                write(sub, states, group.getKey(), group.getValue(), plan, row);
            }
        }
        return Written.of(plan);
    }

    /**
     * What {@link #predict} did.
     *
     * @param tensors that were written
     * @param tiled those of them whose channels are copies of each other, because they are wider than the decoder
     */
    public record Written(List<String> tensors, List<String> tiled) {

        private static Written of(DecodingPlan plan) {
            List<Placement> placements = plan.tensors().stream()
                    .map(DecodingPlan.Destination::placement)
                    .toList();
            return new Written(
                    placements.stream()
                            .map(placement -> placement.tensor().name())
                            .toList(),
                    placements.stream()
                            .filter(Placement::repeats)
                            .map(placement -> placement.tensor().name())
                            .toList());
        }
    }

    private void write(
            NDManager manager,
            NDArray states,
            DecodedShape shape,
            List<Integer> members,
            DecodingPlan plan,
            float[] row) {
        int step = (int) Math.max(1, CHUNK / shape.size());
        for (int begin = 0; begin < members.size(); begin += step) {
            int from = begin;
            int to = Math.min(members.size(), begin + step);
            float[] decoded;
            try (NDManager sub = manager.newSubManager();
                    NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                ForwardPass pass = new ForwardPass(new ParameterStore(sub, false), sub.getDevice(), false);
                states.tempAttach(sub);
                decoded = decode(pass, states, shape, members.subList(from, to)).toFloatArray();
            }
            plan.tensors().stream()
                    .filter(tensor -> tensor.shape().equals(shape) && tensor.member() >= from && tensor.member() < to)
                    .forEach(tensor -> tensor.placement()
                            .copy(decoded, (tensor.member() - from) * shape.size(), row, config.normalized()));
        }
    }

    /** Decodes one group, [members, ...]; vectors are normalised already, weights are not. */
    NDArray decode(ForwardPass pass, NDArray states, DecodedShape shape, List<Integer> members) {
        NDArray index = states.getManager()
                .create(members.stream().mapToLong(Integer::longValue).toArray())
                .toDevice(states.getDevice(), false);
        NDArray chosen = states.get(new NDIndex("{}", index));
        return switch (shape.kind()) {
            case WEIGHT -> weights.weights(pass, chosen, shape.out(), shape.in(), shape.height(), shape.width());
            case CLASS_WEIGHT -> weights.classWeights(pass, chosen, shape.in());
            case CLASS_BIAS ->
                bounded(classBias.forward(
                        pass, Activation.relu(vectors.forward(pass, chosen).get(":, 1"))));
            case VECTOR -> vectors(vectors.forward(pass, chosen));
        };
    }

    /** Norm gains lie in (0, 2), shifts and biases in (-1, 1). */
    private NDArray vectors(NDArray raw) {
        if (!config.normalized()) {
            return raw;
        }
        NDArray gains = Activation.sigmoid(raw.get(":, 0:1").mul(Constants.of(raw, 0.5)));
        return NDArrays.concat(new NDList(gains.mul(Constants.of(raw, 2)), bounded(raw.get(":, 1:2"))), 1);
    }

    private NDArray bounded(NDArray raw) {
        return config.normalized() ? raw.mul(Constants.of(raw, 0.2)).tanh() : raw;
    }
}
