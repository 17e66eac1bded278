package dev.weft.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import dev.weft.symmetry.RandomParameters;
import dev.weft.symmetry.SymmetryVerifier;
import dev.weft.testing.Mutations;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class WiringRulesTest {

    private static final Input.Image IMAGE = new Input.Image(2, 6, 6);

    @Test
    void everyLayerHasARuleAndAName() {
        Set<String> named = Arrays.stream(
                        Layer.class.getAnnotation(JsonSubTypes.class).value())
                .map(type -> type.value().getName())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> wired =
                WiringRules.layers().stream().map(Class::getName).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(named, wired);
    }

    @Test
    void formsFollowTheLayers() {
        Architecture architecture = Architecture.builder("x", IMAGE)
                .add("conv", Convolution.square(2, 4, 3, 2, 1, true))
                .add("pool", new Pooling.MaxPool(List.of(2, 2), List.of(1, 1), List.of(0, 0)))
                .add("tokens", new Reshaping.ToSequence())
                .add("class", new Embedding.ClassToken(4))
                .build();
        assertEquals(List.of(2, 6, 6), architecture.formOf(Architecture.INPUT).shape());
        assertEquals(List.of(4, 3, 3), architecture.formOf("conv").shape());
        assertEquals(List.of(4, 2, 2), architecture.formOf("pool").shape());
        assertEquals(List.of(5, 4), architecture.outputForm().shape());
        assertEquals(List.of(1, 1, 4), architecture.parameters().get(2).shape());
        assertEquals("class", architecture.parameters().get(2).name());
    }

    /**
     * <pre>
     * conv (8 channels) - relu - depthwise (8) - sum - norm - fc
     *                                            |
     * left (4), right (4) ------- concatenated --+
     * </pre>
     *
     * The sum cuts the channels of the depthwise kernels in two behind their back.
     */
    @Test
    void depthwiseKernelsHaveOneInputChannelThoughTheirNeuronsAreCutLater() {
        Convolution depthwise =
                new Convolution(8, 8, List.of(3, 3), List.of(1, 1), List.of(1, 1), List.of(1, 1), 8, false);
        Architecture architecture = Architecture.builder("x", IMAGE)
                .add("conv", Convolution.square(2, 8, 3, 1, 1, true))
                .add("relu", new Layer.Relu())
                .add("depthwise", depthwise)
                .add("left", Convolution.square(2, 4, 3, 1, 1, true), Architecture.INPUT)
                .add("right", Convolution.square(2, 4, 3, 1, 1, true), Architecture.INPUT)
                .add("both", new Junction.Concat(), "left", "right")
                .add("sum", new Junction.Add(), "depthwise", "both")
                .add("again", new Layer.Relu())
                .add("pool", new Pooling.GlobalAvgPool())
                .add("fc", new Layer.Linear(8, 3, true))
                .build();
        ParameterTensor weight = architecture.parameters().stream()
                .filter(tensor -> tensor.name().equals("depthwise.weight"))
                .findFirst()
                .orElseThrow();
        assertEquals(List.of(8, 1, 3, 3), weight.shape());
        double[] row = RandomParameters.row(architecture, new Seed(1));
        SymmetryVerifier.Report report =
                SymmetryVerifier.verify(architecture, row, new Seed(2), SymmetryVerifier.Settings.DEFAULT);
        assertTrue(report.passed(), report.toString());
    }

    @Test
    void saysWhichNodeDoesNotFit() {
        refused("node 'a' expects 3 inputs, but gets 2", Convolution.square(3, 4, 3, 1, 1, true));
        refused(
                "node 'a' has a window of 9, but gets 6 positions with padding 1",
                Convolution.square(2, 4, 9, 1, 1, true));
        refused("node 'a' expects a [vector, sequence], but gets a map", new Layer.Linear(2, 1, true));
        refused("node 'a' pools to [4, 4], which does not divide [6, 6]", new Pooling.AdaptiveAvgPool(List.of(4, 4)));
        refused("node 'a' takes neurons [1, 3), but gets 2", new Reshaping.Slice(1, 3));
        refused("node 'a' takes 3 inputs, got [input]", new Attention.Heads(2, 2, false));
        refused("node 'a' takes 2 or more inputs, got [input]", new Junction.Add());
        refused("node 'a' adds an array [2, 3, 3], but gets [2, 6, 6]", new Embedding.PositionArray(List.of(2, 3, 3)));
        refused("node 'a' refers to 'e', which no earlier node is called", new Embedding.TiedOutput("e"));
    }

    private static void refused(String message, Layer layer) {
        Architecture.Builder builder = layer instanceof Embedding.TiedOutput
                ? Architecture.builder("x", 2).add("a", layer)
                : Architecture.builder("x", IMAGE).add("a", layer);
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, builder::build).getMessage());
    }

    @Test
    void tensorsOfDifferentNodesHaveDifferentNames() {
        Architecture.Builder builder = Architecture.builder("x", 2)
                .add("a", new Layer.Linear(2, 2, true))
                .add("a.", new Layer.Linear(2, 2, true))
                .add("a._", new Layer.Linear(2, 2, true));
        assertEquals(3 * 2, builder.build().parameters().size());
        builder.add("a_", new Layer.Linear(2, 2, true)).add("a_weight", new Layer.Tanh());
        assertEquals(4 * 2, builder.build().parameters().size());
    }

    /** Every kind of layer in one text, damaged in every way. */
    @Test
    void damagedTextsAreReadOrRefused() {
        String text = Architecture.builder("x", IMAGE)
                .add("conv", Convolution.grouped(2, 4, 3, 1, 1, 2, true))
                .add("bn", new Norm.BatchNorm(4, 1e-5, true, true))
                .add("gn", new Norm.GroupNorm(2, 4, 1e-5, true))
                .add("pool", new Pooling.AvgPool(List.of(2, 2), List.of(2, 2), List.of(0, 0), true))
                .add("crop", new Reshaping.Crop(1, 1))
                .add("tokens", new Reshaping.ToSequence())
                .add("rope", new Attention.Rotary(2, 10, false))
                .add("attention", new Attention.Heads(2, 2, true), "rope", "rope", "tokens")
                .add("sum", new Junction.Add(), "attention", "tokens")
                .add("gru", new Recurrence.Gru(4, 3, 2, true))
                .add("last", new Reshaping.Position(-1))
                .add("slice", new Reshaping.Slice(1, 3))
                .build()
                .toJson();
        Mutations.fuzz(text.getBytes(StandardCharsets.UTF_8), 5_000, new Seed(8), bytes -> {
            Architecture read = Architecture.fromJson(new String(bytes, StandardCharsets.UTF_8));
            assertEquals(read, Architecture.fromJson(read.toJson()));
        });
    }
}
