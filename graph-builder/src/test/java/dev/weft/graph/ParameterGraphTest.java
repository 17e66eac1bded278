package dev.weft.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.network.Architecture;
import dev.weft.network.Layer;
import dev.weft.network.Mlp;
import dev.weft.network.NeuronBlock;
import dev.weft.network.ParameterTensor;
import dev.weft.network.Siren;
import java.util.ArrayList;
import java.util.List;
import org.jgrapht.traverse.TopologicalOrderIterator;
import org.junit.jupiter.api.Test;

class ParameterGraphTest {

    private static final Architecture SIREN = Siren.of(List.of(2, 32, 32, 1), 30, 0.5);

    @Test
    void countsNeuronsEdgesAndParametersOfThePublishedSiren() {
        ParameterGraph graph = ParameterGraph.of(SIREN);
        assertEquals(67, graph.neuronCount());
        assertEquals(1_120, graph.edgeCount()); // 2 x 32 + 32 x 32 + 32
        assertEquals(1_185, SIREN.parameterCount()); // and 65 biases
        assertEquals(4, graph.graph().vertexSet().size());
        assertEquals(3, graph.graph().edgeSet().size());
    }

    @Test
    void weightsJoinTheBlocksThatTheirAxesName() {
        ParameterGraph graph = ParameterGraph.of(SIREN);
        WeightBlock last = graph.weights().get(2);
        assertEquals("seq.2.weight", last.tensor().name());
        assertEquals(graph.blocks().get(2), last.source());
        assertEquals(graph.blocks().get(3), last.target());
        assertEquals(SIREN.outputBlock(), last.target());
        assertEquals(List.of(last), List.copyOf(graph.graph().outgoingEdgesOf(last.source())));
    }

    /** 2-3-1: W0 is [3, 2] at 0, b0 at 6, W1 is [1, 3] at 9, b1 at 12. */
    @Test
    void positionsFollowTheRow() {
        ParameterGraph graph = ParameterGraph.of(Siren.of(List.of(2, 3, 1), 30, 0));
        assertEquals(0, graph.weights().get(0).position(0, 0));
        assertEquals(5, graph.weights().get(0).position(1, 2));
        assertEquals(11, graph.weights().get(1).position(2, 0));
    }

    @Test
    void biasesBelongToTheirBlocks() {
        ParameterGraph graph = ParameterGraph.of(SIREN);
        assertTrue(graph.bias(SIREN.inputBlock()).isEmpty());
        assertEquals(
                List.of("seq.0.bias", "seq.1.bias", "seq.2.bias"),
                graph.blocks().stream()
                        .flatMap(block -> graph.bias(block).stream())
                        .map(ParameterTensor::name)
                        .toList());
        ParameterGraph without = ParameterGraph.of(Mlp.of(List.of(2, 3, 1), new Layer.Relu(), false));
        assertTrue(
                without.blocks().stream().allMatch(block -> without.bias(block).isEmpty()));
    }

    @Test
    void blocksComeInTopologicalOrder() {
        ParameterGraph graph = ParameterGraph.of(SIREN);
        List<NeuronBlock> order = new ArrayList<>();
        new TopologicalOrderIterator<>(graph.graph()).forEachRemaining(order::add);
        assertEquals(graph.blocks(), order);
    }

    @Test
    void isMadeOnceForEachArchitecture() {
        assertSame(ParameterGraph.of(SIREN), ParameterGraph.of(Siren.of(List.of(2, 32, 32, 1), 30, 0.5)));
    }

    @Test
    void keepsNoMoreGraphsThanItSays() {
        ParameterGraph first = ParameterGraph.of(Siren.of(List.of(1, 1, 1), 30, 0));
        for (int i = 0; i < ParameterGraph.CACHED; i++) {
            ParameterGraph.of(Siren.of(List.of(1, 2 + i, 1), 30, 0));
        }
        ParameterGraph again = ParameterGraph.of(Siren.of(List.of(1, 1, 1), 30, 0));
        assertTrue(first != again);
        assertEquals(first.architecture(), again.architecture());
    }

    @Test
    void cannotBeChanged() {
        ParameterGraph graph = ParameterGraph.of(SIREN);
        assertThrows(UnsupportedOperationException.class, () -> graph.graph().removeVertex(SIREN.inputBlock()));
        assertThrows(UnsupportedOperationException.class, () -> graph.weights().clear());
    }
}
