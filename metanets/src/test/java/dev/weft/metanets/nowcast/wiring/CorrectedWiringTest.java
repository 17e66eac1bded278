package dev.weft.metanets.nowcast.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.network.Architecture;
import dev.weft.network.Layer;
import dev.weft.network.ParameterTensor;
import dev.weft.network.family.Families;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The corrected wiring joins what is joined, in both directions, and forecasts every trained parameter once. */
class CorrectedWiringTest {

    static List<String> families() {
        return Families.all().stream().map(Families.Family::name).toList();
    }

    @ParameterizedTest
    @MethodSource("families")
    void everyTrainedParameterIsForecastOnceAndEveryEdgeHasOneBack(String family) {
        Architecture architecture = Families.named(family).small().get();
        WiredGraph graph = CorrectedWiring.of(architecture);
        Set<Long> forecast = new HashSet<>();
        Set<String> edges = new HashSet<>();
        for (EdgeBlock block : graph.blocks()) {
            for (int r = 0; r < block.rows(); r++) {
                for (int c = 0; c < block.columns(); c++) {
                    edges.add(block.source(r, c) + " " + block.target(r, c) + " " + values(block, r, c));
                    for (int f = 0; block.forecast() && f < block.features(); f++) {
                        long position =
                                block.place().tensor().offset() + block.place().position(r, c, f);
                        assertTrue(forecast.add(position), block.name() + " forecasts " + position + " again");
                    }
                }
            }
        }
        assertEquals(architecture.trainableCount(), forecast.size());
        for (EdgeBlock block : graph.blocks()) {
            for (int r = 0; r < block.rows(); r++) {
                for (int c = 0; c < block.columns(); c++) {
                    String back = block.target(r, c) + " " + block.source(r, c) + " " + values(block, r, c);
                    assertTrue(edges.contains(back), block.name() + ": no edge " + back);
                }
            }
        }
    }

    private static String values(EdgeBlock block, int r, int c) {
        return block.values() == null
                ? block.type().name()
                : block.place().tensor().name() + " " + block.place().position(r, c, 0);
    }

    /** in 2 -> hidden 2 -> out 1: nodes 0 1 | 2 3 | 4, then a node for each bias, 5 and 6. */
    @Test
    void aPerceptronIsWiredByHand() {
        Architecture architecture = Architecture.builder("mlp", 2)
                .add("a", new Layer.Linear(2, 2, true))
                .add("relu", new Layer.Relu())
                .add("b", new Layer.Linear(2, 1, true))
                .build();
        List<String> edges = EdgeListing.of(CorrectedWiring.of(architecture)).stream()
                .filter(edge -> !edge.contains("type 13"))
                .toList();
        assertEquals(
                List.of(
                        "0 -> 2 type 1 [0]", // a.weight [out, in]
                        "0 -> 3 type 1 [2]",
                        "1 -> 2 type 1 [1]",
                        "1 -> 3 type 1 [3]",
                        "2 -> 0 type 1 [0]",
                        "2 -> 1 type 1 [1]",
                        "2 -> 4 type 1 [6]", // b.weight
                        "2 -> 5 type 2 [4]",
                        "3 -> 0 type 1 [2]",
                        "3 -> 1 type 1 [3]",
                        "3 -> 4 type 1 [7]",
                        "3 -> 5 type 2 [5]",
                        "4 -> 2 type 1 [6]",
                        "4 -> 3 type 1 [7]",
                        "4 -> 6 type 2 [8]",
                        "5 -> 2 type 2 [4]", // a.bias
                        "5 -> 3 type 2 [5]",
                        "6 -> 4 type 2 [8]"), // b.bias
                edges);
    }

    @Test
    void queriesKeysAndValuesAreToldApart() {
        for (String family : List.of("gpt2", "llama-1b")) {
            WiredGraph graph = CorrectedWiring.of(Families.named(family).small().get());
            Set<EdgeType> types = graph.blocks().stream().map(EdgeBlock::type).collect(Collectors.toSet());
            assertTrue(
                    types.containsAll(Set.of(
                            EdgeType.QUERY,
                            EdgeType.KEY,
                            EdgeType.VALUE,
                            EdgeType.HEAD,
                            EdgeType.TOKEN,
                            EdgeType.GAIN)),
                    family + ": " + types);
        }
    }

    @Test
    void runningStatisticsAreNoParameters() {
        Architecture resNet = Families.named("resnet18").small().get();
        long trained =
                resNet.parameters().stream().filter(ParameterTensor::trainable).count();
        assertEquals(trained, CorrectedWiring.of(resNet).layout().tensors().size());
    }
}
