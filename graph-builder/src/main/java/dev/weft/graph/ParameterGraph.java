package dev.weft.graph;

import dev.weft.network.Architecture;
import dev.weft.network.NeuronBlock;
import dev.weft.network.ParameterTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jgrapht.Graph;
import org.jgrapht.graph.AsUnmodifiableGraph;
import org.jgrapht.graph.DirectedMultigraph;

/**
 * The parameter graph of an architecture in block form: vertices are blocks of neurons, edges are blocks of weights. It
 * holds no values, has a few dozen objects even for a large network, and is shared by every checkpoint of the
 * architecture.
 *
 * <p>A bias is a feature of its neuron (Kofinas et al. 2024, "Graph neural networks for learning equivariant
 * representations of neural networks", section 2), so it is a vertex' tensor and no edge.
 */
public final class ParameterGraph {

    private static final Map<String, ParameterGraph> CACHE = new ConcurrentHashMap<>();

    private final Architecture architecture;
    private final Graph<NeuronBlock, WeightBlock> graph = new DirectedMultigraph<>(WeightBlock.class);
    private final List<WeightBlock> weights = new ArrayList<>();
    private final Map<NeuronBlock, ParameterTensor> biases = new LinkedHashMap<>();

    private ParameterGraph(Architecture architecture) {
        this.architecture = architecture;
        architecture.blocks().forEach(graph::addVertex);
        architecture.parameters().forEach(this::add);
    }

    /** Returns the graph of an architecture, made once for each fingerprint. */
    public static ParameterGraph of(Architecture architecture) {
        return CACHE.computeIfAbsent(architecture.fingerprint(), key -> new ParameterGraph(architecture));
    }

    private void add(ParameterTensor tensor) {
        List<Integer> axes = tensor.axes();
        NeuronBlock target = architecture.blocks().get(axes.get(0));
        if (axes.size() == 1) {
            biases.put(target, tensor);
            return;
        }
        NeuronBlock source = architecture.blocks().get(axes.get(1));
        WeightBlock block = new WeightBlock(weights.size(), source, target, tensor);
        weights.add(block);
        graph.addEdge(source, target, block);
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
        return List.copyOf(weights);
    }

    /** Returns the bias of a block of neurons, none for inputs and layers without bias. */
    public Optional<ParameterTensor> bias(NeuronBlock block) {
        return Optional.ofNullable(biases.get(block));
    }

    /** Returns the block-level graph for JGraphT's algorithms; it can't be changed. */
    public Graph<NeuronBlock, WeightBlock> graph() {
        return new AsUnmodifiableGraph<>(graph);
    }

    /** Returns the number of neurons, inputs and outputs included. */
    public long neuronCount() {
        return blocks().stream().mapToLong(NeuronBlock::size).sum();
    }

    /** Returns the number of weights as neuron-to-neuron edges. */
    public long edgeCount() {
        return weights.stream().mapToLong(WeightBlock::edges).sum();
    }
}
