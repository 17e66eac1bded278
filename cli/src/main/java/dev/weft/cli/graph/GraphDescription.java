package dev.weft.cli.graph;

import dev.weft.cli.report.Table;
import dev.weft.graph.ParameterGraph;
import dev.weft.network.NeuronBlock;
import java.util.List;
import java.util.Locale;

/** The block level of a parameter graph, as {@code weft graph show} reports it. */
public record GraphDescription(
        String network,
        String architecture,
        String fingerprint,
        long neurons,
        long edges,
        long parameters,
        List<Block> blocks,
        List<Weights> weights) {

    /** A block of neurons; the bias is empty for inputs and layers without. */
    public record Block(String name, int size, NeuronBlock.Role role, String bias) {}

    /** A block of weights from one block of neurons to another. */
    public record Weights(String source, String target, String tensor, List<Integer> shape) {}

    public static GraphDescription of(String network, ParameterGraph graph) {
        return new GraphDescription(
                network,
                graph.architecture().toString(),
                graph.architecture().fingerprint(),
                graph.neuronCount(),
                graph.edgeCount(),
                graph.architecture().parameterCount(),
                graph.blocks().stream().map(block -> block(graph, block)).toList(),
                graph.weights().stream()
                        .map(each -> new Weights(
                                each.source().name(),
                                each.target().name(),
                                each.tensor().name(),
                                each.tensor().shape()))
                        .toList());
    }

    private static Block block(ParameterGraph graph, NeuronBlock block) {
        String bias = graph.bias(block).map(tensor -> tensor.name()).orElse("");
        return new Block(block.name(), block.size(), block.role(), bias);
    }

    /** Returns the text for people. */
    String text() {
        Table vertices = new Table("neurons", "size", "role", "bias");
        blocks.forEach(
                each -> vertices.row(each.name, each.size, each.role.name().toLowerCase(Locale.ROOT), each.bias));
        Table edges = new Table("from", "to", "weights", "shape");
        weights.forEach(each -> edges.row(each.source, each.target, each.tensor, each.shape));
        String head = String.format(
                Locale.ROOT,
                "%s: %s, %,d neurons, %,d edges, %,d parameters%n",
                network,
                architecture,
                neurons,
                this.edges,
                parameters);
        return head + "\n" + vertices + "\n" + edges;
    }
}
