package dev.weft.metanets.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import dev.weft.graph.ParameterGraph;
import dev.weft.graph.WeightBlock;
import dev.weft.metanets.nn.EdgeEncoder;
import dev.weft.metanets.nn.EdgeState;
import dev.weft.metanets.nn.FilmLayer;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.metanets.nn.FusedLayers;
import dev.weft.metanets.nn.GraphLayout;
import dev.weft.metanets.nn.NodeEncoder;
import dev.weft.metanets.nn.NodeNorm;
import dev.weft.metanets.nn.Perceptron;
import dev.weft.metanets.nn.SeededInitializer;
import dev.weft.network.Architecture;
import dev.weft.network.NeuronBlock;
import dev.weft.network.ParameterTensor;
import dev.weft.network.Seed;
import dev.weft.network.run.FunctionalNetwork;
import dev.weft.network.run.ParameterRows;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * NG-GNN, the message-passing metanetwork of Kofinas et al. 2024 ("Graph neural networks for learning equivariant
 * representations of neural networks", ICLR), on blocks: biases are node features, weights are edge features, and with
 * probes every neuron also gets its values over p learned inputs. The states of the output neurons are read by an MLP.
 *
 * <p>Where we differ from the reference: the norm is per neuron by default ({@link NodeNorm.Over#BATCH} is theirs), and
 * only real edges are encoded. Weights published for the reference give its outputs.
 */
public final class NgGnn extends Metanet {

    private static final double PROBE_RANGE = 1;

    private final Normalization normalization;
    private final GraphLayout layout;
    private final FunctionalNetwork target;
    private final EdgeEncoder edgeEncoder;
    private final NodeEncoder nodeEncoder;
    private final List<FilmLayer> layers = new ArrayList<>();
    private final Perceptron head;
    private final @Nullable Parameter probes;

    /**
     * Sizes and switches; the defaults are the published ones for INR classification but for the norm.
     *
     * @param hidden d, the width of node and edge states
     * @param layers rounds of message passing
     * @param frequencies Fourier frequencies of the encoders, 0 for plain linear ones
     * @param frequencyScale their deviation
     * @param reverse whether messages also travel against the weights
     * @param probes p, the number of learned inputs, 0 for none
     * @param norm what shares a mean and a deviation
     * @param residual whether a layer's result is added to a node's state; not in the reference
     * @param gain factor on the initial weights of PyTorch's that the reference has; with {@link #KEEPS_VARIANCE} signals
     *     keep their size from layer to layer
     * @param dropout probability on node states
     */
    public record Config(
            int hidden,
            int layers,
            int frequencies,
            double frequencyScale,
            boolean reverse,
            int probes,
            NodeNorm.Over norm,
            boolean residual,
            double gain,
            double dropout)
            implements MetanetConfig {

        /** The gain at which an affine map keeps the variance of its input: sqrt(3), since PyTorch's is uniform. */
        public static final double KEEPS_VARIANCE = Math.sqrt(3);

        /** Four layers of width 32, 128 frequencies of deviation 3, both directions, norm per neuron, dropout 0.2. */
        public static final Config DEFAULT = new Config(32, 4, 128, 3, true, 0, NodeNorm.Over.NODE, false, 1, 0.2);

        public Config {
            Bounds.width("ng-gnn: hidden", hidden);
            Bounds.layers("ng-gnn: layers", layers, 1);
            Bounds.range("ng-gnn: frequencies", frequencies, 0, Bounds.MAX_WIDTH);
            Bounds.positive("ng-gnn: frequencyScale", frequencyScale);
            Bounds.positive("ng-gnn: gain", gain);
            Bounds.range("ng-gnn: probes", probes, 0, Bounds.MAX_WIDTH);
            Bounds.dropout("ng-gnn: dropout", dropout);
        }

        public Config withDropout(double probability) {
            return new Config(
                    hidden, layers, frequencies, frequencyScale, reverse, probes, norm, residual, gain, probability);
        }

        public Config withProbes(int count) {
            return new Config(
                    hidden, layers, frequencies, frequencyScale, reverse, count, norm, residual, gain, dropout);
        }

        @Override
        public NgGnn build(Architecture architecture, Normalization normalization, int outputs, Seed seed) {
            return new NgGnn(this, architecture, normalization, outputs, seed);
        }
    }

    /** What the layers compute on the way, for tests and for looking inside. */
    public record Trace(NDArray output, List<NDArray> nodes, List<EdgeState> edges) {}

    NgGnn(Config config, Architecture architecture, Normalization normalization, int outputs, Seed seed) {
        super(architecture, outputs);
        this.normalization = normalization;
        layout = new GraphLayout(ParameterGraph.of(architecture), config.reverse);
        target = new FunctionalNetwork(architecture);
        int d = config.hidden;
        edgeEncoder = addChildBlock(
                "edgeEncoder",
                new EdgeEncoder(layout, config.frequencies, config.frequencyScale, d, seed.split("edgeEncoder")));
        nodeEncoder = addChildBlock(
                "nodeEncoder",
                new NodeEncoder(
                        layout,
                        config.frequencies,
                        config.frequencyScale,
                        d,
                        config.probes,
                        seed.split("nodeEncoder")));
        for (int i = 0; i < config.layers; i++) {
            boolean last = i + 1 == config.layers;
            layers.add(addChildBlock(
                    "layer" + i,
                    new FilmLayer(
                            layout,
                            d,
                            config.norm,
                            config.dropout,
                            config.residual,
                            last,
                            seed.split("layer").split(i))));
        }
        int read = Math.multiplyExact(architecture.outputSize(), d);
        head = addChildBlock("head", new Perceptron(List.of(read, d, d, outputs), 0, seed.split("head")));
        scaleInitialWeights(config.gain);
        probes = config.probes == 0
                ? null
                : parameter(
                        "probes",
                        new Shape(config.probes, architecture.inputSize()),
                        SeededInitializer.uniform(seed.split("probes"), PROBE_RANGE));
    }

    @Override
    public NDArray forward(ForwardPass pass, NDArray rows) {
        if (!FusedLayers.suits(pass, layout, edgeEncoder, rows)) {
            return trace(pass, rows).output();
        }
        NDArray x = FusedLayers.forward(
                pass,
                layout,
                edgeEncoder,
                layers,
                encodeNodes(pass, rows),
                weights(rows),
                architecture().outputBlock());
        return read(pass, x);
    }

    /** Runs on raw rows [b, P] and keeps every layer's node states [b, n, d] and edge states. */
    public Trace trace(ForwardPass pass, NDArray rows) {
        NDArray x = encodeNodes(pass, rows);
        EdgeState edges = encodeEdges(pass, rows);
        List<NDArray> nodes = new ArrayList<>(List.of(x));
        List<EdgeState> states = new ArrayList<>(List.of(edges));
        for (FilmLayer layer : layers) {
            FilmLayer.Output output = layer.forward(pass, x, edges);
            x = output.nodes();
            edges = output.edges();
            nodes.add(x);
            states.add(edges);
        }
        return new Trace(read(pass, x), nodes, states);
    }

    GraphLayout layout() {
        return layout;
    }

    /** Returns the type of the values, which must be initialised. */
    DataType type() {
        return namedParameters().values().iterator().next().getArray().getDataType();
    }

    EdgeEncoder edgeEncoder() {
        return edgeEncoder;
    }

    List<FilmLayer> layers() {
        return Collections.unmodifiableList(layers);
    }

    /** Node states behind the encoder, [b, n, d]. */
    NDArray encodeNodes(ForwardPass pass, NDArray rows) {
        List<NDArray> tensors = ParameterRows.split(architecture(), rows);
        return nodeEncoder.forward(pass, biases(rows, tensors), responses(pass, rows));
    }

    private EdgeState encodeEdges(ForwardPass pass, NDArray rows) {
        return new EdgeState(edgeEncoder.forward(pass, weights(rows)), null);
    }

    /** Standardised weights of raw rows [b, P], one array [b, t, s] a weight block. */
    List<NDArray> weights(NDArray rows) {
        List<NDArray> tensors = ParameterRows.split(architecture(), rows);
        List<NDArray> weights = new ArrayList<>();
        for (WeightBlock weight : layout.graph().weights()) {
            weights.add(standardized(weight.tensor(), tensors)); // [b, t, s]
        }
        return weights;
    }

    /** Reads the output neurons' states out of x [b, n, d]; returns [b, outputs]. */
    NDArray read(ForwardPass pass, NDArray x) {
        NDArray states = layout.split(x, 1).get(architecture().outputBlock().index());
        return head.forward(pass, states.reshape(x.getShape().get(0), -1));
    }

    private NDArray standardized(ParameterTensor tensor, List<NDArray> tensors) {
        int index = architecture().parameters().indexOf(tensor);
        return normalization.apply(index, tensors.get(index));
    }

    private NDArray biases(NDArray rows, List<NDArray> tensors) {
        NDList parts = new NDList();
        for (NeuronBlock block : layout.graph().blocks()) {
            Optional<ParameterTensor> bias = layout.graph().bias(block);
            parts.add(
                    bias.isPresent()
                            ? standardized(bias.get(), tensors)
                            : rows.getManager()
                                    .zeros(
                                            new Shape(rows.getShape().get(0), block.size()),
                                            rows.getDataType(),
                                            rows.getDevice()));
        }
        return parts.get(0).getNDArrayInternal().concat(parts.subNDList(1), 1);
    }

    private List<NDArray> responses(ForwardPass pass, NDArray rows) {
        if (probes == null) {
            return List.of();
        }
        NDArray inputs = pass.value(Objects.requireNonNull(probes));
        return target.trace(rows, inputs).blocks().stream()
                .map(values -> values.transpose(0, 2, 1)) // [b, size, p]
                .toList();
    }
}
