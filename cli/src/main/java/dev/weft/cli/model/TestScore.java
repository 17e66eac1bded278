package dev.weft.cli.model;

import ai.djl.Device;
import dev.weft.checkpoints.Split;
import dev.weft.checkpoints.Zoo;
import dev.weft.cli.report.Json;
import dev.weft.metanets.task.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** {@code test.json} in a run directory: the test split is looked at once, behind training, and what it said is kept. */
final class TestScore {

    static final String FILE = "test.json";

    private TestScore() {}

    /** Returns what is kept, or looks at the test split and keeps it. */
    static Evaluation of(RunDirectory run, Zoo zoo, Device device) throws IOException {
        Path file = run.folder().resolve(FILE);
        if (Files.exists(file)) {
            return Json.read(file, Evaluation.class).movedTo(run.folder());
        }
        Evaluation evaluation = Evaluation.of(run, zoo, Split.TEST, device);
        Path partial = file.resolveSibling(FILE + ".tmp");
        Files.writeString(partial, Json.write(evaluation) + "\n");
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return evaluation;
    }

    /** Takes back what an earlier model said, before another is trained in its place. */
    static void forget(RunDirectory run) throws IOException {
        Files.deleteIfExists(run.folder().resolve(FILE));
    }
}
