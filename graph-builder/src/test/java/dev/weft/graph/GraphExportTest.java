package dev.weft.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.network.Architecture;
import dev.weft.network.Layer;
import dev.weft.network.Mlp;
import dev.weft.network.Siren;
import java.io.StringReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jgrapht.Graph;
import org.jgrapht.graph.DefaultWeightedEdge;
import org.jgrapht.graph.DirectedWeightedMultigraph;
import org.jgrapht.nio.BaseEventDrivenImporter;
import org.jgrapht.nio.GraphImporter;
import org.jgrapht.nio.dot.DOTImporter;
import org.jgrapht.nio.graphml.GraphMLImporter;
import org.jgrapht.util.SupplierUtil;
import org.junit.jupiter.api.Test;

class GraphExportTest {

    private static final ParameterGraph TINY = ParameterGraph.of(Siren.of(List.of(2, 3, 1), 30, 0.5));

    /** W0 [3, 2], b0 [3], W1 [1, 3], b1 [1]. */
    private static final float[] ROW = {0.1f, -2, 3, 4, 5, 6, -1, -2, -3, 7, 8, 9, -4};

    @Test
    void writesBlocksInDot() {
        assertEquals("""
                digraph G {
                  rankdir=LR;
                  0 [ name="input" size="2" role="INPUT" functions="" label="input" ];
                  1 [ name="seq.0" size="3" role="HIDDEN" functions="sin(30x)" label="seq.0" ];
                  2 [ name="seq.1" size="1" role="OUTPUT" functions="x + 0.5" label="seq.1" ];
                  0 -> 1 [ tensor="seq.0.weight" shape="[3, 2]" weights="6" label="seq.0.weight" ];
                  1 -> 2 [ tensor="seq.1.weight" shape="[1, 3]" weights="3" label="seq.1.weight" ];
                }
                """, GraphExport.dot(TINY));
    }

    @Test
    void writesNeuronsInDot() {
        String dot = GraphExport.dot(TINY, ROW);
        assertTrue(dot.contains("  3 [ name=\"seq.0[1]\" block=\"seq.0\" bias=\"-2.0\" label=\"seq.0[1]\" ];\n"), dot);
        assertTrue(dot.contains("  0 -> 2 [ position=\"0\" value=\"0.1\" ];\n"), dot);
        assertTrue(dot.contains("  4 -> 5 [ position=\"11\" value=\"9.0\" ];\n"), dot);
        Read read = new Read();
        read.with(new DOTImporter<>(), dot);
        read.assertHolds(NeuronGraph.of(TINY));
    }

    @Test
    void neuronsSurviveGraphMl() {
        Read read = new Read();
        read.with(new GraphMLImporter<>(), GraphExport.graphMl(TINY, ROW));
        NeuronGraph graph = NeuronGraph.of(TINY, ROW);
        read.assertHolds(graph);
        for (long e : graph.edgeSet()) {
            DefaultWeightedEdge edge = read.graph.getEdge(graph.getEdgeSource(e), graph.getEdgeTarget(e));
            assertEquals(graph.getEdgeWeight(e), read.graph.getEdgeWeight(edge));
        }
        assertEquals("seq.0[2]", read.attributes.get("4.name"));
        assertEquals("-3.0", read.attributes.get("4.bias"));
        assertEquals("input", read.attributes.get("0.block"));
    }

    @Test
    void blocksSurviveGraphMl() {
        Read read = new Read();
        read.with(new GraphMLImporter<>(), GraphExport.graphMl(TINY));
        assertEquals(3, read.graph.vertexSet().size());
        assertEquals(2, read.graph.edgeSet().size());
        assertEquals("sin(30x)", read.attributes.get("1.functions"));
        assertEquals("3", read.attributes.get("1.size"));
    }

    @Test
    void namesMayHoldWhatTheFormatsUseThemselves() {
        String name = "a\"<&>\\[0]";
        ParameterGraph graph = ParameterGraph.of(Architecture.builder("x", 2)
                .add(name, new Layer.Linear(2, 1, true))
                .build());
        Read dot = new Read();
        dot.with(new DOTImporter<>(), GraphExport.dot(graph));
        assertEquals(name, dot.attributes.get("1.name").replace("\\\\", "\\"));
        Read ml = new Read();
        ml.with(new GraphMLImporter<>(), GraphExport.graphMl(graph));
        assertEquals(name, ml.attributes.get("1.name"));
    }

    @Test
    void refusesMoreNeuronsThanAPersonCanUse() {
        ParameterGraph large = ParameterGraph.of(Mlp.of(List.of(300, 200), new Layer.Relu(), false));
        String expected = "mlp 300-200 has 60000 edges; neuron by neuron at most 50000 are written."
                + " Export its blocks instead";
        float[] row = new float[60_000];
        assertEquals(
                expected,
                assertThrows(IllegalArgumentException.class, () -> GraphExport.dot(large, row))
                        .getMessage());
        assertEquals(
                expected,
                assertThrows(IllegalArgumentException.class, () -> GraphExport.graphMl(large, row))
                        .getMessage());
        assertTrue(GraphExport.dot(large).contains("weights=\"60000\""));
    }

    /** What JGraphT reads from a text. */
    private static final class Read {
        final Graph<Integer, DefaultWeightedEdge> graph =
                new DirectedWeightedMultigraph<>(null, SupplierUtil.createSupplier(DefaultWeightedEdge.class));
        final Map<String, String> attributes = new HashMap<>(); // "vertex.attribute" to value

        void with(DOTImporter<Integer, DefaultWeightedEdge> importer, String text) {
            importer.setVertexFactory(Integer::valueOf);
            read(importer, importer, text);
        }

        void with(GraphMLImporter<Integer, DefaultWeightedEdge> importer, String text) {
            importer.setVertexFactory(Integer::valueOf);
            read(importer, importer, text);
        }

        private void read(
                BaseEventDrivenImporter<Integer, DefaultWeightedEdge> events,
                GraphImporter<Integer, DefaultWeightedEdge> importer,
                String text) {
            events.addVertexAttributeConsumer(
                    (key, value) -> attributes.put(key.getFirst() + "." + key.getSecond(), value.getValue()));
            importer.importGraph(graph, new StringReader(text));
        }

        void assertHolds(NeuronGraph expected) {
            assertEquals(expected.vertexSet(), graph.vertexSet());
            assertEquals(expected.edgeCount(), graph.edgeSet().size());
            expected.edgeSet()
                    .forEach(e -> assertTrue(
                            graph.containsEdge(expected.getEdgeSource(e), expected.getEdgeTarget(e)), "edge " + e));
        }
    }
}
