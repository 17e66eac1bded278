package dev.weft.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.cli.service.SmallModels;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The service as a process of its own. */
@DisabledOnOs(OS.WINDOWS)
class ServeCommandTest {

    private static final int UNDER_WAY = 6;

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();

    private Process start(String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
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
                "0",
                "--models",
                SmallModels.write(folder.resolve("models")).toString()));
        command.addAll(List.of(more));
        return new ProcessBuilder(command)
                .redirectError(folder.resolve("log").toFile())
                .start();
    }

    private static int port(Process process) throws IOException {
        JsonNode ready = JsonMapper.builder()
                .build()
                .readTree(process.inputReader()
                                .lines()
                                .takeWhile(line -> !line.equals("}"))
                                .reduce("", (a, b) -> a + b) + "}");
        assertEquals(3, ready.get("count").asInt());
        return ready.at("/endpoints/0/port").asInt();
    }

    private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .build(),
                BodyHandlers.ofString());
    }

    /** What clients met that ask again and again until the service is gone. */
    private Thread load(int port, byte[] body, ConcurrentLinkedQueue<Integer> statuses) {
        Thread thread = new Thread(() -> {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + port + "/v1/models/metanet/classify"))
                    .POST(BodyPublishers.ofByteArray(body))
                    .build();
            try {
                while (true) {
                    statuses.add(http.send(request, BodyHandlers.ofByteArray()).statusCode());
                }
            } catch (IOException | InterruptedException e) {
                // the service is gone
            }
        });
        thread.start();
        return thread;
    }

    @Test
    void sigtermUnderLoadLosesNothingThatWasAdmitted() throws Exception {
        Process process = start();
        int port = port(process);
        byte[] body = SmallModels.checkpoint(folder, 1);
        ConcurrentLinkedQueue<Integer> statuses = new ConcurrentLinkedQueue<>();
        List<Thread> clients = new ArrayList<>();
        List<Socket> underWay = new ArrayList<>();
        for (int i = 0; i < UNDER_WAY; i++) {
            Socket socket = new Socket("127.0.0.1", port);
            socket.getOutputStream()
                    .write(("POST /v1/models/metanet/classify HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                                    + "Content-Length: " + body.length + "\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().write(body, 0, 100);
            underWay.add(socket);
            clients.add(load(port, body, statuses));
        }
        while (inside(port) < UNDER_WAY || statuses.size() < UNDER_WAY) {
            Thread.sleep(20);
        }
        process.destroy();
        while (get(port, "/health/ready").statusCode() == 200) {
            Thread.sleep(20);
        }
        for (Socket socket : underWay) {
            socket.getOutputStream().write(Arrays.copyOfRange(body, 100, body.length));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertTrue(
                    answer.startsWith("HTTP/1.1 200 ") && answer.stripTrailing().endsWith("}"), answer);
            socket.close();
        }
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), Files.readString(folder.resolve("log")));
        for (Thread client : clients) {
            client.join();
        }
        assertTrue(statuses.stream().allMatch(status -> status == 200 || status == 503), statuses.toString());
        assertLogIsJson();
    }

    private double inside(int port) throws IOException, InterruptedException {
        return get(port, "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("weft_requests_inside "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .sum();
    }

    /** Lines of libtorch, which writes to standard error by itself, begin with a bracket. */
    private void assertLogIsJson() throws IOException {
        boolean requests = false;
        for (String line : Files.readAllLines(folder.resolve("log"))) {
            if (!line.startsWith("[W")) {
                JsonNode json = JsonMapper.builder().build().readTree(line);
                assertTrue(json.has("level") && json.has("message"), line);
                requests |= json.get("message").asText().equals("request") && line.contains("\"status\"");
            }
        }
        assertTrue(requests);
    }
}
