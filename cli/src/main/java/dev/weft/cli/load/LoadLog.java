package dev.weft.cli.load;

import dev.weft.cli.report.Json;
import dev.weft.cli.report.JsonLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What was measured: {@code setup.json}, {@code phases.jsonl} and {@code overload.jsonl} in a folder, each line written when it
 * is known.
 */
public final class LoadLog {

    private static final String SETUP = "setup.json";
    private static final String PHASES = "phases.jsonl";
    private static final String OVERLOAD = "overload.jsonl";

    private final Path folder;

    /**
     * How it was measured.
     *
     * @param command as it was typed
     * @param weft release
     * @param java version of the JVM
     * @param system name, version and architecture
     * @param processors that Java may use, which clients and services share
     * @param settings how long and how often
     * @param workloads what was asked for
     */
    public record Setup(
            String command,
            String weft,
            String java,
            String system,
            int processors,
            LoadSettings settings,
            List<Described> workloads) {
        public Setup {
            workloads = List.copyOf(workloads);
        }
    }

    /** What is asked for, in words. */
    public record Described(String name, String detail) {}

    private LoadLog(Path folder) {
        this.folder = folder;
    }

    /** Begins a log in a folder that has none. */
    public static LoadLog begin(Path folder, Setup setup) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(SETUP), Json.write(setup) + "\n");
        return new LoadLog(folder);
    }

    /** Opens a log to read it. */
    public static LoadLog open(Path folder) throws IOException {
        if (!Files.exists(folder.resolve(SETUP))) {
            throw new NoSuchFileException(folder.toString(), null, "nothing was measured there");
        }
        return new LoadLog(folder);
    }

    void add(LoadPhase phase) throws IOException {
        JsonLines.append(folder.resolve(PHASES), phase);
    }

    void add(Overload overload) throws IOException {
        JsonLines.append(folder.resolve(OVERLOAD), overload);
    }

    public Setup setup() throws IOException {
        return Json.read(folder.resolve(SETUP), Setup.class);
    }

    /** Returns the measurements in the order of time. */
    public List<LoadPhase> phases() throws IOException {
        return JsonLines.read(folder.resolve(PHASES), LoadPhase.class);
    }

    /** Returns what came of the overload, if it has come to its end. */
    public Optional<Overload> overload() throws IOException {
        return JsonLines.read(folder.resolve(OVERLOAD), Overload.class).stream().findFirst();
    }
}
