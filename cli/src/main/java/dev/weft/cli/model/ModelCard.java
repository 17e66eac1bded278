package dev.weft.cli.model;

import dev.weft.cli.report.Json;
import dev.weft.metanets.task.RunConfig;
import dev.weft.metanets.task.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** {@code card.md} in a run directory: what the model is, how it was trained, how it did, and what is left to say. */
final class ModelCard {

    static final String FILE = "card.md";

    private ModelCard() {}

    static void write(RunDirectory run, TrainingJob.Result result) throws IOException {
        Path file = run.folder().resolve(FILE);
        Files.writeString(file, text(run.config(), result));
    }

    private static String text(RunConfig config, TrainingJob.Result result) throws IOException {
        return String.format(
                Locale.ROOT,
                """
                ---
                library_name: weft
                tags: [weight-space-learning, %s, %s]
                datasets: [%s]
                metrics: [accuracy]
                ---

                # %s for %s

                ## Model

                %s with %,d trained values. It reads rows of %,d parameters of %s and answers with one of
                %d classes: %s.

                Settings: `%s`

                ## Training

                %d epochs, the best of them (%d) kept by its validation accuracy of %.4f. Data set: %s, manifest
                SHA-256 `%s`. Seed %d. Weft %s, Java %s, %s.

                Settings: `%s`

                Augmentation: `%s`

                ## Testing

                Accuracy %.4f, loss %.4f on %,d networks of the test split, which was looked at once, behind training.

                ## Usage

                `weft predict %s FILE.safetensors`

                Intended use and limits are for whoever publishes this model to write: nobody has written them yet.
                """,
                config.task(),
                result.model(),
                config.provenance().dataSet(),
                result.model(),
                config.task(),
                result.model(),
                result.test().parameters(),
                config.architecture().parameterCount(),
                config.architecture(),
                config.outputNames().size(),
                String.join(", ", config.outputNames()),
                Json.line(config.model()),
                result.epochs(),
                result.bestEpoch(),
                result.validationAccuracy(),
                config.provenance().dataSet(),
                config.provenance().dataDigest(),
                config.provenance().seed(),
                config.provenance().weft(),
                config.provenance().java(),
                config.provenance().os(),
                Json.line(config.training()),
                config.augmentation(),
                result.test().accuracy(),
                result.test().metrics().getOrDefault("loss", Double.NaN),
                result.test().networks(),
                result.run());
    }
}
