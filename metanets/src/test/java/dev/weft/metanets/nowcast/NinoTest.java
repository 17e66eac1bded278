package dev.weft.metanets.nowcast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import dev.weft.checkpoints.format.Safetensors;
import dev.weft.checkpoints.format.SafetensorsWriter;
import dev.weft.metanets.nowcast.wiring.CorrectedWiring;
import dev.weft.metanets.nowcast.wiring.ReferenceWiring;
import dev.weft.metanets.nowcast.wiring.RowLayout;
import dev.weft.metanets.nowcast.wiring.WiredGraph;
import dev.weft.network.FormatException;
import dev.weft.network.family.Families;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The folded form is the plain form's equal on any graph, and refuses what it cannot forecast by name. */
class NinoTest {

    /** conv 2 -> 3 (2 x 2), norm, linear 3 -> 4. */
    private static final RowLayout CONVOLUTIONS = layout(
            "conv.weight", List.of(3, 2, 2, 2),
            "norm.weight", List.of(3),
            "norm.bias", List.of(3),
            "fc.weight", List.of(4, 3),
            "fc.bias", List.of(4));

    /** Two words more than coordinates, two layers, grouped queries. */
    private static final RowLayout LLAMA = llama(6, 4, 2, 8);

    @TempDir
    private Path folder;

    private static RowLayout layout(Object... namesAndShapes) {
        Map<String, List<Integer>> shapes = new LinkedHashMap<>();
        for (int i = 0; i < namesAndShapes.length; i += 2) {
            @SuppressWarnings("unchecked")
            List<Integer> shape = (List<Integer>) namesAndShapes[i + 1];
            shapes.put((String) namesAndShapes[i], shape);
        }
        return new RowLayout(shapes);
    }

    private static RowLayout llama(int words, int width, int keyWidth, int hidden) {
        Map<String, List<Integer>> shapes = new LinkedHashMap<>();
        shapes.put("model.embed_tokens.weight", List.of(words, width));
        for (int i = 0; i < 2; i++) {
            String layer = "model.layers." + i + ".";
            shapes.put(layer + "self_attn.q_proj.weight", List.of(width, width));
            shapes.put(layer + "self_attn.k_proj.weight", List.of(keyWidth, width));
            shapes.put(layer + "self_attn.v_proj.weight", List.of(keyWidth, width));
            shapes.put(layer + "self_attn.o_proj.weight", List.of(width, width));
            shapes.put(layer + "mlp.gate_proj.weight", List.of(hidden, width));
            shapes.put(layer + "mlp.up_proj.weight", List.of(hidden, width));
            shapes.put(layer + "mlp.down_proj.weight", List.of(width, hidden));
            shapes.put(layer + "input_layernorm.weight", List.of(width));
            shapes.put(layer + "post_attention_layernorm.weight", List.of(width));
        }
        shapes.put("model.norm.weight", List.of(width));
        shapes.put("lm_head.weight", List.of(words, width));
        return new RowLayout(shapes);
    }

    private static float[] forecast(NowcastModel model, WiredGraph graph, ForecastSettings settings)
            throws IOException {
        Trajectory states = Trajectory.of(graph.layout(), RandomNino.rows(graph.layout()));
        try (NDManager manager = NDManager.newBaseManager()) {
            return model.forecast(manager, graph, states, settings).row();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 4096})
    void foldedIsPlainWhateverTheTile(int tile) throws IOException {
        for (RowLayout layout : List.of(CONVOLUTIONS, LLAMA)) {
            WiredGraph graph = ReferenceWiring.of(layout, OptionalInt.empty());
            float[] encoding = RandomNino.normal(new Random(4), graph.nodes() * Nino.ENCODING, 1);
            requireFoldedIsPlain(graph, ForecastSettings.horizon(2).withTileCells(tile));
            requireFoldedIsPlain(
                    graph,
                    ForecastSettings.horizon(3)
                            .withTileCells(tile)
                            .withUpdateScale(0.5f)
                            .withEncoding(encoding));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"resnet18", "gpt2", "llama-1b"})
    void foldedIsPlainInTheCorrectedWiring(String family) throws IOException {
        WiredGraph graph = CorrectedWiring.of(Families.named(family).small().get());
        requireFoldedIsPlain(graph, ForecastSettings.horizon(1));
    }

    private void requireFoldedIsPlain(WiredGraph graph, ForecastSettings settings) throws IOException {
        SafetensorsWriter weights = RandomNino.weights(Math.max(4, graph.features()));
        Path file = folder.resolve("nino.safetensors");
        weights.write(file);
        float[] found = forecast(NowcastModel.load(file), graph, settings);
        float[][] rows = RandomNino.rows(graph.layout());
        try (NDManager manager = NDManager.newBaseManager()) {
            float[] expected = PlainForecast.of(
                            PlainNino.load(manager, file),
                            manager,
                            graph,
                            Trajectory.of(graph.layout(), rows),
                            settings,
                            100)
                    .row();
            double error = NinoFixtures.relativeError(expected, found, rows[4]);
            assertTrue(error < 1e-5, "error " + error);
        }
    }

    @Test
    void anInterruptedForecastEnds() throws IOException {
        NowcastModel model = NowcastModel.of(RandomNino.weights(1));
        WiredGraph graph = ReferenceWiring.of(LLAMA, OptionalInt.empty());
        Thread.currentThread().interrupt();
        try {
            assertThrows(CancellationException.class, () -> forecast(model, graph, ForecastSettings.horizon(1)));
        } finally {
            assertTrue(Thread.interrupted(), "the thread is still told so");
        }
    }

    @Test
    void headsDoNotMatterWithoutAnEncoding() throws IOException {
        NowcastModel model = NowcastModel.of(RandomNino.weights(1));
        ForecastSettings settings = ForecastSettings.horizon(1);
        float[] one = forecast(model, ReferenceWiring.of(LLAMA, OptionalInt.empty()), settings);
        float[] four = forecast(model, ReferenceWiring.of(LLAMA, OptionalInt.of(4)), settings);
        assertTrue(NinoFixtures.relativeError(one, four, RandomNino.rows(LLAMA)[4]) < 1e-6);
    }

    @Test
    void aTableOfTokensAddsToTheEncoding() throws IOException {
        WiredGraph graph = ReferenceWiring.of(LLAMA, OptionalInt.empty());
        SafetensorsWriter weights = RandomNino.weights(1);
        float[] map = weights.floats("node_proj.fc.0.weight"); // [d, 8]
        int rows = graph.tokens() + 1;
        float[] table = new float[rows * RandomNino.WIDTH];
        float[] encoding = new float[graph.nodes() * Nino.ENCODING];
        Random random = new Random(5);
        for (int row = 0; row < rows; row++) {
            float[] code = RandomNino.normal(random, Nino.ENCODING, 1);
            for (int i = 0; i < RandomNino.WIDTH * Nino.ENCODING; i++) {
                table[row * RandomNino.WIDTH + i / Nino.ENCODING] += map[i] * code[i % Nino.ENCODING];
            }
            for (int node = 0; node < graph.nodes(); node++) {
                if ((node < graph.tokens() ? node + 1 : 0) == row) {
                    System.arraycopy(code, 0, encoding, node * Nino.ENCODING, Nino.ENCODING);
                }
            }
        }
        ForecastSettings settings = ForecastSettings.horizon(1);
        float[] expected = forecast(NowcastModel.of(weights), graph, settings.withEncoding(encoding));
        weights.add("wte_pos_enc_layer.weight", new long[] {rows, RandomNino.WIDTH}, table);
        float[] found = forecast(NowcastModel.of(weights), graph, settings);
        assertTrue(NinoFixtures.relativeError(expected, found, RandomNino.rows(LLAMA)[4]) < 1e-5);
    }

    @Test
    void kernelsLargerThanTheWeightsAllowAreRefused() throws IOException {
        NowcastModel model = NowcastModel.of(RandomNino.weights(1));
        WiredGraph graph = ReferenceWiring.of(CONVOLUTIONS, OptionalInt.empty());
        assertEquals(
                "tensor 'conv.weight': its kernel has 4 values, the weights allow 1",
                assertThrows(IllegalArgumentException.class, () -> forecast(model, graph, ForecastSettings.horizon(1)))
                        .getMessage());
    }

    @Test
    void horizonsBeyondTheWeightsAreRefused() throws IOException {
        NowcastModel model = NowcastModel.of(RandomNino.weights(1));
        WiredGraph graph = ReferenceWiring.of(LLAMA, OptionalInt.empty());
        assertEquals(
                "horizon: expected 1 to 3, found 4",
                assertThrows(IllegalArgumentException.class, () -> forecast(model, graph, ForecastSettings.horizon(4)))
                        .getMessage());
    }

    @Test
    void thePlainFormRefusesTheSameHorizons() throws IOException {
        Path file = folder.resolve("nino.safetensors");
        RandomNino.weights(1).write(file);
        WiredGraph graph = ReferenceWiring.of(LLAMA, OptionalInt.empty());
        Trajectory states = Trajectory.of(LLAMA, RandomNino.rows(LLAMA));
        try (NDManager manager = NDManager.newBaseManager()) {
            PlainNino net = PlainNino.load(manager, file);
            assertEquals(
                    "horizon: expected 1 to 3, found 4",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> PlainForecast.of(net, manager, graph, states, ForecastSettings.horizon(4)))
                            .getMessage());
        }
    }

    @Test
    void aConstantTensorStays() throws IOException {
        float[][] rows = RandomNino.rows(CONVOLUTIONS);
        for (float[] row : rows) {
            Arrays.fill(row, 24, 27, 1); // norm.weight
        }
        try (NDManager manager = NDManager.newBaseManager()) {
            float[] found = NowcastModel.of(RandomNino.weights(4))
                    .forecast(
                            manager,
                            ReferenceWiring.of(CONVOLUTIONS, OptionalInt.empty()),
                            Trajectory.of(CONVOLUTIONS, rows),
                            ForecastSettings.horizon(1))
                    .row();
            assertArrayEquals(new float[] {1, 1, 1}, Arrays.copyOfRange(found, 24, 27));
        }
    }

    @Test
    void valuesThatAreNotFiniteAreRefusedByTensor() {
        float[][] rows = RandomNino.rows(CONVOLUTIONS);
        rows[2][25] = Float.NaN;
        assertEquals(
                "state 3: tensor 'norm.weight': expected finite values, found NaN at 1",
                assertThrows(FormatException.class, () -> StateScaling.of(Trajectory.of(CONVOLUTIONS, rows)))
                        .getMessage());
    }

    @Test
    void fourStatesAreRefused() {
        float[][] rows = Arrays.copyOf(RandomNino.rows(CONVOLUTIONS), 4);
        assertEquals(
                "expected 5 states, oldest first, found 4",
                assertThrows(IllegalArgumentException.class, () -> Trajectory.of(CONVOLUTIONS, rows))
                        .getMessage());
    }

    @Test
    void weightsOfAnotherKindAreRefusedByTensor() {
        SafetensorsWriter extra =
                RandomNino.weights(1).add("gnn.edge_update.2.lin_e.weight", new long[] {1}, new float[1]);
        assertEquals(
                "memory: tensors [gnn.edge_update.2.lin_e.weight] belong to no forecasting network that Weft knows",
                assertThrows(FormatException.class, () -> NowcastModel.of(extra))
                        .getMessage());
        SafetensorsWriter empty = new SafetensorsWriter();
        assertEquals(
                "memory: expected a tensor 'edge_proj.fc.0.weight', which the file does not have",
                assertThrows(FormatException.class, () -> NowcastModel.of(empty))
                        .getMessage());
    }

    @Test
    void argumentsThatNoTensorShowsAreChecked() {
        SafetensorsWriter towers = RandomNino.weights(1).metadata("model_args.towers", "4");
        assertEquals(
                "memory: argument towers: expected 1, found 4",
                assertThrows(FormatException.class, () -> NowcastModel.of(towers))
                        .getMessage());
    }

    @Test
    void pytorchFilesHaveTheSameWeights() throws IOException {
        for (String name : List.of("nino_no_posw", "nino_mlp_h32")) {
            WiredGraph graph = ReferenceWiring.of(LLAMA, OptionalInt.empty());
            ForecastSettings settings = ForecastSettings.horizon(40);
            assertArrayEquals(
                    forecast(NowcastModel.load(NinoFixtures.file(name + ".safetensors")), graph, settings),
                    forecast(NowcastModel.load(NinoFixtures.file(name + ".pt")), graph, settings));
        }
    }

    @Test
    void statesComeFromFilesOfAnyOrder() throws IOException {
        float[][] rows = RandomNino.rows(CONVOLUTIONS);
        List<SafetensorsWriter> files = new ArrayList<>();
        for (float[] row : rows) {
            SafetensorsWriter writer = new SafetensorsWriter();
            CONVOLUTIONS
                    .tensors()
                    .forEach(tensor -> writer.add(
                            tensor.name(),
                            tensor.shape().stream()
                                    .mapToLong(Integer::longValue)
                                    .toArray(),
                            Arrays.copyOfRange(row, (int) tensor.offset(), (int) tensor.end())));
            files.add(writer);
        }
        files.get(1).write(folder.resolve("s.safetensors"));
        try (Safetensors mapped = Safetensors.open(folder.resolve("s.safetensors"))) {
            Trajectory states = Trajectory.of(
                    CONVOLUTIONS, List.of(files.get(0), mapped, files.get(2), files.get(3), files.get(4)));
            CONVOLUTIONS.tensors().forEach(tensor -> {
                for (int t = 0; t < Trajectory.STATES; t++) {
                    assertEquals(
                            rows[t][(int) tensor.offset()],
                            states.values(t, tensor).get(0));
                }
            });
        }
        SafetensorsWriter other = new SafetensorsWriter().add("conv.weight", List.of(1L), new float[1]);
        assertEquals(
                "memory: tensor 'conv.weight': expected shape [3, 2, 2, 2] as in the other states, found [1]",
                assertThrows(
                                FormatException.class,
                                () -> Trajectory.of(
                                        CONVOLUTIONS,
                                        List.of(files.get(0), files.get(1), files.get(2), files.get(3), other)))
                        .getMessage());
    }
}
