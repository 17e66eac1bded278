package dev.weft.cli.service.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.checkpoints.format.Safetensors;
import dev.weft.cli.model.ClassAnswer;
import dev.weft.cli.service.SmallModels;
import dev.weft.graph.ComputationGraph;
import dev.weft.hypernets.ghn.GhnWeights;
import dev.weft.metanets.task.Evaluator;
import dev.weft.metanets.task.InrClassification;
import dev.weft.metanets.task.RowSource;
import dev.weft.metanets.task.RunDirectory;
import dev.weft.network.Architecture;
import dev.weft.network.family.Families;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the models do, asked over a socket and compared with the library's own answer. */
class ModelRoutesTest {

    @TempDir
    private static Path folder;

    private static RunningService running;

    @BeforeAll
    static void start() throws IOException {
        running = RunningService.of(SmallModels.write(folder.resolve("models")));
    }

    @AfterAll
    static void stop() throws IOException {
        running.close();
    }

    private static float[] expected(long seed) throws IOException {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            RunDirectory run = RunDirectory.open(folder.resolve("models/metanet"));
            Evaluator evaluator = new Evaluator(run.load(manager), manager, 1);
            return evaluator.outputs(RowSource.of(List.of(SmallModels.row(seed))), new int[] {0})[0];
        }
    }

    @Test
    void modelsAreListedWithTheirCards() throws Exception {
        JsonNode models = Client.json(running.client.get("/v1/models")).get("models");
        assertEquals(List.of("ghn", "metanet", "wnn"), models.findValuesAsText("name"));
        assertEquals(List.of("hypernet", "metanet", "nowcaster"), models.findValuesAsText("kind"));
        JsonNode metanet = Client.json(running.client.get("/v1/models/metanet"));
        assertEquals(models.get(1), metanet);
        assertEquals("# a small one\n", metanet.get("card").asText());
        assertEquals("[\"classify\"]", metanet.get("operations").toString());
        assertEquals(12, metanet.get("version").asText().length());
    }

    @Test
    void aNetworkIsClassified() throws Exception {
        HttpResponse<byte[]> response =
                running.client.post("/v1/models/metanet/classify", SmallModels.checkpoint(folder, 3));
        JsonNode answer = Client.json(response);
        assertEquals(200, response.statusCode(), answer.toString());
        ClassAnswer expected = ClassAnswer.of(expected(3), List.of("low", "middle", "high"));
        assertEquals(expected.answer(), answer.get("answer").asText());
        assertEquals(expected.probability(), answer.get("probability").asDouble(), 1e-6);
        assertEquals(3, answer.get("probabilities").size());
    }

    @Test
    void manyAtOnceShareTheirPassesAndGetTheirOwnAnswers() throws Exception {
        List<CompletableFuture<JsonNode>> answers = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            byte[] body = SmallModels.checkpoint(folder, 100 + i);
            answers.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return Client.json(running.client.post("/v1/models/metanet/classify", body));
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        for (int i = 0; i < answers.size(); i++) {
            double[] expected = InrClassification.probabilities(expected(100 + i));
            JsonNode found = answers.get(i).join().get("probabilities");
            assertEquals(expected[0], found.get("low").asDouble(), 1e-6);
            assertEquals(expected[2], found.get("high").asDouble(), 1e-6);
        }
    }

    @Test
    void parametersArePredictedAsSafetensors() throws Exception {
        Architecture network = Families.named("small-cnn-zoo").published().get();
        byte[] body = ("{\"architecture\": " + network.toJson() + "}").getBytes(StandardCharsets.UTF_8);
        HttpResponse<byte[]> response = running.client.post("/v1/models/ghn/parameters", body);
        assertEquals(200, response.statusCode(), () -> new String(response.body(), StandardCharsets.UTF_8));
        assertEquals(
                "application/x-safetensors",
                response.headers().firstValue("Content-Type").orElseThrow());
        Path file = Files.write(folder.resolve("predicted.safetensors"), response.body());
        try (Safetensors tensors = Safetensors.open(file)) {
            assertEquals(network.parameters().size(), tensors.tensors().size());
            assertEquals(network.toJson(), tensors.metadata().get("architecture"));
            assertTrue(tensors.metadata().get("predicted_by").startsWith("ghn "));
        }
    }

    @Test
    void anArchitectureIsEmbedded() throws Exception {
        byte[] body = "{\"family\": \"small-cnn-zoo\"}".getBytes(StandardCharsets.UTF_8);
        HttpResponse<byte[]> response = running.client.post("/v1/models/ghn/embedding", body);
        JsonNode embedding = Client.json(response).get("embedding");
        double[] expected = expectedEmbedding("small-cnn-zoo");
        assertEquals(expected.length, embedding.size());
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], embedding.get(i).asDouble(), 1e-9);
        }
        byte[] more = "{\"family\": \"small-cnn-zoo\", \"seed\": 1}".getBytes(StandardCharsets.UTF_8);
        assertEquals(400, running.client.post("/v1/models/ghn/embedding", more).statusCode());
    }

    private static double[] expectedEmbedding(String family) throws IOException {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            return GhnWeights.load(folder.resolve("models/ghn"), manager)
                    .embedding(
                            manager,
                            ComputationGraph.of(
                                    Families.named(family).published().get()));
        }
    }

    @Test
    void theSameAsArrow() throws Exception {
        byte[] body = "{\"family\": \"small-cnn-zoo\"}".getBytes(StandardCharsets.UTF_8);
        HttpResponse<byte[]> tensors = running.client.post("/v1/models/ghn/parameters", body);
        HttpResponse<byte[]> stream =
                running.client.post("/v1/models/ghn/parameters", body, "Accept", "application/vnd.apache.arrow.stream");
        assertEquals(200, stream.statusCode());
        Path file = Files.write(folder.resolve("both.safetensors"), tensors.body());
        try (Safetensors expected = Safetensors.open(file);
                RootAllocator allocator = new RootAllocator();
                ArrowStreamReader reader = new ArrowStreamReader(new ByteArrayInputStream(stream.body()), allocator)) {
            int count = 0;
            while (reader.loadNextBatch()) {
                var root = reader.getVectorSchemaRoot();
                assertEquals(1, root.getRowCount());
                String name = root.getVector("name").getObject(0).toString();
                assertEquals(expected.tensor(name).shape(), ((ListVector) root.getVector("shape")).getObject(0));
                List<?> values = ((ListVector) root.getVector("values")).getObject(0);
                float[] floats = expected.floats(name);
                assertEquals(floats.length, values.size());
                for (int i = 0; i < floats.length; i++) {
                    assertEquals(floats[i], (Float) values.get(i));
                }
                count++;
            }
            assertEquals(expected.tensors().size(), count);
        }
    }
}
