package dev.weft.metanets.nowcast.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.checkpoints.format.Safetensors;
import dev.weft.metanets.nowcast.NinoFixtures;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reference wiring is the reference's, edge by edge; what the reference would get wrong in silence is refused. */
class ReferenceWiringTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt2",
                "llama_gqa",
                "llama_mha_tied",
                "qwen3",
                "bert",
                "nanogpt",
                "vit_torchvision",
                "vit_clip",
                "gpt2_block1_only"
            })
    void familiesAreWiredAsInTheReference(String family) throws IOException {
        JsonNode network = NinoFixtures.json("graphs_families").get(family);
        WiredGraph graph = ReferenceWiring.of(
                NinoFixtures.layout(network.get("parameters")), NinoFixtures.heads(network, "num_heads"));
        try (Safetensors file = NinoFixtures.open("graphs_families")) {
            requireSame(graph, file, family + ".", network.get("num_nodes").asInt());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mlp", "mlp_micro", "conv_fm16", "conv_bn_micro", "gpt2_tiny", "gpt2_micro", "llama_gqa"})
    void networksAreWiredAsInTheReference(String name) throws IOException {
        JsonNode network = NinoFixtures.json("net_" + name);
        WiredGraph graph = ReferenceWiring.of(
                NinoFixtures.layout(network.get("parameters")), NinoFixtures.heads(network, "heads"));
        try (Safetensors file = NinoFixtures.open("net_" + name)) {
            requireSame(graph, file, "graph.", network.get("num_nodes").asInt());
        }
    }

    private static void requireSame(WiredGraph graph, Safetensors file, String prefix, int nodes) throws IOException {
        assertEquals(nodes, graph.nodes());
        assertEquals(
                EdgeListing.of(
                        file.longs(prefix + "edge_index"),
                        file.longs(prefix + "edge_type"),
                        file.longs(prefix + "edge_param_index")),
                EdgeListing.of(graph));
        long[] tokens = file.longs(prefix + "pos_w");
        for (int node = 0; node < tokens.length; node++) {
            assertEquals(node < graph.tokens() ? node + 1 : 0, tokens[node], "token of node " + node);
        }
    }

    @Test
    void layersOfABlockAreFoundByNumberNotByOrder() {
        Map<String, List<Integer>> shapes = new LinkedHashMap<>();
        for (int layer : new int[] {10, 2, 1}) {
            shapes.put("h." + layer + ".attn.c_attn.weight", List.of(2, 6));
        }
        assertEquals(List.of("h.1.", "h.2.", "h.10."), LayerPrefixes.of(new RowLayout(shapes), "attn.c_attn.weight"));
    }

    @Test
    void flattenedImagesAreRefused() {
        RowLayout layout = new RowLayout(
                ordered("conv.weight", List.of(4, 1, 3, 3), "conv.bias", List.of(4), "fc.weight", List.of(10, 196)));
        assertRefused(layout, "tensor 'fc.weight' [10, 196]: expected 4 inputs and 10 outputs, found 196 and 10");
    }

    @Test
    void oneDimensionalConvolutionsAreRefused() {
        assertRefused(new RowLayout(ordered("conv.weight", List.of(4, 1, 3))), "tensor 'conv.weight' [4, 1, 3]");
    }

    @Test
    void scalarsAreRefused() {
        assertRefused(
                new RowLayout(ordered("fc.weight", List.of(4, 2), "temperature", List.of())),
                "tensor 'temperature' []");
    }

    @Test
    void gpt2WithoutAttentionBiasesIsRefused() {
        assertRefused(
                new RowLayout(ordered("h.0.attn.c_attn.weight", List.of(2, 6))),
                "expected a tensor 'h.0.attn.c_attn.bias', found none");
    }

    @Test
    void tensorsWithoutAPlaceAreRefused() throws IOException {
        JsonNode network = NinoFixtures.json("graphs_families").get("llama_gqa");
        Map<String, List<Integer>> shapes = new LinkedHashMap<>();
        NinoFixtures.layout(network.get("parameters"))
                .tensors()
                .forEach(tensor -> shapes.put(tensor.name(), tensor.shape()));
        shapes.put("model.layers.0.mlp.up_proj.bias", List.of(24));
        assertRefused(new RowLayout(shapes), "tensor 'model.layers.0.mlp.up_proj.bias' [24] has no place");
    }

    private static void assertRefused(RowLayout layout, String message) {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> ReferenceWiring.of(layout, OptionalInt.empty()));
        assertTrue(String.valueOf(refusal.getMessage()).contains(message), refusal.getMessage());
    }

    private static Map<String, List<Integer>> ordered(Object... namesAndShapes) {
        Map<String, List<Integer>> shapes = new LinkedHashMap<>();
        for (int i = 0; i < namesAndShapes.length; i += 2) {
            @SuppressWarnings("unchecked")
            List<Integer> shape = (List<Integer>) namesAndShapes[i + 1];
            shapes.put((String) namesAndShapes[i], shape);
        }
        return shapes;
    }
}
