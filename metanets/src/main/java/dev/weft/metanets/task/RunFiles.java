package dev.weft.metanets.task;

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
}
