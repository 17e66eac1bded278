package dev.weft.cli.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.cli.report.ResidentMemory;
import dev.weft.metanets.task.ProcessorTime;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/** {@code weft serve} as a process of its own, with a heap of fixed size; closing ends it by SIGTERM. */
public final class ServerProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long END_SECONDS = 60;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final Path log;
    private final int port;

    private ServerProcess(Process process, Path log) throws IOException {
        this.process = process;
        this.log = log;
        this.port = readPort();
    }

    /**
     * Starts a service and waits until it is ready.
     *
     * @param models folder of its models
     * @param heap MiB, which the process takes at once: what grows later is something else
     * @param log where it logs to
     * @param more options of {@code weft serve}
     */
    public static ServerProcess start(Path models, int heap, Path log, List<String> more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "-Xms" + heap + "m",
                "-Xmx" + heap + "m",
                "-XX:+AlwaysPreTouch",
                "-DOPT_OUT_TRACKING=true",
                "-Dai.djl.offline=true",
                "-Djava.awt.headless=true",
                "-Dlogback.configurationFile=logback.xml",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.weft.cli.Weft",
                "serve",
                "--json",
                "--http",
                "0",
                "--models",
                models.toString()));
        command.addAll(more);
        Process process =
                new ProcessBuilder(command).redirectError(log.toFile()).start();
        try {
            return new ServerProcess(process, log);
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private int readPort() throws IOException {
        StringBuilder ready = new StringBuilder();
        BufferedReader reader = process.inputReader();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            ready.append(line);
            if (line.equals("}")) {
                JsonNode report = JsonMapper.builder().build().readTree(ready.toString());
                return report.at("/endpoints/0/port").asInt();
            }
        }
        throw new IOException("the service ended before it was ready; " + log + " says why");
    }

    /** Returns where it speaks HTTP on this machine. */
    public int port() {
        return port;
    }

    /** Returns the processor time that it has taken, in seconds, 0 where the system does not tell. */
    public double processorSeconds() {
        return ProcessorTime.seconds(process.toHandle());
    }

    /** Returns its resident memory in MiB, or nothing where the system does not tell. */
    public OptionalDouble residentMebibytes() throws IOException {
        return ResidentMemory.now(process.pid());
    }

    /** Returns the MiB of its heap that objects take, garbage included, as its metrics tell. */
    public double heapMebibytes() throws IOException {
        return PrometheusText.sum(get("/metrics"), "jvm_memory_used_bytes{area=\"heap\"") / (1 << 20);
    }

    private String get(String path) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(PATIENCE)
                .build();
        try {
            return http.send(request, BodyHandlers.ofString()).body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /**
     * Ends it.
     *
     * @throws IOException if it did not end by itself, and well
     */
    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("the service did not end within " + END_SECONDS + " seconds of SIGTERM");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            throw new IOException("the service ended with " + process.exitValue() + "; " + log + " says why");
        }
    }
}
