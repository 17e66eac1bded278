package dev.weft.cli.service.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.weft.checkpoints.format.NamedTensor;
import dev.weft.checkpoints.format.Safetensors;
import dev.weft.checkpoints.format.SafetensorsWriter;
import dev.weft.checkpoints.format.TensorFormat;
import dev.weft.checkpoints.format.TensorSource;
import dev.weft.cli.nowcast.SmallWnn;
import dev.weft.cli.service.SmallModels;
import dev.weft.cli.service.problem.Deadline;
import dev.weft.cli.service.tensor.TensorForm;
import dev.weft.metanets.nowcast.FileForecaster;
import dev.weft.metanets.nowcast.ForecastSettings;
import dev.weft.metanets.nowcast.NowcastModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Forecasts over HTTP are those of the library, whatever form the states have. */
class NowcastRouteTest {

    private static final String PATH = "/v1/models/wnn/nowcast?horizon=3";

    @TempDir
    private static Path folder;

    private static RunningService running;
    private static Safetensors expected;

    @BeforeAll
    static void start() throws IOException {
        running = RunningService.of(SmallModels.write(folder.resolve("models")));
        List<Path> files = new ArrayList<>();
        for (int step = 1; step <= 5; step++) {
            files.add(folder.resolve("s" + step + ".safetensors"));
            SmallWnn.state(step).write(files.get(step - 1));
        }
        NowcastModel model = NowcastModel.load(folder.resolve("models/wnn.safetensors"));
        Path out = folder.resolve("expected.safetensors");
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            new FileForecaster(model, OptionalInt.empty(), "")
                    .forecast(manager, files, ForecastSettings.horizon(3), out);
        }
        expected = Safetensors.open(out);
    }

    @AfterAll
    static void stop() throws IOException {
        running.close();
        expected.close();
    }

    /** All states in one source, stacked on a first axis; the counter of steps only if asked for. */
    private static SafetensorsWriter stack(boolean counter) throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter();
        for (NamedTensor tensor : SmallWnn.state(1).tensors().values()) {
            List<Long> shape = new ArrayList<>(List.of(5L));
            shape.addAll(tensor.shape());
            if (tensor.dtype().isFloating()) {
                int n = (int) tensor.elements();
                float[] all = new float[5 * n];
                for (int i = 0; i < 5; i++) {
                    System.arraycopy(SmallWnn.state(i + 1).floats(tensor.name()), 0, all, i * n, n);
                }
                writer.add(tensor.name(), shape, all);
            } else if (counter) {
                writer.add(tensor.name(), new long[] {5, 1}, new long[] {1, 2, 3, 4, 5});
            }
        }
        return writer;
    }

    private static byte[] bytes(TensorSource source, TensorForm form) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        form.prepare(source).content().writeTo(out);
        return out.toByteArray();
    }

    private static void assertForecast(HttpResponse<byte[]> response, boolean counter) throws Exception {
        assertEquals(200, response.statusCode(), () -> new String(response.body(), StandardCharsets.UTF_8));
        Path file = Files.write(folder.resolve("answer.safetensors"), response.body());
        try (Safetensors found = Safetensors.open(file)) {
            assertEquals(counter, found.tensors().containsKey("step"));
            for (NamedTensor tensor : expected.tensors().values()) {
                if (tensor.dtype().isFloating()) {
                    assertArrayEquals(expected.floats(tensor.name()), found.floats(tensor.name()), tensor.name());
                } else if (counter) {
                    assertArrayEquals(new long[] {5}, found.longs(tensor.name()));
                }
            }
            assertEquals("3", found.metadata().get("nowcast.horizon"));
            assertTrue(found.metadata().get("predicted_by").startsWith("wnn "));
            assertFalse(
                    found.metadata().toString().contains("/"), found.metadata().toString());
        }
        assertNothingLeft();
    }

    private static void assertNothingLeft() throws InterruptedException {
        assertTrue(running.service.admission().awaitEmpty(Deadline.after(Duration.ofSeconds(10))));
        assertEquals(0, running.service.spool().used());
    }

    @Test
    void stackedSafetensors() throws Exception {
        assertForecast(running.client.post(PATH, bytes(stack(true), TensorForm.SAFETENSORS)), true);
    }

    @Test
    void stackedPyTorch() throws Exception {
        Path file = folder.resolve("stack.pt");
        TensorFormat.named("pytorch").orElseThrow().write(stack(true), file);
        assertForecast(running.client.post(PATH, Files.readAllBytes(file)), true);
    }

    @Test
    void stackedArrow() throws Exception {
        byte[] body = bytes(stack(false), TensorForm.ARROW);
        assertForecast(running.client.post(PATH, body, "Content-Type", TensorForm.ARROW.mediaType()), false);
    }

    @Test
    void aFormOfFiveFiles() throws Exception {
        assertForecast(
                running.client.post(PATH, form(5, "state"), "Content-Type", "multipart/form-data; boundary=xYz"), true);
    }

    private static byte[] form(int states, String name) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int step = 1; step <= states; step++) {
            out.write(("--xYz\r\nContent-Disposition: form-data; name=\"" + name
                            + "\"; filename=\"../../etc/passwd\"\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            out.write(bytes(SmallWnn.state(step), TensorForm.SAFETENSORS));
            out.write("\r\n".getBytes(StandardCharsets.UTF_8));
        }
        out.write("--xYz--\r\n".getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }

    @Test
    void whatDoesNotFitIsRefusedByName() throws Exception {
        String type = "multipart/form-data; boundary=xYz";
        assertProblem(400, "found 4", running.client.post(PATH, form(4, "state"), "Content-Type", type));
        assertProblem(400, "found 'other'", running.client.post(PATH, form(5, "other"), "Content-Type", type));
        assertProblem(
                400, "boundary", running.client.post(PATH, form(5, "state"), "Content-Type", "multipart/form-data"));
        byte[] one = bytes(SmallWnn.state(1), TensorForm.SAFETENSORS);
        assertProblem(
                422, "upload: tensor 'fc1.bias': expected 5 states on the first axis", running.client.post(PATH, one));
        byte[] stack = bytes(stack(true), TensorForm.SAFETENSORS);
        assertProblem(400, "horizon: expected 1 to 40", running.client.post(PATH.replace("3", "41"), stack));
        assertProblem(400, "horizon: expected a whole number", running.client.post(PATH.replace("3", "x"), stack));
        assertProblem(
                409,
                "'ghn', a hypernet, offers parameters, embedding, not nowcast",
                running.client.post("/v1/models/ghn/nowcast", stack));
        assertNothingLeft();
    }

    private static void assertProblem(int status, String detail, HttpResponse<byte[]> response) throws IOException {
        String body = new String(response.body(), StandardCharsets.UTF_8);
        assertEquals(status, response.statusCode(), body);
        assertEquals(
                "application/problem+json",
                response.headers().firstValue("Content-Type").orElse(""));
        assertTrue(Client.json(response).get("detail").asText().contains(detail), body);
    }
}
