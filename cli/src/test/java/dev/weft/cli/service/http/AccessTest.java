package dev.weft.cli.service.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.cli.Execution;
import dev.weft.cli.service.ServiceLimits;
import dev.weft.cli.service.access.ApiKeys;
import dev.weft.cli.service.access.KeyWatch;
import dev.weft.network.FormatException;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without a key nothing but health answers. */
class AccessTest {

    @TempDir
    private static Path folder;

    private static String key;
    private static String slow;
    private static RunningService running;

    @BeforeAll
    static void start() throws IOException {
        Path file = folder.resolve("keys.txt");
        key = make("alice", file, "0");
        slow = make("bob", file, "2");
        running = RunningService.of(
                Files.createDirectories(folder.resolve("models")), ServiceLimits.defaults(), ApiKeys.read(file));
    }

    private static String make(String name, Path file, String rate) {
        Execution made = Execution.of("serve-key", name, "--keys", file.toString(), "--rate", rate);
        assertEquals(0, made.exitCode(), made.err());
        return made.out().strip();
    }

    @AfterAll
    static void stop() throws IOException {
        running.close();
    }

    @Test
    void noRouteButHealthAnswersStrangers() throws Exception {
        for (Route route : HttpFront.routes()) {
            String path = route.path().replace("{name}", "x");
            for (String header : List.of("", "Bearer ", "Bearer " + key + "x", "Basic " + key, "Digest " + key)) {
                HttpResponse<byte[]> response = running.client.send(running.client
                        .request(path)
                        .method(route.method().name(), BodyPublishers.noBody())
                        .header("Authorization", header));
                boolean open = path.startsWith("/health/");
                assertEquals(open ? 200 : 401, response.statusCode(), path + " " + header);
                if (!open) {
                    assertEquals(
                            "urn:weft:problem:unauthenticated",
                            Client.json(response).get("type").asText());
                    assertTrue(response.headers().firstValue("WWW-Authenticate").isPresent());
                }
            }
        }
        assertEquals(401, running.client.get("/nowhere").statusCode());
        assertEquals(401, running.client.get("/health").statusCode());
        assertEquals(401, running.client.get("/health/live/").statusCode());
    }

    @Test
    void aKeyOpensEverything() throws Exception {
        for (Route route : HttpFront.routes()) {
            int status = running.client
                    .send(running.client
                            .request(route.path().replace("{name}", "x"))
                            .method(route.method().name(), BodyPublishers.noBody())
                            .header("Authorization", "Bearer " + key))
                    .statusCode();
            boolean sound = route.method() == HandlerType.GET && !route.path().contains("{name}");
            assertTrue(sound ? status == 200 : List.of(400, 404, 422).contains(status), route.path() + " " + status);
        }
        String pair = Base64.getEncoder().encodeToString(("anybody:" + key).getBytes(StandardCharsets.UTF_8));
        assertEquals(
                200,
                running.client.get("/metrics", "Authorization", "Basic " + pair).statusCode());
    }

    @Test
    void aKeyHasItsRate() throws Exception {
        int refused = 0;
        for (int i = 0; i < 12; i++) {
            HttpResponse<byte[]> response = running.client.get("/v1/models", "Authorization", "Bearer " + slow);
            if (response.statusCode() == 429) {
                refused++;
                assertEquals(
                        "urn:weft:problem:rate-exceeded",
                        Client.json(response).get("type").asText());
                assertEquals("1", response.headers().firstValue("Retry-After").orElse(""));
            }
        }
        assertTrue(refused > 0);
        assertEquals(
                200,
                running.client
                        .get("/v1/models", "Authorization", "Bearer " + key)
                        .statusCode());
    }

    /** Keys are given and withdrawn while others ask without a pause, and one is in the midst of asking. */
    @Test
    void keysChangeWithoutARequestBeingLost() throws Exception {
        Path file = Files.copy(folder.resolve("keys.txt"), folder.resolve("changing.txt"));
        String both = Files.readString(file);
        ApiKeys keys = ApiKeys.read(file);
        AtomicBoolean over = new AtomicBoolean();
        try (RunningService changing = RunningService.of(folder.resolve("models"), ServiceLimits.defaults(), keys);
                KeyWatch watch = KeyWatch.begin(keys, file, Duration.ofMillis(5));
                RawClient slowly = new RawClient(changing.front.port())) {
            CompletableFuture<Integer> others = CompletableFuture.supplyAsync(() -> askUntil(over, changing));
            String carol = make("carol", file, "0");
            awaitStatus(200, changing, carol);
            slowly.say("POST /v1/checkpoints/summary HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 8\r\n"
                    + "Authorization: Bearer " + carol + "\r\n\r\n1234");
            while (changing.service.admission().inside() == 0) {
                Thread.sleep(2);
            }
            Files.writeString(file, both);
            awaitStatus(401, changing, carol);
            assertTrue(slowly.say("5678").answer().startsWith("HTTP/1.1 422"), "it was let in");
            Files.writeString(file, "nonsense");
            for (int i = 0; i < 50; i++) {
                assertEquals(200, status(changing, key));
            }
            over.set(true);
            assertTrue(others.get(20, TimeUnit.SECONDS) > 0);
        }
    }

    private static int askUntil(AtomicBoolean over, RunningService service) {
        int asked = 0;
        while (!over.get()) {
            assertEquals(200, status(service, key));
            asked++;
        }
        return asked;
    }

    private static int status(RunningService service, String key) {
        try {
            return service.client
                    .get("/v1/models", "Authorization", "Bearer " + key)
                    .statusCode();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitStatus(int expected, RunningService service, String key) {
        long end = System.nanoTime() + 20_000_000_000L;
        while (status(service, key) != expected && System.nanoTime() < end) {
            Thread.onSpinWait(); // each look is a request
        }
        assertEquals(expected, status(service, key));
    }

    @Test
    void keysAreKeptAsDigestsOnly() throws Exception {
        String text = Files.readString(folder.resolve("keys.txt"));
        assertFalse(text.contains(key));
        assertTrue(text.matches("alice [0-9a-f]{64} 0\nbob [0-9a-f]{64} 2\n"), text);
        Path bad = Files.writeString(folder.resolve("bad.txt"), "# mine\nalice secret 1\n");
        FormatException refused = assertThrows(FormatException.class, () -> ApiKeys.read(bad));
        assertTrue(String.valueOf(refused.getMessage()).contains("line 2: expected NAME SHA-256 RATE"));
        assertThrows(FormatException.class, () -> ApiKeys.read(Files.writeString(bad, "# none\n")));
        assertEquals(
                2, Execution.of("serve-key", "a b", "--keys", bad.toString()).exitCode());
    }

    @Test
    void otherMachinesAreServedOnlyWithKeys() {
        Execution refused = Execution.of("serve", "--models", folder.toString(), "--host", "0.0.0.0", "--http", "0");
        assertEquals(2, refused.exitCode());
        assertTrue(refused.err().contains("give --keys FILE, or --anybody"), refused.err());
    }
}
