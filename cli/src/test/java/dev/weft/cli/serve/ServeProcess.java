package dev.weft.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code weft serve} as a process of its own, which is ready once this is made. */
final class ServeProcess implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Process process;
    private final Path log;
    private final JsonNode ready;

    private ServeProcess(Process process, Path log) throws IOException {
        this.process = process;
        this.log = log;
        this.ready = JSON.readTree(
                process.inputReader()
                                .lines()
                                .takeWhile(line -> !line.equals("}"))
                                .reduce("", (a, b) -> a + b) + "}");
        assertTrue(ready.has("endpoints"), Files.readString(log));
    }

    /** @param log for standard error */
    static ServeProcess start(Path models, Path log, int http, int flight) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-DOPT_OUT_TRACKING=true",
                "-Dai.djl.offline=true",
                "-Dlogback.configurationFile=logback.xml", // not that of the tests
                "-cp",
                System.getProperty("java.class.path"),
                "dev.weft.cli.Weft",
                "serve",
                "--json",
                "--http",
                String.valueOf(http),
                "--flight",
                String.valueOf(flight),
                "--models",
                models.toString());
        return new ServeProcess(
                new ProcessBuilder(command).redirectError(log.toFile()).start(), log);
    }

    /** Returns how many models it has. */
    int models() {
        return ready.get("count").asInt();
    }

    int http() {
        return ready.at("/endpoints/0/port").asInt();
    }

    int flight() {
        return ready.at("/endpoints/1/port").asInt();
    }

    /** Sends SIGTERM. */
    void terminate() {
        process.destroy();
    }

    void assertEndsWell() throws IOException, InterruptedException {
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), "it does not end");
        assertEquals(0, process.exitValue(), Files.readString(log));
    }

    /** Returns what the log has of requests; every line of it must be JSON but those of libtorch, which begin with a bracket. */
    List<JsonNode> requests() throws IOException {
        List<JsonNode> requests = new ArrayList<>();
        for (String line : Files.readAllLines(log)) {
            if (!line.startsWith("[W")) {
                JsonNode json = JSON.readTree(line);
                assertTrue(json.has("level") && json.has("message"), line);
                if (json.get("message").asText().equals("request")) {
                    ObjectNode request = JsonNodeFactory.instance.objectNode();
                    json.get("kvpList").forEach(pair -> request.setAll((ObjectNode) pair));
                    requests.add(request);
                }
            }
        }
        return requests;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
