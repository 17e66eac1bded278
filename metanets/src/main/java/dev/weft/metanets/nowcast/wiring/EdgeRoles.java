package dev.weft.metanets.nowcast.wiring;

import dev.weft.graph.NeuronTensor;
import dev.weft.graph.ParameterGraph;
import dev.weft.graph.WeightBlock;
import dev.weft.network.Architecture;
import dev.weft.network.Attention;
import dev.weft.network.Convolution;
import dev.weft.network.Embedding;
import dev.weft.network.Layer;
import dev.weft.network.ParameterTensor;
import dev.weft.network.Reshaping;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The types of edges in a network, told by its layers. */
final class EdgeRoles {

    private static final List<EdgeType> PROJECTIONS = List.of(EdgeType.QUERY, EdgeType.KEY, EdgeType.VALUE);

    private final ParameterGraph graph;
    private final Map<String, Architecture.Node> nodes = new HashMap<>();
    /** By layer, what its outputs are for attention, by the first output. */
    private final Map<String, TreeMap<Integer, EdgeType>> projections = new HashMap<>();

    EdgeRoles(Architecture architecture) {
        graph = ParameterGraph.of(architecture);
        architecture.nodes().forEach(node -> nodes.put(node.name(), node));
        for (Architecture.Node node : architecture.nodes()) {
            if (node.layer() instanceof Attention.Heads) {
                for (int i = 0; i < PROJECTIONS.size(); i++) {
                    trace(node.inputs().get(i), 0, PROJECTIONS.get(i));
                }
            }
        }
    }

    /** Goes back to the layer that makes an input of attention, and notes which of its outputs. */
    private void trace(String name, int from, EdgeType type) {
        Architecture.Node node = nodes.get(name);
        if (node == null) {
            return;
        }
        if (node.layer() instanceof Layer.Linear || node.layer() instanceof Layer.InputMajorLinear) {
            projections.computeIfAbsent(name, key -> new TreeMap<>()).put(from, type);
        } else if (node.inputs().size() == 1) {
            int begin = node.layer() instanceof Reshaping.Slice slice ? slice.from() : 0;
            trace(node.inputs().get(0), from + begin, type);
        }
    }

    /** Returns what weights between neurons are. */
    EdgeType of(WeightBlock weight) {
        Architecture.Node node = node(weight.tensor());
        TreeMap<Integer, EdgeType> parts = projections.get(node.name());
        if (parts != null) {
            List<WeightBlock> blocks = graph.weights().stream()
                    .filter(each -> each.tensor().equals(weight.tensor()))
                    .sorted(Comparator.comparingLong(each -> each.layout().first()))
                    .toList();
            if (blocks.size() == parts.size()) {
                return List.copyOf(parts.values()).get(blocks.indexOf(weight));
            }
        }
        return of(node.layer(), EdgeType.MATRIX);
    }

    /** Returns what values of neurons are. */
    EdgeType of(NeuronTensor tensor) {
        boolean gain = tensor.tensor().name().endsWith(".weight");
        return of(node(tensor.tensor()).layer(), gain ? EdgeType.GAIN : EdgeType.BIAS);
    }

    private static EdgeType of(Layer layer, EdgeType otherwise) {
        if (layer instanceof Convolution && otherwise == EdgeType.MATRIX) {
            return EdgeType.CONVOLUTION;
        }
        if (layer instanceof Embedding.Lookup || layer instanceof Embedding.ClassToken) {
            return EdgeType.TOKEN;
        }
        if (layer instanceof Embedding.PositionTable || layer instanceof Embedding.PositionArray) {
            return EdgeType.POSITION;
        }
        return layer instanceof Embedding.SegmentTable ? EdgeType.BIAS : otherwise;
    }

    /** Returns the layer that a tensor is of: that with the longest name that the tensor's begins with. */
    private Architecture.Node node(ParameterTensor tensor) {
        return nodes.values().stream()
                .filter(node -> tensor.name().startsWith(node.name()))
                .max(Comparator.comparingInt(node -> node.name().length()))
                .orElseThrow(() -> new IllegalStateException("tensor " + tensor.name() + " is of no layer"));
    }
}
