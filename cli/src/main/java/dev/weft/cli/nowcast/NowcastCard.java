package dev.weft.cli.nowcast;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.plot.CurvePlot;
import dev.weft.cli.plot.PictureFiles;
import dev.weft.cli.report.Json;
import dev.weft.metanets.nowcast.train.NowcastRun;
import dev.weft.metanets.nowcast.train.NowcastTrainer;
import dev.weft.metanets.task.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;

/** {@code card.md} and {@code curve.png} in the run of a forecasting network. */
final class NowcastCard {

    static final String FILE = "card.md";
    static final String CURVE = "curve.png";

    private NowcastCard() {}

    static void write(NowcastRun run, NowcastTrainingJob.Result result) throws IOException {
        Files.writeString(run.folder().resolve(FILE), text(run.config(), result));
        List<JsonNode> rounds = run.files().metrics().read();
        PictureFiles.write(run.folder().resolve(CURVE), () -> CurvePlot.draw(List.of(panel(rounds))));
    }

    private static CurvePlot.Panel panel(List<JsonNode> rounds) {
        return new CurvePlot.Panel(
                "Mean absolute error, scaled",
                "step",
                List.of(
                        series("training", rounds, "train_loss"),
                        series("validation", rounds, "val_" + NowcastTrainer.ERROR),
                        series("last state, validation", rounds, "val_" + NowcastTrainer.LAST_ERROR)));
    }

    private static CurvePlot.Series series(String name, List<JsonNode> rounds, String figure) {
        return new CurvePlot.Series(
                name,
                rounds.stream()
                        .mapToDouble(round -> round.path("steps").asDouble())
                        .toArray(),
                rounds.stream()
                        .mapToDouble(round -> round.path(figure).asDouble())
                        .toArray());
    }

    private static String text(NowcastRun.Config config, NowcastTrainingJob.Result result) {
        Provenance provenance = config.provenance();
        return String.format(
                Locale.ROOT,
                """
                ---
                library_name: weft
                tags: [weight-space-learning, nowcasting, %s]
                datasets: [%s]
                ---

                # %s, trained on trajectories

                ## Model

                Forecasts the parameters of a network in training from five states of it, up to %d times the spacing
                of the states ahead, for each horizon. Tensors are called as in the released files.

                Settings: `%s`

                ## Training

                %d rounds of %d steps, the best of them (%d) kept by its validation error. Data sets: %s, manifests'
                SHA-256 `%s`. Seed %d. Weft %s, Java %s, %s.

                Settings: `%s`

                ## Validation

                Mean absolute error of the scaled values over all horizons: %.4f; that of saying that nothing will
                change: %.4f. The runs of the test split were not read; `weft zoo forecast ZOO --weights %s` compares
                on them.

                ## Usage

                `weft nowcast --weights %s --states s1.pt s2.pt s3.pt s4.pt s5.pt --out s6.pt`, the states as far apart
                as in training: %d rows of the data sets.

                Intended use and limits are for whoever publishes this model to write: nobody has written them yet.
                """,
                result.model(),
                provenance.dataSet(),
                result.model(),
                config.model().horizons(),
                Json.line(config.model()),
                result.rounds(),
                config.training().stepsPerRound(),
                result.bestRound(),
                provenance.dataSet(),
                provenance.dataDigest(),
                provenance.seed(),
                provenance.weft(),
                provenance.java(),
                provenance.os(),
                Json.line(config.training()),
                result.validationError(),
                result.lastStateError(),
                result.run(),
                result.run(),
                config.training().stride());
    }
}
