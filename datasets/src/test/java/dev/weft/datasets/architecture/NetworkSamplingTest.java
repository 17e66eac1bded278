package dev.weft.datasets.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.graph.ComputationGraph;
import dev.weft.network.Architecture;
import dev.weft.network.Input;
import dev.weft.network.Norm;
import dev.weft.network.Seed;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NetworkSamplingTest {

    private static Map<ArchitectureSplit, Integer> counts(int count) {
        Map<ArchitectureSplit, Integer> counts = new EnumMap<>(ArchitectureSplit.class);
        for (ArchitectureSplit split : ArchitectureSplit.values()) {
            counts.put(split, count);
        }
        return counts;
    }

    private static List<SampledNetwork> draw(CellSpace space, int count, long seed) {
        return new NetworkSampling(space, new Seed(seed)).draw(counts(count), done -> {});
    }

    @ParameterizedTest
    @EnumSource(CellSpace.class)
    void drawnNetworksCanBePredictedAndDiffer(CellSpace space) {
        List<SampledNetwork> drawn = draw(space, 4, 1);
        assertEquals(4 * ArchitectureSplit.values().length, drawn.size());
        assertEquals(
                drawn.size(),
                drawn.stream().map(SampledNetwork::hash).distinct().count());
        for (SampledNetwork network : drawn) {
            Architecture architecture = network.architecture();
            assertEquals(network.parameters(), architecture.parameterCount(), network.id());
            ComputationGraph graph = ComputationGraph.of(architecture);
            assertEquals(network.nodes(), graph.nodes().size(), network.id());
            long held = graph.nodes().stream()
                    .flatMap(node -> node.tensors().stream())
                    .mapToLong(tensor -> tensor.size())
                    .sum();
            assertEquals(architecture.parameterCount(), held, network.id());
        }
    }

    @Test
    void splitsDifferAsTheyShould() {
        for (SampledNetwork network : draw(CellSpace.MICRO, 4, 2)) {
            int cells = network.config().cells();
            int steps = network.config().genotype().normal().steps();
            boolean norms = network.architecture().nodes().stream().anyMatch(node -> node.layer() instanceof Norm);
            ArchitectureSplit split = network.split();
            assertEquals(split == ArchitectureSplit.DEEP, cells >= 8, network.id());
            assertEquals(split == ArchitectureSplit.DENSE, steps >= 3, network.id());
            assertEquals(split == ArchitectureSplit.WIDE, network.widths().get(0) >= 40, network.id());
            assertTrue(split != ArchitectureSplit.BNFREE || !norms, network.id());
            assertTrue(
                    split == ArchitectureSplit.TRAIN
                            || split == ArchitectureSplit.WIDE
                            || network.widths().size() == 1,
                    network.id());
        }
    }

    @Test
    void theSameSeedDrawsTheSame() {
        assertEquals(draw(CellSpace.MICRO, 2, 3), draw(CellSpace.MICRO, 2, 3));
        List<SampledNetwork> few = draw(CellSpace.MICRO, 2, 3);
        Map<ArchitectureSplit, Integer> more = counts(2);
        more.put(ArchitectureSplit.TRAIN, 5);
        List<SampledNetwork> many = new NetworkSampling(CellSpace.MICRO, new Seed(3)).draw(more, done -> {});
        assertEquals(few.subList(2, few.size()), many.subList(5, many.size()), "those to judge by stay");
    }

    @Test
    void aNetworkReadsImagesOfAnotherSizeWithTheSameParameters() {
        for (SampledNetwork network : draw(CellSpace.MICRO, 1, 6)) {
            SampledNetwork small = network.withSize(8);
            assertEquals(new Input.Image(3, 8, 8), small.architecture().input());
            assertEquals(
                    network.architecture().parameters(),
                    small.architecture().parameters(),
                    "nothing depends on the size");
            assertEquals(network.hash(), small.hash());
        }
    }

    @Test
    void trainingNetworksHaveSeveralWidths() {
        SampledNetwork network = draw(CellSpace.MICRO, 1, 4).get(0);
        assertTrue(network.widths().size() > 1);
        long distinct = new Seed(5)
                .random()
                .longs(20)
                .mapToObj(seed -> network.architecture(new Seed(seed)).parameterCount())
                .distinct()
                .count();
        assertTrue(distinct > 1);
        assertThrows(
                IllegalArgumentException.class,
                () -> new SampledNetwork("x", ArchitectureSplit.VAL, network.config(), List.of(), "", 1, 1));
    }
}
