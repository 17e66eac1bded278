package dev.weft.cli.service.http;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A headless Chromium of this machine. It is driven by its own DevTools protocol, of which a test needs a dozen commands: the JDK
 * has the WebSocket and Jackson the JSON, while Selenium would bring thirty jars and a second program (chromedriver) of
 * the very version of the browser, and Playwright fetches browsers while it runs.
 */
final class Chromium implements AutoCloseable {

    private static final String LISTENING = "DevTools listening on ";

    private final Path profile;
    private final Process process;
    private final DevTools tools;

    private Chromium(Path profile, Process process, DevTools tools) {
        this.profile = profile;
        this.process = process;
        this.tools = tools;
    }

    /** Starts the browser, or skips the test where there is none. */
    static Chromium start() throws IOException {
        Optional<Path> program = find();
        assumeTrue(program.isPresent(), "no chromium in PATH: the page is not tried in a browser");
        Path profile = Files.createTempDirectory("weft-chromium-");
        ProcessBuilder command = new ProcessBuilder(
                program.orElseThrow().toString(),
                "--headless=new",
                "--no-sandbox", // which root, as in containers, cannot have
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
                "--no-default-browser-check",
                "--hide-scrollbars",
                "--force-color-profile=srgb",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank");
        command.environment().put("TMPDIR", profile.toString()); // so that all of it goes in the end
        Process process = command.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy)); // if the tests break off
        try {
            return new Chromium(profile, process, new DevTools(address(process)));
        } catch (RuntimeException e) {
            end(process);
            delete(profile);
            throw e;
        }
    }

    private static Optional<Path> find() {
        return Stream.of(String.valueOf(System.getenv("PATH")).split(File.pathSeparator))
                .flatMap(folder -> Stream.of("chromium", "google-chrome").map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Reads on to the end, so that the browser never waits for its words to be heard. */
    private static URI address(Process process) {
        CompletableFuture<URI> address = new CompletableFuture<>();
        Thread reader = new Thread(
                () -> {
                    StringBuilder said = new StringBuilder();
                    try (BufferedReader lines = process.errorReader()) {
                        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                            said.append(line).append('\n');
                            if (line.startsWith(LISTENING)) {
                                address.complete(URI.create(line.substring(LISTENING.length())));
                            }
                        }
                    } catch (IOException e) {
                        said.append(e);
                    }
                    address.completeExceptionally(new AssertionError("chromium ended: " + said));
                },
                "chromium");
        reader.setDaemon(true);
        reader.start();
        return address.orTimeout(2 * DevTools.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    /** Opens a tab that shows nothing yet, to be used alone. */
    Tab open() {
        String target = tools.command("", "Target.createTarget", Map.of("url", "about:blank"))
                .get("targetId")
                .asText();
        String session = tools.command("", "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .get("sessionId")
                .asText();
        tools.forget();
        Tab tab = new Tab(tools, session);
        for (String domain : List.of("Page", "Runtime", "Network", "Log", "DOM")) {
            tab.command(domain + ".enable", Map.of());
        }
        return tab;
    }

    /** Has downloads written to a folder under their own ids. */
    void downloadTo(Path folder) {
        tools.command(
                "",
                "Browser.setDownloadBehavior",
                Map.of("behavior", "allowAndName", "downloadPath", folder.toString(), "eventsEnabled", true));
    }

    @Override
    public void close() throws IOException {
        tools.close();
        end(process);
        delete(profile);
    }

    private static void end(Process process) {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(DevTools.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }

    /** Deletes what there is; a child that is only just ending may still hold on to something. */
    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                each.toFile().delete();
            }
        }
    }
}
