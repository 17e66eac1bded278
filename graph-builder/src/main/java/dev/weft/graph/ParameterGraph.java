package dev.weft.graph;

import dev.weft.network.Architecture;
import dev.weft.network.NeuronBlock;
import dev.weft.network.ParameterTensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jgrapht.Graph;
import org.jgrapht.graph.AsUnmodifiableGraph;
import org.jgrapht.graph.DirectedPseudograph;

/**
 * The parameter graph of an architecture in block form: vertices are blocks of neurons, edges are blocks of weights. It
 * holds no values, has a few dozen objects even for a large network, and is shared by every checkpoint of the
 * architecture.
 *
 * <p>Neurons that are permuted together are one vertex: all layers of a residual stream write to the same one, so the graph
 * of a transformer has cycles; the order of computation is that of the architecture's nodes. Heads and groups are vertices
 * of their own, joined to their members by {@link NeuronBlock#structure()}.
 *
 * <p>A bias is a feature of its neuron (Kofinas et al. 2024, "Graph neural networks for learning equivariant
 * representations of neural networks", section 2), so it is a vertex' tensor and no edge; so are gains and running statistics.
 */
public final class ParameterGraph {

    /** How many graphs {@link #of} keeps; samplers of architectures make more than would fit in memory. */
    static final int CACHED = 256;

    private static final Map<String, ParameterGraph> CACHE = Collections.synchronizedMap(new LatestUsed());

    private final Architecture architecture;
    private final Graph<NeuronBlock, WeightBlock> graph;
    private final List<WeightBlock> weights;
    private final Map<NeuronBlock, List<NeuronTensor>> neurons;

    private ParameterGraph(Architecture architecture) {
        this.architecture = architecture;
        Derivation derivation = new Derivation(architecture.blocks());
        architecture.parameters().forEach(derivation::add);
        graph = new AsUnmodifiableGraph<>(derivation.graph);
        weights = List.copyOf(derivation.weights);
        derivation.neurons.replaceAll((block, tensors) -> List.copyOf(tensors));
        neurons = Map.copyOf(derivation.neurons);
    }

    /** Returns the graph of an architecture; the {@value #CACHED} used last are kept, by fingerprint. */
    public static ParameterGraph of(Architecture architecture) {
        return CACHE.computeIfAbsent(architecture.fingerprint(), key -> new ParameterGraph(architecture));
    }

    public Architecture architecture() {
        return architecture;
    }

    /** Returns the blocks of neurons, the input first. */
    public List<NeuronBlock> blocks() {
        return architecture.blocks();
    }

    /** Returns the blocks of weights in the order of the flat row. */
    public List<WeightBlock> weights() {
        return weights;
    }

    /** Returns the bias of a block of neurons, none for inputs and layers without bias; of several the first. */
    public Optional<ParameterTensor> bias(NeuronBlock block) {
        return neurons(block).stream()
                .map(NeuronTensor::tensor)
                .filter(tensor ->
                        tensor.name().endsWith("bias") && tensor.shape().equals(List.of(block.size())))
                .findFirst();
    }

    /** Returns all values that belong to the neurons of a block themselves, in the order of the flat row. */
    public List<NeuronTensor> neurons(NeuronBlock block) {
        return neurons.getOrDefault(block, List.of());
    }

    /** Returns the block-level graph for JGraphT's algorithms; it can't be changed. */
    public Graph<NeuronBlock, WeightBlock> graph() {
        return graph;
    }

    /** Returns the number of neurons, inputs and outputs included. */
    public long neuronCount() {
        return blocks().stream().mapToLong(NeuronBlock::size).sum();
    }

    /** Returns the number of weights as neuron-to-neuron edges. */
    public long edgeCount() {
        return weights.stream().mapToLong(WeightBlock::edges).sum();
    }

    /** One pass over the tensors of the row. */
    private static final class Derivation {
        private final List<NeuronBlock> blocks;
        private final Graph<NeuronBlock, WeightBlock> graph = new DirectedPseudograph<>(WeightBlock.class);
        private final List<WeightBlock> weights = new ArrayList<>();
        private final Map<NeuronBlock, List<NeuronTensor>> neurons = new HashMap<>();

        Derivation(List<NeuronBlock> blocks) {
            this.blocks = blocks;
            blocks.forEach(graph::addVertex);
        }

        void add(ParameterTensor tensor) {
            TensorPieces pieces = new TensorPieces(blocks, tensor);
            if (!pieces.joins()) {
                pieces.neurons()
                        .forEach(piece -> neurons.computeIfAbsent(piece.block(), block -> new ArrayList<>())
                                .add(piece));
                return;
            }
            for (WeightBlock block : pieces.weights(weights.size())) {
                weights.add(block);
                graph.addEdge(block.source(), block.target(), block);
            }
        }
    }

    private static final class LatestUsed extends LinkedHashMap<String, ParameterGraph> {
        LatestUsed() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ParameterGraph> eldest) {
            return size() > CACHED;
        }
    }
}
