package dev.weft.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.serve.Classifier.Begun;
import dev.weft.cli.serve.Classifier.Outcome;
import dev.weft.cli.service.SmallModels;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The service as a process of its own, asked over HTTP and Flight at once. */
@DisabledOnOs(OS.WINDOWS)
class ServeCommandTest {

    private static final int UNDER_WAY = 3; // requests of each protocol that wait for their clients
    private static final int BUSY = 3; // clients of each that ask again and again
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Set<String> answered = ConcurrentHashMap.newKeySet();
    private Path models;
    private byte[] body;

    @BeforeEach
    void writeModels() throws IOException {
        models = SmallModels.write(folder.resolve("models"));
        body = SmallModels.checkpoint(folder, 1);
    }

    @Test
    void sigtermUnderLoadLosesNothingThatWasAdmittedAndTheServiceComesBackAtOnce() throws Exception {
        int httpPort;
        int flightPort;
        try (ServeProcess service = ServeProcess.start(models, folder.resolve("log"), 0, 0);
                Classifier overHttp = new HttpClassifier(service.http(), body);
                Classifier overFlight = new FlightClassifier(service.flight())) {
            assertEquals(3, service.models());
            httpPort = service.http();
            flightPort = service.flight();
            List<Classifier> classifiers = List.of(overHttp, overFlight);
            List<Begun> underWay = begin(classifiers);
            await(() -> inside(httpPort) == 2 * UNDER_WAY);
            List<CompletableFuture<Void>> busy = ask(classifiers);
            await(() -> answered.stream().filter(id -> id.startsWith("http")).count() > 2 * BUSY
                    && answered.stream().filter(id -> id.startsWith("flight")).count() > 2 * BUSY);
            service.terminate();
            await(() -> get(httpPort, "/health/ready").statusCode() == 503);
            for (Classifier each : classifiers) {
                assertEquals(Outcome.STOPPING, each.begin("late").finish(), each.protocol());
            }
            for (Begun each : underWay) {
                assertEquals(Outcome.ANSWERED, each.finish());
            }
            service.assertEndsWell();
            for (CompletableFuture<Void> each : busy) {
                each.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
            assertNothingIsLost(service.requests());
        }
        assertAnswersAtOnce(httpPort, flightPort);
    }

    private static List<Begun> begin(List<Classifier> classifiers) {
        List<Begun> begun = new ArrayList<>();
        for (Classifier each : classifiers) {
            for (int i = 0; i < UNDER_WAY; i++) {
                begun.add(each.begin("waiting-" + i));
            }
        }
        return begun;
    }

    private List<CompletableFuture<Void>> ask(List<Classifier> classifiers) {
        List<CompletableFuture<Void>> busy = new ArrayList<>();
        for (Classifier each : classifiers) {
            for (int i = 0; i < BUSY; i++) {
                String name = each.protocol() + "-" + i;
                busy.add(CompletableFuture.runAsync(() -> askUntilGone(each, name), task -> new Thread(task).start()));
            }
        }
        return busy;
    }

    private void askUntilGone(Classifier classifier, String name) {
        Outcome outcome = Outcome.ANSWERED;
        for (int i = 0; outcome != Outcome.GONE; i++) {
            String id = name + "-" + i;
            outcome = classifier.begin(id).finish();
            if (outcome == Outcome.ANSWERED) {
                answered.add(id);
            }
        }
    }

    /** Whoever was let in has got an answer, and whoever was not was told so. */
    private void assertNothingIsLost(List<JsonNode> requests) {
        int refused = 0;
        for (JsonNode request : requests) {
            String id = request.get("request_id").asText();
            String status = request.get("status").asText();
            if (id.startsWith("http") || id.startsWith("flight")) {
                boolean success = Set.of("200", "OK").contains(status);
                assertEquals(success, answered.contains(id), request.toString());
                assertTrue(success || Set.of("503", "UNAVAILABLE").contains(status), request.toString());
                refused += success ? 0 : 1;
            }
        }
        assertTrue(refused > 0, "the service was not under load");
    }

    private void assertAnswersAtOnce(int httpPort, int flightPort) throws Exception {
        try (ServeProcess again = ServeProcess.start(models, folder.resolve("log-2"), httpPort, flightPort);
                Classifier overHttp = new HttpClassifier(httpPort, body);
                Classifier overFlight = new FlightClassifier(flightPort)) {
            assertEquals(Outcome.ANSWERED, overHttp.begin("first").finish());
            assertEquals(Outcome.ANSWERED, overFlight.begin("second").finish());
            again.terminate();
            again.assertEndsWell();
        }
    }

    private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    private double inside(int port) throws IOException, InterruptedException {
        return get(port, "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("weft_requests_inside "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .sum();
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            assertTrue(System.nanoTime() < end, "waited in vain");
            Thread.sleep(10);
        }
    }
}
