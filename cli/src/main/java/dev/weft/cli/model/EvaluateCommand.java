package dev.weft.cli.model;

import dev.weft.checkpoints.Split;
import dev.weft.checkpoints.Zoo;
import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.ghn.GhnEvaluation;
import dev.weft.cli.options.DeviceOption;
import dev.weft.cli.options.Output;
import dev.weft.cli.report.Table;
import dev.weft.cli.zoo.ImageOptions;
import dev.weft.hypernets.ghn.GhnRun;
import dev.weft.metanets.nowcast.train.NowcastRun;
import dev.weft.metanets.task.RunDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weft evaluate}. */
@Command(
        name = "evaluate",
        description = {
            "Score a trained metanet on one split of a zoo.",
            "Or a graph hypernetwork by the networks that it writes, on every split of a file of architectures but the one"
                    + " that it was trained on."
        },
        footer = {"", "Example:", "  weft evaluate runs/ng64 digits-zoo --split test --json"})
public final class EvaluateCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "RUN", description = "The run's directory.")
    private Path run;

    @Parameters(index = "1", paramLabel = "ZOO", description = "The zoo's directory, or the file of architectures.")
    private Path zooFolder;

    @Option(
            names = "--split",
            defaultValue = "test",
            description = "Which networks: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Split split;

    @ArgGroup(
            exclusive = false,
            heading =
                    "Images that a graph hypernetwork was trained on (default: the 1,797 built-in digits of 8 x 8 pixels):%n")
    private @Nullable ImageOptions images;

    @Mixin
    private final DeviceOption device = new DeviceOption();

    @Mixin
    private final Output output = new Output();

    @Override
    public Integer call() throws IOException {
        if (GhnRun.isIn(run)) {
            GhnEvaluation evaluation =
                    GhnEvaluation.of(run, zooFolder, images == null ? new ImageOptions() : images, device.get());
            output.print(evaluation, evaluation::print);
            return ExitCode.OK;
        }
        if (images != null) {
            throw new IllegalArgumentException("images are for graph hypernetworks; a zoo has its own");
        }
        if (NowcastRun.isIn(run)) {
            throw new IllegalArgumentException(run + " forecasts parameters; weft zoo forecast " + zooFolder
                    + " --weights " + run + " compares its forecasts with what came");
        }
        try (Zoo zoo = Zoo.open(zooFolder)) {
            Evaluation evaluation = Evaluation.of(RunDirectory.open(run), zoo, split, device.get());
            output.print(evaluation, text -> print(evaluation, text));
        }
        return ExitCode.OK;
    }

    private static void print(Evaluation evaluation, PrintWriter text) {
        text.printf(
                Locale.ROOT,
                "%s on %,d networks of %s (%s): accuracy %.2f %%, loss %.4f%n%n",
                evaluation.run(),
                evaluation.networks(),
                evaluation.zoo(),
                evaluation.split().text(),
                100 * evaluation.accuracy(),
                evaluation.metrics().getOrDefault("loss", Double.NaN));
        Table table = new Table("class", "networks", "right", "accuracy");
        for (int c = 0; c < evaluation.confusion().length; c++) {
            int[] answers = evaluation.confusion()[c];
            int networks = Arrays.stream(answers).sum();
            table.row(
                    evaluation.classes().get(c),
                    networks,
                    answers[c],
                    networks == 0 ? "-" : String.format(Locale.ROOT, "%.1f %%", 100.0 * answers[c] / networks));
        }
        text.print(table);
    }
}
