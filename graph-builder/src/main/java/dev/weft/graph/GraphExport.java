package dev.weft.graph;

import dev.weft.network.Architecture;
import dev.weft.network.NeuronBlock;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jgrapht.Graph;
import org.jgrapht.nio.Attribute;
import org.jgrapht.nio.AttributeType;
import org.jgrapht.nio.DefaultAttribute;
import org.jgrapht.nio.GraphExporter;
import org.jgrapht.nio.dot.DOTExporter;
import org.jgrapht.nio.graphml.GraphMLExporter;
import org.jgrapht.nio.graphml.GraphMLExporter.AttributeCategory;

/**
 * Parameter graphs as text for other programs: DOT for Graphviz, GraphML for Gephi, yEd and NetworkX. The same graph
 * always gives the same text.
 *
 * <p>Block level: a node is a block of neurons (name, size, role, functions), an edge a block of weights (tensor, shape,
 * weights). Neuron level: a node is a neuron (name, block, and its bias where it has one), an edge a weight (its value,
 * called "value" in DOT and "weight" in GraphML, and its position in the row).
 */
public final class GraphExport {

    /** The most edges of a neuron-level text, which takes 50 to 200 bytes for each. */
    public static final long MAX_EDGES = 50_000;

    private GraphExport() {}

    /** Returns the block level in DOT. */
    public static String dot(ParameterGraph graph) {
        return dot(blocks(graph));
    }

    /**
     * Returns the neuron level in DOT.
     *
     * @param row P values
     * @throws IllegalArgumentException if there are more than {@link #MAX_EDGES} edges
     */
    public static String dot(ParameterGraph graph, float[] row) {
        return dot(neurons(graph, row));
    }

    /** Returns the block level in GraphML. */
    public static String graphMl(ParameterGraph graph) {
        return graphMl(blocks(graph));
    }

    /**
     * Returns the neuron level in GraphML.
     *
     * @param row P values
     * @throws IllegalArgumentException if there are more than {@link #MAX_EDGES} edges
     */
    public static String graphMl(ParameterGraph graph, float[] row) {
        return graphMl(neurons(graph, row));
    }

    /** A graph and what is written beside its vertices and edges. */
    private record Described<V, E>(
            Graph<V, E> graph,
            Function<V, Integer> number,
            Function<V, Map<String, Attribute>> vertex,
            Function<E, Map<String, Attribute>> edge) {

        /** The attributes with the weight under a name that Graphviz does not take for a hint to its layout. */
        Map<String, Attribute> weighted(E e) {
            Map<String, Attribute> attributes = edge.apply(e);
            if (graph.getType().isWeighted()) {
                attributes.put("value", DefaultAttribute.createAttribute((float) graph.getEdgeWeight(e)));
            }
            return attributes;
        }

        String id(V v) {
            return Integer.toString(number.apply(v));
        }

        String text(GraphExporter<V, E> exporter) {
            StringWriter text = new StringWriter();
            exporter.exportGraph(graph, text);
            return text.toString().replace(System.lineSeparator(), "\n");
        }
    }

    private static <V, E> String dot(Described<V, E> described) {
        DOTExporter<V, E> exporter = new DOTExporter<>(described::id);
        exporter.setVertexAttributeProvider(v -> labelled(described.vertex.apply(v)));
        exporter.setEdgeAttributeProvider(e -> labelled(described.weighted(e)));
        exporter.setGraphAttributeProvider(() -> Map.of("rankdir", DefaultAttribute.createAttribute("LR")));
        return described.text(exporter);
    }

    /** Adds the label that Graphviz draws, and doubles backslashes, which it would read as escapes. */
    private static Map<String, Attribute> labelled(Map<String, Attribute> attributes) {
        Map<String, Attribute> labelled = new LinkedHashMap<>();
        attributes.forEach((name, value) ->
                labelled.put(name, new DefaultAttribute<>(value.getValue().replace("\\", "\\\\"), value.getType())));
        Attribute label = labelled.getOrDefault("name", labelled.get("tensor"));
        if (label != null) {
            labelled.put("label", label);
        }
        return labelled;
    }

    private static <V, E> String graphMl(Described<V, E> described) {
        GraphMLExporter<V, E> exporter = new GraphMLExporter<>(described::id);
        exporter.setVertexAttributeProvider(described.vertex);
        exporter.setEdgeAttributeProvider(described.edge);
        exporter.setExportEdgeWeights(described.graph.getType().isWeighted());
        types(described.graph.vertexSet(), described.vertex)
                .forEach((name, type) -> exporter.registerAttribute(name, AttributeCategory.NODE, type));
        types(described.graph.edgeSet(), described.edge)
                .forEach((name, type) -> exporter.registerAttribute(name, AttributeCategory.EDGE, type));
        return described.text(exporter);
    }

    private static <T> Map<String, AttributeType> types(Set<T> all, Function<T, Map<String, Attribute>> attributes) {
        Map<String, AttributeType> types = new LinkedHashMap<>();
        all.forEach(one -> attributes.apply(one).forEach((name, value) -> types.put(name, value.getType())));
        return types;
    }

    private static Described<NeuronBlock, WeightBlock> blocks(ParameterGraph graph) {
        return new Described<>(
                graph.graph(),
                NeuronBlock::index,
                block -> attributes(graph.architecture(), block),
                GraphExport::attributes);
    }

    private static Map<String, Attribute> attributes(Architecture architecture, NeuronBlock block) {
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        attributes.put("name", DefaultAttribute.createAttribute(block.name()));
        attributes.put("size", DefaultAttribute.createAttribute(block.size()));
        attributes.put("role", DefaultAttribute.createAttribute(block.role().name()));
        attributes.put("functions", DefaultAttribute.createAttribute(BlockLabels.functions(architecture, block)));
        return attributes;
    }

    private static Map<String, Attribute> attributes(WeightBlock block) {
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        attributes.put("tensor", DefaultAttribute.createAttribute(block.tensor().name()));
        attributes.put(
                "shape", DefaultAttribute.createAttribute(block.tensor().shape().toString()));
        attributes.put("weights", DefaultAttribute.createAttribute(block.edges()));
        return attributes;
    }

    private static Described<Integer, Long> neurons(ParameterGraph graph, float[] row) {
        NeuronGraph neurons = NeuronGraph.of(graph, row);
        if (neurons.edgeCount() > MAX_EDGES) {
            throw new IllegalArgumentException(graph.architecture() + " has " + neurons.edgeCount()
                    + " edges; neuron by neuron at most " + MAX_EDGES + " are written. Export its blocks instead");
        }
        return new Described<>(
                neurons,
                neuron -> neuron,
                neuron -> attributes(graph, row, neurons.blockOf(neuron), neurons.placeOf(neuron)),
                edge -> attributes(neurons, edge));
    }

    private static Map<String, Attribute> attributes(ParameterGraph graph, float[] row, NeuronBlock block, int k) {
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        attributes.put("name", DefaultAttribute.createAttribute(block.name() + "[" + k + "]"));
        attributes.put("block", DefaultAttribute.createAttribute(block.name()));
        graph.bias(block)
                .ifPresent(bias ->
                        attributes.put("bias", DefaultAttribute.createAttribute(row[(int) bias.offset() + k])));
        return attributes;
    }

    private static Map<String, Attribute> attributes(NeuronGraph neurons, long edge) {
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        attributes.put("position", DefaultAttribute.createAttribute(neurons.positionOf(edge)));
        return attributes;
    }
}
