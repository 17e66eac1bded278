package dev.weft.cli.results;

import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.exit.Interruption;
import dev.weft.cli.ghn.PropertyPrediction;
import dev.weft.cli.options.CommandText;
import dev.weft.cli.options.Output;
import dev.weft.cli.options.ProgressOption;
import dev.weft.cli.options.SeedOption;
import dev.weft.cli.report.Table;
import dev.weft.cli.zoo.ImageOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

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
            "  weft results property-prediction micro.arrow --run runs/ghn2 --run runs/mlp \\",
            "      --accuracies micro-accuracies.jsonl --epochs 10"
        })
final class ResultsPropertyPredictionCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "The architectures that the hypernetwork was trained on.")
    private Path architectures;

    @Option(
            names = "--run",
            paramLabel = "RUN",
            required = true,
            description =
                    "A run of 'weft train --task ghn' or of 'weft results parameter-prediction'; may be repeated.")
    private List<Path> hypernetworks;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "docs/results/property-prediction.md",
            description = "The page (default: ${DEFAULT-VALUE}).")
    private Path out;

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

    @Spec
    private CommandSpec spec;

    /** What {@code --json} prints. */
    record Report(Path page, List<PropertyPrediction> results) {}

    @Override
    public Integer call() throws IOException {
        List<PropertyPrediction> results = new ArrayList<>();
        try (Interruption stop = Interruption.watch()) {
            for (Path run : hypernetworks) { // the first has the networks trained
                PropertyPrediction.Plan plan = new PropertyPrediction.Plan(
                        run, architectures, images == null ? new ImageOptions() : images, accuracies, networks, epochs);
                results.add(PropertyPrediction.of(plan, seed.get(), progress, stop));
            }
        }
        String command = CommandText.of(spec);
        new PropertyPage(results, command).write(out);
        output.print(new Report(out, results), text -> print(results, text));
        return ExitCode.OK;
    }

    private void print(List<PropertyPrediction> results, PrintWriter text) {
        PropertyPrediction first = results.get(0);
        text.printf(
                Locale.ROOT,
                "%d test networks, %d epochs from scratch: right for %.1f %% on average; %d of all diverged%n"
                        + "Regressions fitted to %d other networks%n%n",
                first.tested(),
                first.epochs(),
                100 * first.accuracy(),
                first.diverged(),
                first.fitted());
        Table table = new Table("hypernetwork", "predictor", "Kendall's tau");
        for (PropertyPrediction result : results) {
            result.predictors()
                    .forEach(line ->
                            table.row(PropertyPage.name(result), line.predictor(), PropertyPage.tau(line.tau())));
        }
        text.print(table);
        text.printf("%nPage: %s%n", out);
    }
}
