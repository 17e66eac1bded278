package dev.weft.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.weft.network.Architecture;
import dev.weft.network.Layer;
import dev.weft.network.Mlp;
import dev.weft.network.Siren;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.stream.Collectors;
import org.jgrapht.Graph;
import org.jgrapht.GraphTests;
import org.jgrapht.Graphs;
import org.jgrapht.alg.color.ColorRefinementAlgorithm;
import org.jgrapht.alg.connectivity.ConnectivityInspector;
import org.jgrapht.alg.cycle.CycleDetector;
import org.jgrapht.alg.shortestpath.BFSShortestPath;
import org.jgrapht.alg.shortestpath.DijkstraShortestPath;
import org.jgrapht.graph.AsUndirectedGraph;
import org.jgrapht.graph.DirectedWeightedPseudograph;
import org.jgrapht.traverse.TopologicalOrderIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NeuronGraphTest {

    /**
     * <pre>
     *     0 --.-- 2 --.
     *         X-- 3 --X-- 5     W0 [3, 2] at 0, b0 [3] at 6, W1 [1, 3] at 9, b1 [1] at 12
     *     1 --'-- 4 --'
     * </pre>
     */
    private static final ParameterGraph TINY = ParameterGraph.of(Siren.of(List.of(2, 3, 1), 30, 0));

    private static final float[] ROW = {1, 2, 3, 4, 5, 6, -1, -2, -3, 7, 8, 9, -4};

    static List<Architecture> architectures() {
        return List.of(
                TINY.architecture(),
                Mlp.of(List.of(3, 1), new Layer.Relu(), true),
                Mlp.of(List.of(2, 4, 3, 4, 2), new Layer.Tanh(), false));
    }

    /** The same graph with an object for everything, edge by edge from the tensors' axes. */
    private static Graph<Integer, Long> explicit(ParameterGraph graph, float[] row) {
        Graph<Integer, Long> explicit = new DirectedWeightedPseudograph<>(Long.class);
        for (int v = 0; v < graph.neuronCount(); v++) {
            explicit.addVertex(v);
        }
        int source = 0;
        long edge = 0;
        for (WeightBlock block : graph.weights()) {
            int target = source + block.source().size();
            for (int t = 0; t < block.target().size(); t++) {
                for (int s = 0; s < block.source().size(); s++, edge++) {
                    explicit.addEdge(source + s, target + t, edge);
                    explicit.setEdgeWeight(edge, row[(int) (block.tensor().offset() + edge(block, s, t))]);
                }
            }
            source = target;
        }
        return explicit;
    }

    private static int edge(WeightBlock block, int s, int t) {
        return t * block.source().size() + s;
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void isTheSameAsAGraphWithAnObjectForEachEdge(Architecture architecture) {
        float[] row = new float[(int) architecture.parameterCount()];
        for (int i = 0; i < row.length; i++) {
            row[i] = i;
        }
        ParameterGraph blocks = ParameterGraph.of(architecture);
        NeuronGraph computed = NeuronGraph.of(blocks, row);
        Graph<Integer, Long> explicit = explicit(blocks, row);
        assertEquals(explicit.vertexSet(), computed.vertexSet());
        assertEquals(explicit.edgeSet(), computed.edgeSet());
        for (long e : explicit.edgeSet()) {
            assertEquals(explicit.getEdgeSource(e), computed.getEdgeSource(e));
            assertEquals(explicit.getEdgeTarget(e), computed.getEdgeTarget(e));
            assertEquals(explicit.getEdgeWeight(e), computed.getEdgeWeight(e));
        }
        explicit.vertexSet().forEach(v -> assertSameAround(explicit, computed, v));
    }

    private static void assertSameAround(Graph<Integer, Long> explicit, NeuronGraph computed, int v) {
        assertEquals(explicit.incomingEdgesOf(v), computed.incomingEdgesOf(v));
        assertEquals(explicit.outgoingEdgesOf(v), computed.outgoingEdgesOf(v));
        assertEquals(explicit.edgesOf(v), computed.edgesOf(v));
        assertEquals(explicit.inDegreeOf(v), computed.inDegreeOf(v));
        assertEquals(explicit.outDegreeOf(v), computed.outDegreeOf(v));
        assertEquals(explicit.degreeOf(v), computed.degreeOf(v));
        for (int w : explicit.vertexSet()) {
            assertEquals(explicit.getEdge(v, w), computed.getEdge(v, w));
            assertEquals(explicit.getAllEdges(v, w), computed.getAllEdges(v, w));
            assertEquals(explicit.containsEdge(v, w), computed.containsEdge(v, w));
        }
        for (long e : explicit.edgeSet()) { // the computed sets' own contains
            assertEquals(
                    explicit.outgoingEdgesOf(v).contains(e),
                    computed.outgoingEdgesOf(v).contains(e));
            assertEquals(
                    explicit.incomingEdgesOf(v).contains(e),
                    computed.incomingEdgesOf(v).contains(e));
        }
    }

    @Test
    void numbersBlockByBlock() {
        NeuronGraph graph = NeuronGraph.of(TINY, ROW);
        assertEquals(4, graph.neuron(TINY.blocks().get(1), 2));
        assertEquals(TINY.blocks().get(1), graph.blockOf(4));
        assertEquals(2, graph.placeOf(4));
        assertEquals(5, graph.getEdge(1, 4)); // last entry of W0
        assertEquals(6, graph.getEdge(2, 5)); // first entry of W1, behind three biases in the row
        assertEquals(9, graph.positionOf(6));
        assertEquals(7, graph.getEdgeWeight(6L));
        assertEquals(TINY.weights().get(1), graph.weightBlockOf(6));
        assertEquals("neuron graph of siren 2-3-1: 6 neurons, 9 edges", graph.toString());
    }

    @Test
    void saysWhatItIs() {
        NeuronGraph graph = NeuronGraph.of(TINY);
        assertTrue(graph.getType().isDirected() && !graph.getType().isWeighted());
        assertTrue(NeuronGraph.of(TINY, ROW).getType().isWeighted());
        assertFalse(graph.getType().isModifiable() || graph.getType().isAllowingMultipleEdges());
        assertFalse(graph.getType().isAllowingSelfLoops() || graph.getType().isAllowingCycles());
        assertEquals(1, graph.getEdgeWeight(0L));
        assertEquals(9, graph.iterables().edgeCount());
        assertTrue(GraphTests.isSimple(graph));
    }

    @Test
    void refusesToChange() {
        Graph<Integer, Long> graph = NeuronGraph.of(TINY, ROW);
        List<Runnable> changes = List.of(
                () -> graph.addVertex(),
                () -> graph.addVertex(9),
                () -> graph.addEdge(0, 1),
                () -> graph.addEdge(0, 1, 5L),
                () -> graph.removeEdge(0L),
                () -> graph.removeEdge(0, 2),
                () -> graph.removeVertex(0),
                () -> graph.removeAllEdges(0, 2),
                () -> graph.removeAllEdges(List.of(0L)),
                () -> graph.removeAllVertices(List.of(0)),
                () -> graph.setEdgeWeight(0L, 2),
                () -> graph.setEdgeWeight(0, 2, 2),
                () -> graph.edgeSet().clear(),
                () -> graph.vertexSet().remove(0));
        for (Runnable change : changes) {
            assertThrows(UnsupportedOperationException.class, change::run);
        }
        assertNull(graph.getVertexSupplier());
        assertNull(graph.getEdgeSupplier());
    }

    @Test
    void answersForStrangersAsJGraphTAsks() {
        NeuronGraph graph = NeuronGraph.of(TINY);
        assertFalse(graph.containsVertex(6) || graph.containsVertex(-1) || graph.containsVertex(null));
        assertFalse(graph.containsEdge(9L) || graph.containsEdge(-1L) || graph.containsEdge((Long) null));
        assertFalse(graph.containsEdge(0, 6) || graph.containsEdge(0, null));
        assertNull(graph.getEdge(0, 6));
        assertNull(graph.getAllEdges(0, 6));
        assertEquals(Set.of(), graph.getAllEdges(2, 0));
        assertMessage("no neuron 6, they are [0, 6)", () -> graph.edgesOf(6));
        assertMessage("no edge 9, they are [0, 9)", () -> graph.getEdgeSource(9L));
        assertMessage("no edge -1, they are [0, 9)", () -> graph.getEdgeWeight(-1L));
        assertMessage(
                "block 'seq.0': neuron 3 is outside [0, 3)",
                () -> graph.neuron(TINY.blocks().get(1), 3));
        assertThrows(
                NoSuchElementException.class,
                () -> graph.incomingEdgesOf(0).iterator().next());
    }

    @Test
    void refusesARowOfTheWrongLength() {
        assertMessage("a row of siren 2-3-1 has 13 values, got 12", () -> NeuronGraph.of(TINY, new float[12]));
    }

    private static void assertMessage(String expected, Runnable action) {
        assertEquals(
                expected,
                assertThrows(IllegalArgumentException.class, action::run).getMessage());
    }

    @Test
    void topologicalOrderGoesThroughAllNeurons() {
        List<Integer> order = new ArrayList<>();
        new TopologicalOrderIterator<>(NeuronGraph.of(TINY)).forEachRemaining(order::add);
        assertEquals(List.of(0, 1, 2, 3, 4, 5), order);
    }

    @Test
    void isConnectedAndAcyclic() {
        NeuronGraph graph = NeuronGraph.of(TINY);
        assertTrue(new ConnectivityInspector<>(graph).isConnected());
        assertTrue(new ConnectivityInspector<>(new AsUndirectedGraph<>(graph)).isConnected());
        assertFalse(new CycleDetector<>(graph).detectCycles());
        assertEquals(Set.of(2, 3, 4), Graphs.neighborSetOf(new AsUndirectedGraph<>(graph), 0));
    }

    /** Without weights, nothing tells the hidden neurons of one block apart: they share a 1-WL colour. */
    @Test
    void colourRefinementFindsTheBlocks() {
        ParameterGraph blocks = ParameterGraph.of(Mlp.of(List.of(2, 4, 3, 1), new Layer.Relu(), true));
        NeuronGraph graph = NeuronGraph.of(blocks);
        Set<Set<Integer>> expected = blocks.blocks().stream()
                .map(block -> graph.vertexSet().stream()
                        .filter(v -> graph.blockOf(v).equals(block))
                        .collect(Collectors.toSet()))
                .collect(Collectors.toSet());
        assertEquals(
                expected,
                Set.copyOf(new ColorRefinementAlgorithm<>(graph).getColoring().getColorClasses()));
        assertEquals(
                expected,
                Set.copyOf(new ColorRefinementAlgorithm<>(new AsUndirectedGraph<>(graph))
                        .getColoring()
                        .getColorClasses()));
    }

    /** From 0 to 5: by 2 costs 1 + 7, by 3 costs 3 + 8, by 4 costs 5 + 9. */
    @Test
    void shortestPathsCountWeights() {
        NeuronGraph graph = NeuronGraph.of(TINY, ROW);
        assertEquals(
                List.of(0, 2, 5),
                new DijkstraShortestPath<>(graph).getPath(0, 5).getVertexList());
        assertEquals(8, new DijkstraShortestPath<>(graph).getPathWeight(0, 5));
        assertEquals(
                2, BFSShortestPath.findPathBetween(NeuronGraph.of(TINY), 1, 5).getLength());
    }

    /** 4096-4096-4096: 33.6 million edges, no object for any of them. */
    @Test
    void largeBlocksCostNothing() {
        ParameterGraph blocks = ParameterGraph.of(Mlp.of(List.of(4096, 4096, 4096), new Layer.Relu(), true));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        query(blocks); // loads classes
        long before = threads.getCurrentThreadAllocatedBytes();
        query(blocks);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 100_000, "allocated " + allocated + " bytes");
    }

    private static void query(ParameterGraph blocks) {
        NeuronGraph graph = NeuronGraph.of(blocks);
        assertEquals(2L * 4096 * 4096, graph.edgeSet().size());
        assertEquals(3 * 4096, graph.vertexSet().size());
        assertTrue(graph.containsEdge(5, 8191) && !graph.containsEdge(5, 8192));
        long last = 2L * 4096 * 4096 - 1;
        assertEquals(last, graph.getEdge(8191, 12287));
        assertEquals(8191, graph.getEdgeSource(last));
        assertEquals(12287, graph.getEdgeTarget(last));
        assertTrue(graph.edgesOf(8191).contains(last) && !graph.edgesOf(4096).contains(last));
        assertEquals(8192, graph.degreeOf(8191));
        assertEquals(4096, graph.incomingEdgesOf(8191).size());
    }

    /** Beyond the range of int the set says the largest int, and the count is exact. */
    @Test
    void countsEdgesBeyondInt() {
        NeuronGraph graph =
                NeuronGraph.of(ParameterGraph.of(Mlp.of(List.of(100_000, 100_000), new Layer.Relu(), false)));
        assertEquals(Integer.MAX_VALUE, graph.edgeSet().size());
        assertEquals(10_000_000_000L, graph.iterables().edgeCount());
        assertEquals(9_999_999_999L, graph.getEdge(99_999, 199_999));
    }
}
