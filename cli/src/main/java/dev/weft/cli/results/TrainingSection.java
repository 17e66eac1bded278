package dev.weft.cli.results;

import static dev.weft.cli.results.ResultsPage.format;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.report.Json;
import dev.weft.cli.report.MarkdownTable;
import dev.weft.cli.report.MarkdownTable.Align;
import dev.weft.metanets.task.TrainingConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What a page of results tells about the metanets and how they were trained. */
final class TrainingSection {

    private TrainingSection() {}

    static String text(List<ModelResult> models) {
        MarkdownTable table =
                new MarkdownTable(Align.LEFT, "model", "parameters", "epochs", "optimiser", "augmentation", "settings");
        for (ModelResult model : models) {
            table.row(
                    model.label(),
                    format("%,d", model.parameters()),
                    model.config().training().epochs(),
                    optimiser(model.config().training()),
                    augmentation(model.config().augmentation()),
                    "`" + Json.line(model.config().model()) + "`");
        }
        return table.toString();
    }

    private static String optimiser(TrainingConfig config) {
        List<String> parts = new ArrayList<>();
        parts.add("AdamW" + (config.amsgrad() ? " with AMSGrad" : ""));
        parts.add("rate " + config.learningRate());
        parts.add("decay " + config.weightDecay());
        parts.add("batches of " + config.batchSize());
        parts.add("warm-up " + config.warmupSteps() + " steps");
        parts.add("then " + (config.schedule() == TrainingConfig.Schedule.COSINE ? "cosine to 0" : "constant"));
        if (config.clipNorm() > 0) {
            parts.add("norm clipped at " + config.clipNorm());
        }
        if (config.patience() > 0) {
            parts.add("stopped after " + config.patience() + " epochs without a better validation");
        }
        return String.join(", ", parts);
    }

    /** Names what is switched on. */
    private static String augmentation(JsonNode settings) {
        String on = settings.properties().stream()
                .filter(setting ->
                        setting.getValue().asDouble() != 0 || setting.getValue().asBoolean())
                .map(Map.Entry::toString)
                .collect(Collectors.joining(", "));
        return on.isEmpty() ? "none" : on;
    }
}
