package dev.weft.metanets.task;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The files of a run directory.
 *
 * @param folder the directory
 */
public record RunFiles(Path folder) {

    public Path config() {
        return folder.resolve(RunDirectory.CONFIG);
    }

    /** Returns where the best model so far is. */
    public Path model() {
        return folder.resolve(RunDirectory.MODEL);
    }

    /** Returns where the state of a run is that is not finished. */
    public Path state() {
        return folder.resolve(RunDirectory.STATE);
    }

    public MetricsFile metrics() {
        return new MetricsFile(folder.resolve(RunDirectory.METRICS));
    }

    /** Whether training came to its end. */
    public boolean finished() {
        return Files.exists(model()) && !Files.exists(state());
    }

    /** @throws IllegalArgumentException if there is a run already */
    public void requireNew() {
        if (Files.exists(config())) {
            throw new IllegalArgumentException(folder + " has a run already; resume it or choose another folder");
        }
    }

    /** @throws IllegalArgumentException if training came to its end */
    public void requireUnfinished() {
        if (finished()) {
            throw new IllegalArgumentException(folder + ": this run is finished, its model is " + model()
                    + "; to train another, choose another folder");
        }
    }

    /**
     * Makes the folder of a new run.
     *
     * @param config everything about it but its values
     */
    public void begin(Record config) throws IOException {
        requireNew();
        Files.createDirectories(folder);
        RunDirectory.writeText(config(), StrictJson.text(config) + "\n");
    }

    /** Whether there is a run, and its config names a format. */
    public boolean holds(String format) throws IOException {
        return Files.exists(config())
                && new String(Files.readAllBytes(config()), StandardCharsets.ISO_8859_1).contains('"' + format + '"');
    }
}
