package dev.weft.graph;

import dev.weft.network.Architecture;
import dev.weft.network.Attention;
import dev.weft.network.Convolution;
import dev.weft.network.Embedding;
import dev.weft.network.Junction;
import dev.weft.network.Layer;
import dev.weft.network.Norm;
import dev.weft.network.ParameterTensor;
import dev.weft.network.Pooling;
import dev.weft.network.Reshaping;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the layers of an architecture and notes the nodes and edges of its {@link ComputationGraph}.
 *
 * <p>Layers without a node of their own hand on the node that they read: activations, reshapes, norms without a gain,
 * windows of one pixel, the mean inside squeeze-and-excitation. A class token is not predicted, so it is no node either.
 */
final class ComputationTrace {

    private final Map<String, ParameterTensor> tensors = new HashMap<>();
    private final Map<String, Architecture.Node> layers = new HashMap<>();
    private final Map<String, Integer> ends = new HashMap<>(); // the node that a layer's output comes from
    private final Set<String> squeezes = new HashSet<>();
    private final List<ComputationNode> nodes = new ArrayList<>();
    private final List<ComputationGraph.Edge> edges = new ArrayList<>();
    private int output;

    ComputationTrace(Architecture architecture) {
        architecture.parameters().forEach(tensor -> tensors.put(tensor.name(), tensor));
        architecture.nodes().forEach(layer -> layers.put(layer.name(), layer));
        architecture.nodes().forEach(this::noteSqueeze);
        ends.put(Architecture.INPUT, add(Operation.INPUT, Architecture.INPUT, List.of(), List.of(), List.of()));
        for (Architecture.Node layer : architecture.nodes()) {
            output = trace(layer);
            ends.put(layer.name(), output);
        }
    }

    List<ComputationNode> nodes() {
        return nodes;
    }

    List<ComputationGraph.Edge> edges() {
        return edges;
    }

    /** Returns the node that the network's output comes from. */
    int output() {
        return output;
    }

    private int trace(Architecture.Node layer) {
        Layer kind = layer.layer();
        if (kind instanceof Convolution convolution) {
            return weight(layer, operation(convolution));
        } else if (kind instanceof Layer.Linear) {
            return weight(layer, Operation.CONV);
        } else if (kind instanceof Norm norm) {
            return norm(layer, norm);
        } else if (kind instanceof Pooling pooling) {
            return pooling(layer, pooling);
        } else if (kind instanceof Junction junction) {
            return junction(layer, junction);
        } else if (kind instanceof Embedding.PositionArray) {
            int table = add(
                    Operation.POS_ENC, layer.name(), tensor(layer, "").shape(), List.of(tensor(layer, "")), List.of());
            return add(Operation.SUM, layer.name(), List.of(), List.of(), List.of(source(layer), table));
        } else if (kind instanceof Attention.Heads) {
            return add(Operation.MSA, layer.name(), List.of(), List.of(), sources(layer));
        } else if (kind instanceof Layer.Activation
                || kind instanceof Layer.Softmax
                || kind instanceof Layer.Offset
                || kind instanceof Reshaping
                || kind instanceof Embedding.ClassToken) {
            return source(layer);
        }
        throw unsupported(layer, "");
    }

    private static IllegalArgumentException unsupported(Architecture.Node layer, String why) {
        return new IllegalArgumentException(
                "'" + layer.name() + "': graph hypernetworks have no operation for " + layer.layer() + why);
    }

    private static Operation operation(Convolution layer) {
        if (layer.groups() == 1) {
            return Operation.CONV;
        }
        return Collections.min(layer.dilation()) > 1 ? Operation.DIL_CONV : Operation.SEP_CONV;
    }

    private int weight(Architecture.Node layer, Operation operation) {
        ParameterTensor weight = tensor(layer, "weight");
        int end = add(operation, layer.name(), weight.shape(), List.of(weight), sources(layer));
        ParameterTensor bias = tensors.get(ParameterTensor.nameOf(layer.name(), "bias"));
        return bias == null ? end : add(Operation.BIAS, layer.name(), bias.shape(), List.of(bias), List.of(end));
    }

    private int norm(Architecture.Node layer, Norm norm) {
        boolean batch = norm instanceof Norm.BatchNorm;
        if (!batch && !(norm instanceof Norm.LayerNorm)) {
            throw unsupported(layer, "");
        }
        List<ParameterTensor> held = new ArrayList<>();
        for (String suffix : List.of("weight", "bias")) {
            ParameterTensor tensor = tensors.get(ParameterTensor.nameOf(layer.name(), suffix));
            if (tensor != null) {
                held.add(tensor);
            }
        }
        return held.isEmpty()
                ? source(layer)
                : add(
                        batch ? Operation.BN : Operation.LN,
                        layer.name(),
                        held.get(0).shape(),
                        held,
                        sources(layer));
    }

    private int pooling(Architecture.Node layer, Pooling pooling) {
        if (squeezes.contains(layer.name())) {
            return source(layer);
        } else if (pooling instanceof Pooling.MaxPool max) {
            return window(layer, Operation.MAX_POOL, max.kernel());
        } else if (pooling instanceof Pooling.AvgPool average) {
            return window(layer, Operation.AVG_POOL, average.kernel());
        }
        return add(Operation.GLOB_AVG, layer.name(), List.of(), List.of(), sources(layer)); // adaptive ones too
    }

    private int window(Architecture.Node layer, Operation operation, List<Integer> kernel) {
        if (Collections.max(kernel) == 1) {
            return source(layer); // takes every other pixel
        }
        if (kernel.size() != 2) {
            throw unsupported(layer, " over " + kernel.size() + " axis");
        }
        return add(operation, layer.name(), List.of(1, 1, kernel.get(0), kernel.get(1)), List.of(), sources(layer));
    }

    private int junction(Architecture.Node layer, Junction junction) {
        if (junction instanceof Junction.Multiply && !gates(layer)) {
            throw unsupported(layer, " that is no squeeze-and-excitation");
        }
        Operation operation = junction instanceof Junction.Add
                ? Operation.SUM
                : junction instanceof Junction.Concat ? Operation.CONCAT : Operation.CSE;
        return add(operation, layer.name(), List.of(), List.of(), sources(layer));
    }

    private boolean gates(Architecture.Node product) {
        return squeeze(product, 0) != null || squeeze(product, 1) != null;
    }

    private void noteSqueeze(Architecture.Node layer) {
        if (layer.layer() instanceof Junction.Multiply) {
            for (int gate = 0; gate < 2; gate++) {
                String mean = squeeze(layer, gate);
                if (mean != null) {
                    squeezes.add(mean);
                }
            }
        }
    }

    /** Returns the mean of the one factor that the other comes from, if it does. */
    private @Nullable String squeeze(Architecture.Node product, int gate) {
        String gated = product.inputs().get(1 - gate);
        Architecture.Node at = layers.get(product.inputs().get(gate));
        while (at != null && at.inputs().size() == 1) {
            String input = at.inputs().get(0);
            if (at.layer() instanceof Pooling.GlobalAvgPool) {
                return input.equals(gated) ? at.name() : null;
            }
            at = layers.get(input);
        }
        return null;
    }

    private int add(
            Operation operation, String name, List<Integer> shape, List<ParameterTensor> held, List<Integer> sources) {
        int index = nodes.size();
        nodes.add(new ComputationNode(index, operation, name, shape, held));
        sources.stream().distinct().forEach(source -> edges.add(new ComputationGraph.Edge(source, index)));
        return index;
    }

    private List<Integer> sources(Architecture.Node layer) {
        return layer.inputs().stream()
                .map(input -> Objects.requireNonNull(ends.get(input), input))
                .toList();
    }

    private int source(Architecture.Node layer) {
        return sources(layer).get(0);
    }

    private ParameterTensor tensor(Architecture.Node layer, String suffix) {
        String name = ParameterTensor.nameOf(layer.name(), suffix);
        return Objects.requireNonNull(tensors.get(name), name);
    }
}
