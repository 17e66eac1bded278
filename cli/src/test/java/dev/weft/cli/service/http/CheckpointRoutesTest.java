package dev.weft.cli.service.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.nowcast.SmallWnn;
import dev.weft.cli.service.SmallModels;
import dev.weft.cli.service.tensor.TensorForm;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said about uploads without any model, and what those see who watch over the service. */
class CheckpointRoutesTest {

    @TempDir
    private static Path folder;

    private static RunningService running;
    private static byte[] siren;

    @BeforeAll
    static void start() throws IOException {
        running = RunningService.of(Files.createDirectories(folder.resolve("models")));
        siren = SmallModels.checkpoint(folder, 1);
    }

    @AfterAll
    static void stop() throws IOException {
        running.close();
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    @Test
    void aSummaryHasTheNetworkAndStatistics() throws Exception {
        JsonNode summary = Client.json(running.client.post("/v1/checkpoints/summary?statistics=true", siren));
        assertEquals("upload", summary.get("file").asText());
        assertEquals("safetensors", summary.get("format").asText());
        assertEquals(17, summary.at("/network/parameters").asInt());
        assertTrue(summary.at("/network/symmetries").size() > 0);
        assertTrue(summary.at("/tensors/0/statistics/deviation").isNumber());
    }

    @Test
    void anUnknownNetworkIsSummedUpAllTheSame() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TensorForm.SAFETENSORS.prepare(SmallWnn.state(1)).content().writeTo(bytes);
        JsonNode summary = Client.json(running.client.post("/v1/checkpoints/summary?as=gpt2", bytes.toByteArray()));
        assertEquals(5, summary.get("tensors").size());
        assertFalse(summary.get("unrecognised").asText().contains("/weft-serve"), summary.toString());
    }

    @Test
    void theGraphIsAPictureOrJson() throws Exception {
        HttpResponse<byte[]> svg = running.client.post("/v1/checkpoints/graph", siren);
        assertEquals("image/svg+xml", svg.headers().firstValue("Content-Type").orElse(""));
        assertTrue(text(svg).startsWith("<svg") && text(svg).contains(">siren 2-4-1<"), text(svg));
        JsonNode graph = Client.json(running.client.post("/v1/checkpoints/graph", siren, "Accept", "application/json"));
        assertEquals("upload", graph.get("network").asText());
        assertEquals(2, graph.get("weights").size());
        assertEquals(
                406,
                running.client
                        .post("/v1/checkpoints/graph", siren, "Accept", "text/html")
                        .statusCode());
    }

    @Test
    void anImplicitNetworkDrawsItsPicture() throws Exception {
        HttpResponse<byte[]> png = running.client.post("/v1/checkpoints/picture?side=70", siren);
        assertEquals("image/png", png.headers().firstValue("Content-Type").orElse(""), text(png));
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(png.body()));
        assertEquals(70, image.getWidth());
        assertEquals(
                400,
                running.client.post("/v1/checkpoints/picture?side=513", siren).statusCode());
    }

    @Test
    void thoseWhoWatchAreAnswered() throws Exception {
        assertEquals(
                "live",
                Client.json(running.client.get("/health/live")).get("status").asText());
        assertEquals(
                "ready",
                Client.json(running.client.get("/health/ready")).get("status").asText());
        String metrics = text(running.client.get("/metrics"));
        assertTrue(metrics.contains("weft_models 0.0"), metrics);
        assertTrue(
                metrics.contains(
                        "http_server_requests_seconds_count{method=\"GET\",route=\"/health/live\",status=\"200\"}"),
                metrics);
        assertTrue(text(running.client.get("/openapi.yaml")).startsWith("openapi: 3.1.0"));
    }

    @Test
    void requestsKeepTheirIds() throws Exception {
        assertEquals(
                "abc-1",
                running.client
                        .get("/health/live", "X-Request-Id", "abc-1")
                        .headers()
                        .firstValue("X-Request-Id")
                        .orElse(""));
        HttpResponse<byte[]> odd = running.client.get("/nowhere", "X-Request-Id", "a b");
        assertEquals(36, odd.headers().firstValue("X-Request-Id").orElse("").length());
        assertEquals(
                "urn:weft:problem:unknown-path", Client.json(odd).get("type").asText());
        assertEquals(
                odd.headers().firstValue("X-Request-Id").orElse(""),
                Client.json(odd).get("request_id").asText());
        HttpResponse<byte[]> method = running.client.get("/v1/checkpoints/graph");
        assertEquals(
                "urn:weft:problem:method-not-allowed",
                Client.json(method).get("type").asText());
    }
}
