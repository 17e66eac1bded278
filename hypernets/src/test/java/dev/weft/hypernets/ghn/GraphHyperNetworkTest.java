package dev.weft.hypernets.ghn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.weft.graph.ComputationGraph;
import dev.weft.network.Architecture;
import dev.weft.network.Convolution;
import dev.weft.network.Input;
import dev.weft.network.Layer;
import dev.weft.network.Norm;
import dev.weft.network.Pooling;
import dev.weft.network.Seed;
import dev.weft.network.family.Families;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GraphHyperNetworkTest {

    private static final Input.Image IMAGE = new Input.Image(3, 8, 8);

    /** The counts published or derived for the released sizes. */
    @ParameterizedTest
    @CsvSource({
        "ghn1, 32, 64, 11, 10, 1620668",
        "ghn2, 32, 64, 11, 10, 1620764",
        "ghn1, 32, 64, 16, 1000, 2319624",
        "ghn2, 32, 64, 16, 1000, 2319720",
        "ghn3 3 8, 64, 64, 16, 1000, 6906632",
        "ghn3 5 16, 128, 128, 16, 1000, 35810368",
        "ghn3 12 16, 256, 256, 16, 1000, 214668960",
        "ghn3 24 16, 384, 384, 16, 1000, 654365184",
        "ghn3 3 8, 64, 64, 11, 10, 4531500",
    })
    void publishedSizesHaveThePublishedCounts(
            String kind, int hidden, int channels, int kernel, int classes, long count) {
        String[] words = kind.split(" ");
        GhnConfig config = switch (words[0]) {
            case "ghn1" -> GhnConfig.ghn1(hidden, channels, kernel, classes);
            case "ghn2" -> GhnConfig.ghn2(hidden, channels, kernel, classes);
            default ->
                GhnConfig.ghn3(
                        hidden, channels, kernel, classes, Integer.parseInt(words[1]), Integer.parseInt(words[2]));
        };
        assertEquals(count, new GraphHyperNetwork(config, new Seed(0)).parameterCount());
    }

    private static Architecture small(boolean running) {
        return Architecture.builder("test", IMAGE)
                .add("conv", Convolution.square(3, 20, 3, 1, 1, false))
                .add("bn", new Norm.BatchNorm(20, 1e-5, true, running))
                .add("relu", new Layer.Relu())
                .add("next", Convolution.square(20, 6, 3, 1, 1, true))
                .add("pool", new Pooling.GlobalAvgPool())
                .add("fc", new Layer.Linear(6, 3, true))
                .build();
    }

    @Test
    void predictionInOneRowIsThatOfTraining() {
        Architecture architecture = small(false);
        ComputationGraph graph = ComputationGraph.of(architecture);
        for (GhnConfig config : List.of(
                GhnConfig.ghn1(8, 8, 3, 3),
                GhnConfig.ghn2(8, 8, 3, 3),
                GhnConfig.ghn3(8, 8, 3, 3, 2, 2),
                GhnConfig.nodes(8, 8, 3, 3))) {
            try (NDManager manager = NDManager.newBaseManager()) {
                GraphHyperNetwork model = new GraphHyperNetwork(config, new Seed(1));
                model.initialize(manager, DataType.FLOAT32);
                float[] row = new float[(int) architecture.parameterCount()];
                GraphHyperNetwork.Written written = model.predict(manager, graph, true, row);
                float[] trained = model.rows(GhnFixture.pass(manager), List.of(graph))
                        .get(0)
                        .toFloatArray();
                assertArrayEquals(trained, row, 1e-6f);
                assertEquals(
                        architecture.parameters().stream()
                                .map(tensor -> tensor.name())
                                .sorted()
                                .toList(),
                        written.tensors().stream().sorted().toList());
                assertEquals(List.of("conv.weight", "bn.weight", "bn.bias", "next.weight"), written.tiled());
            }
        }
    }

    @Test
    void whatIsNotPredictedIsLeftAsItIs() {
        Architecture architecture = small(true);
        try (NDManager manager = NDManager.newBaseManager()) {
            GraphHyperNetwork model = new GraphHyperNetwork(GhnConfig.ghn2(8, 8, 3, 10), new Seed(1));
            model.initialize(manager, DataType.FLOAT32);
            float[] row = new float[(int) architecture.parameterCount()];
            Arrays.fill(row, 7);
            ComputationGraph graph = ComputationGraph.of(architecture);
            GraphHyperNetwork.Written written = model.predict(manager, graph, false, row);
            architecture
                    .parameters()
                    .forEach(tensor -> assertEquals(
                            !written.tensors().contains(tensor.name()),
                            row[(int) tensor.offset()] == 7,
                            tensor.name()));
            assertEquals(List.of("conv.weight", "bn.weight", "bn.bias", "next.weight", "next.bias"), written.tensors());
            IllegalArgumentException refused =
                    assertThrows(IllegalArgumentException.class, () -> model.predict(manager, graph, true, row));
            assertEquals(
                    "'fc': the network has 3 outputs, but the hypernetwork writes layers for 10 classes",
                    refused.getMessage());
        }
    }

    @Test
    void classTokensAreLeftAndPositionsOfASequencePredicted() {
        Architecture architecture = Families.named("vit-b16").small().get();
        try (NDManager manager = NDManager.newBaseManager()) {
            GraphHyperNetwork model = new GraphHyperNetwork(GhnConfig.ghn3(8, 8, 3, 3, 1, 2), new Seed(1));
            model.initialize(manager, DataType.FLOAT32);
            float[] row = new float[(int) architecture.parameterCount()];
            GraphHyperNetwork.Written written = model.predict(manager, ComputationGraph.of(architecture), true, row);
            List<String> left = architecture.parameters().stream()
                    .map(tensor -> tensor.name())
                    .filter(name -> !written.tensors().contains(name))
                    .toList();
            assertEquals(List.of("class_token"), left);
        }
    }

    @Test
    void kernelsBeyondTheRangeAreRefusedByName() {
        Architecture wide = Architecture.builder("test", IMAGE)
                .add("conv", Convolution.square(3, 4, 7, 1, 3, false))
                .add("pool", new Pooling.GlobalAvgPool())
                .add("fc", new Layer.Linear(4, 3, true))
                .build();
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> DecodingPlan.of(GhnConfig.ghn2(8, 8, 3, 3), List.of(ComputationGraph.of(wide)), true));
        assertEquals("'conv': a kernel 7 x 7 is beyond this hypernetwork's range of 6", refused.getMessage());
        assertTrue(DecodingPlan.of(GhnConfig.ghn3(8, 8, 3, 3, 1, 2), List.of(ComputationGraph.of(wide)), true)
                        .tensors()
                        .size()
                == 3);
    }
}
