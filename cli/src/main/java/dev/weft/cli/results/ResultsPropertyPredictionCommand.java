package dev.weft.cli.results;

import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.exit.Interruption;
import dev.weft.cli.ghn.PropertyPrediction;
import dev.weft.cli.options.Output;
import dev.weft.cli.options.ProgressOption;
import dev.weft.cli.options.SeedOption;
import dev.weft.cli.report.Table;
import dev.weft.cli.zoo.ImageOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weft results property-prediction}. */
@Command(
        name = "property-prediction",
        description = {
            "Train sampled networks from scratch, and say how well a graph hypernetwork and simpler signs rank them by"
                    + " their accuracy.",
            "Trained networks are noted in a file, so the same command goes on where it was stopped."
        },
        footer = {
            "",
            "Example:",
            "  weft results property-prediction micro.arrow --run runs/ghn2 --accuracies micro-accuracies.jsonl"
                    + " --epochs 10"
        })
final class ResultsPropertyPredictionCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "The architectures that the hypernetwork was trained on.")
    private Path architectures;

    @Option(names = "--run", paramLabel = "RUN", required = true, description = "A run of 'weft train --task ghn'.")
    private Path run;

    @Option(
            names = "--accuracies",
            paramLabel = "FILE",
            required = true,
            description = "Where trained networks are noted, as JSON lines.")
    private Path accuracies;

    @Option(
            names = "--networks",
            paramLabel = "N",
            defaultValue = "50",
            description =
                    "Test networks to judge by, and validation networks to fit to (default: ${DEFAULT-VALUE} each).")
    private int networks;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "10",
            description = "Passes over the training images (default: ${DEFAULT-VALUE}).")
    private int epochs;

    @ArgGroup(
            exclusive = false,
            heading = "The images that the hypernetwork was trained on (default: the built-in digits):%n")
    private @Nullable ImageOptions images;

    @Mixin
    private final SeedOption seed = new SeedOption();

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    @Mixin
    private final Output output = new Output();

    @Override
    public Integer call() throws IOException {
        PropertyPrediction.Plan plan = new PropertyPrediction.Plan(
                run, architectures, images == null ? new ImageOptions() : images, accuracies, networks, epochs);
        try (Interruption stop = Interruption.watch()) {
            PropertyPrediction result = PropertyPrediction.of(plan, seed.get(), progress, stop);
            output.print(result, text -> print(result, text));
        }
        return ExitCode.OK;
    }

    private static void print(PropertyPrediction result, PrintWriter text) {
        Table table = new Table("predictor", "Kendall's tau");
        for (PropertyPrediction.Line line : result.predictors()) {
            table.row(line.predictor(), String.format(Locale.ROOT, "%.3f", line.tau()));
        }
        text.printf(
                Locale.ROOT,
                "%d test networks, %d epochs from scratch: right for %.1f %% on average, %d diverged%n"
                        + "Regressions fitted to %d other networks%n%n",
                result.tested(),
                result.epochs(),
                100 * result.accuracy(),
                result.diverged(),
                result.fitted());
        text.print(table);
    }
}
