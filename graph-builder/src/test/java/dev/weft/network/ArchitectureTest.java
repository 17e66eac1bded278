package dev.weft.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.network.NeuronBlock.Role;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final Layer RELU = new Layer.Relu();

    @Test
    void laysTensorsOutInOrderWithTheBlocksOfTheirAxes() {
        Architecture siren = Siren.of(List.of(2, 3, 1), 30, 0.5);
        assertEquals(
                List.of(
                        "seq.0.weight [3, 2] at 0: seq.0, input",
                        "seq.0.bias [3] at 6: seq.0",
                        "seq.1.weight [1, 3] at 9: seq.1, seq.0",
                        "seq.1.bias [1] at 12: seq.1"),
                siren.parameters().stream()
                        .map(tensor -> tensor.name() + " " + tensor.shape() + " at " + tensor.offset() + ": "
                                + tensor.axes().stream()
                                        .map(axis -> siren.blocks()
                                                .get(axis.soleBlock().orElseThrow())
                                                .name())
                                        .collect(Collectors.joining(", ")))
                        .toList());
        assertEquals(13, siren.parameterCount());
    }

    @Test
    void activationsAndOffsetsKeepTheirBlock() {
        Architecture siren = Siren.of(List.of(2, 3, 1), 30, 0.5);
        assertEquals(
                List.of(
                        new NeuronBlock(0, "input", 2, Role.INPUT),
                        new NeuronBlock(1, "seq.0", 3, Role.HIDDEN),
                        new NeuronBlock(2, "seq.1", 1, Role.OUTPUT)),
                siren.blocks());
        assertEquals(siren.blocks().get(1), siren.blockOf("sine.0"));
        assertEquals(siren.outputBlock(), siren.blockOf("offset"));
        assertEquals(siren.inputBlock(), siren.blockOf(Architecture.INPUT));
        assertEquals(2, siren.inputSize());
        assertEquals(1, siren.outputSize());
        assertEquals("siren 2-3-1", siren.toString());
        assertMessage("no node 'seq.7' in [input, seq.0, sine.0, seq.1, offset]", () -> siren.blockOf("seq.7"));
    }

    @Test
    void deepNetworksHaveShortNames() {
        assertEquals(
                "mlp 9-9-9-9-9-9-9-9-...-9-9-9-9-9-9-9-9",
                Mlp.of(Collections.nCopies(50_000, 9), gelu(), false).toString());
        assertEquals(
                "mlp 9" + "-9".repeat(15),
                Mlp.of(Collections.nCopies(16, 9), gelu(), false).toString());
    }

    @Test
    void aNetworkWithoutLinearLayersHasNoParameters() {
        Architecture identity = Architecture.builder("x", 3).add("a", RELU).build();
        assertEquals(0, identity.parameterCount());
        assertEquals(identity.inputBlock(), identity.outputBlock());
        assertEquals(Role.INPUT, identity.outputBlock().role());
    }

    @Test
    void equalityGoesByEveryDetail() {
        Architecture siren = Siren.of(List.of(2, 3, 1), 30, 0.5);
        assertEquals(siren, Siren.of(List.of(2, 3, 1), 30, 0.5));
        assertEquals(siren.hashCode(), Siren.of(List.of(2, 3, 1), 30, 0.5).hashCode());
        assertNotEquals(siren, Siren.of(List.of(2, 3, 1), 29, 0.5));
        assertNotEquals(siren, Siren.of(List.of(2, 3, 1), 30, 0));
        assertNotEquals(siren, Siren.of(List.of(2, 4, 1), 30, 0.5));
    }

    @Test
    void refusesWidthsThatDoNotFit() {
        assertMessage(
                "node 'b' expects 5 inputs, but gets 4",
                () -> Architecture.builder("x", 3)
                        .add("a", new Layer.Linear(3, 4, true))
                        .add("b", new Layer.Linear(5, 1, true))
                        .build());
        assertMessage("linear: widths must be positive, got in=0 out=2", () -> new Layer.Linear(0, 2, true));
        assertMessage(
                "input size must be positive, got 0",
                () -> Architecture.builder("x", 0).add("a", RELU).build());
        assertMessage("an MLP needs at least input and output width, got [3]", () -> Mlp.of(List.of(3), gelu(), true));
        assertMessage("a SIREN needs at least input and output width, got []", () -> Siren.of(List.of(), 30, 0));
    }

    @Test
    void refusesNodesThatCannotBeWired() {
        assertMessage("an architecture needs at least one layer", () -> new Architecture("x", 2, List.of()));
        assertMessage(
                "two nodes are called 'a'",
                () -> Architecture.builder("x", 2).add("a", RELU).add("a", RELU).build());
        assertMessage(
                "two nodes are called 'input'",
                () -> Architecture.builder("x", 2).add("input", RELU).build());
        assertMessage("node 'a' reads 'b', which no earlier node is called", () -> single(List.of("b")));
        assertMessage("node 'a' takes one input, got []", () -> single(List.of()));
    }

    @Test
    void refusesNamesThatOtherFormatsCouldNotHold() {
        for (String name : List.of("", "a b", "a\n", "Gewicht-\u00fc", "x".repeat(201))) {
            assertMessage(
                    "a node's name is 1 to 200 printable ASCII characters without blanks, got '" + name + "'",
                    () -> new Architecture.Node(name, RELU, List.of("input")));
        }
        assertMessage(
                "a family is 1 to 200 printable ASCII characters, got ' '",
                () -> Architecture.builder(" ", 2).add("a", RELU).build());
    }

    @Test
    void refusesLayersThatComputeNothing() {
        assertMessage("sine: w0 must be finite and not 0, got 0.0", () -> new Layer.Sine(0));
        assertMessage("offset: value must be finite, got NaN", () -> new Layer.Offset(Double.NaN));
        assertMessage("leaky_relu: slope must be finite, got Infinity", () -> new Layer.LeakyRelu(1.0 / 0));
    }

    @Test
    void refusesAbsurdSizes() {
        int max = Integer.MAX_VALUE;
        assertMessage(
                "an architecture has at most 281474976710656 parameters, 'seq.0.weight' [2147483647, 2147483647]"
                        + " goes beyond",
                () -> Mlp.of(List.of(max, max, max, max), gelu(), true));
        Architecture.Node node = new Architecture.Node("a", RELU, List.of("input"));
        assertMessage(
                "an architecture has at most 100000 nodes, got 100001",
                () -> new Architecture("x", 2, Collections.nCopies(100_001, node)));
        assertEquals(1L << 48, Mlp.of(List.of(1 << 24, 1 << 24), gelu(), false).parameterCount());
    }

    @Test
    void tensorsNeedALabelForEachAxis() {
        assertMessage(
                "w: 2 axes but 1 axis labels",
                () -> new ParameterTensor("w", List.of(2, 3), 0, List.of(Axis.free(2)), true));
        assertMessage(
                "w: axis 1 has 3 indices but labels for 4",
                () -> new ParameterTensor("w", List.of(2, 3), 0, List.of(Axis.free(2), Axis.free(4)), true));
        ParameterTensor tensor = new ParameterTensor("w", List.of(2, 3), 5, List.of(Axis.free(2), Axis.free(3)), true);
        assertEquals(6, tensor.size());
        assertEquals(11, tensor.end());
    }

    @Test
    void onlyHiddenBlocksMayBePermuted() {
        List<NeuronBlock> blocks = Siren.of(List.of(2, 3, 1), 30, 0).blocks();
        assertTrue(blocks.get(1).permutable());
        assertFalse(blocks.get(0).permutable() || blocks.get(2).permutable());
    }

    private static Layer.Activation gelu() {
        return new Layer.Gelu();
    }

    private static Architecture single(List<String> inputs) {
        return new Architecture("x", 2, List.of(new Architecture.Node("a", RELU, inputs)));
    }

    private static void assertMessage(String expected, Runnable action) {
        assertEquals(
                expected,
                assertThrows(IllegalArgumentException.class, action::run).getMessage());
    }
}
