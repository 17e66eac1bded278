package dev.weft.cli.results;

import dev.weft.checkpoints.Split;
import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.exit.InterruptedJobException;
import dev.weft.cli.exit.Interruption;
import dev.weft.cli.options.CommandText;
import dev.weft.cli.options.Output;
import dev.weft.cli.options.ProgressOption;
import dev.weft.cli.report.Progress;
import dev.weft.cli.report.Statistics;
import dev.weft.cli.report.Table;
import dev.weft.datasets.architecture.NetworkImages;
import dev.weft.datasets.image.Digits;
import dev.weft.datasets.image.ImageSource;
import dev.weft.hypernets.DropoutExperiment;
import dev.weft.network.Input;
import dev.weft.network.Seed;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weft results hypernetwork-inputs}. */
@Command(
        name = "hypernetwork-inputs",
        description = {
            "Train small conditioned hypernetworks, with and without the two parts of the magnitude invariant"
                    + " parametrisation, on the built-in digits.",
            "Each writes an MLP that is trained with as much dropout as its condition says."
        },
        footer = {
            "",
            "What is trained is kept in DIR/hypernetworks.jsonl, so the same command goes on where it was stopped.",
            "",
            "Example:",
            "  weft results hypernetwork-inputs --runs mip --seeds 3"
        })
final class ResultsHypernetworkInputsCommand implements Callable<Integer> {

    private static final double VALIDATION = 497.0 / 1797;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "3",
            description = "Trainings of each form (default: ${DEFAULT-VALUE}).")
    private int seeds;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "1500",
            description = "Steps of Adam, a multiple of " + DropoutExperiment.LOOK + " (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = "--runs", paramLabel = "DIR", required = true, description = "Where finished trainings are noted.")
    private Path runs;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "docs/results/magnitude-invariance.md",
            description = "The page; its picture lies beside it (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    @Mixin
    private final Output output = new Output();

    @Spec
    private CommandSpec spec;

    /** What {@code --json} prints. */
    record Report(Path page, List<String> pictures, int steps, List<Line> forms) {}

    /** The trainings of one form. */
    record Line(String form, List<InputsLog.Entry> runs) {

        String mean(ToDoubleFunction<DropoutExperiment.Outcome> figure) {
            double[] figures = runs.stream()
                    .map(InputsLog.Entry::outcome)
                    .mapToDouble(figure)
                    .toArray();
            return String.format(Locale.ROOT, "%.3f", Statistics.mean(figures));
        }
    }

    @Override
    public Integer call() throws IOException {
        if (seeds < 1) {
            throw new IllegalArgumentException("--seeds: expected at least 1, got " + seeds);
        }
        try (ImageSource digits = Digits.load()) {
            DropoutExperiment experiment = experiment(digits);
            String images = digits.name() + " (" + digits.card().digest() + ")";
            InputsLog log = InputsLog.open(runs, steps + " steps, " + images);
            train(experiment, log);
            String command = CommandText.of(spec);
            List<String> pictures = new InputsPage(log, seeds, experiment, images, command).write(out);
            List<Line> lines = Arrays.stream(InputsForm.values())
                    .map(form -> new Line(form.label(), log.of(form, seeds)))
                    .toList();
            output.print(new Report(out, pictures, steps, lines), text -> print(lines, text));
        }
        return ExitCode.OK;
    }

    private DropoutExperiment experiment(ImageSource digits) throws IOException {
        Input.Image input = new Input.Image(1, digits.height(), digits.width());
        Map<Split, NetworkImages> images = NetworkImages.of(digits, input, VALIDATION, 0, new Seed(Seed.DEFAULT));
        return new DropoutExperiment(
                Objects.requireNonNull(images.get(Split.TRAIN), "training"),
                Objects.requireNonNull(images.get(Split.VAL), "validation"),
                digits.classes().size(),
                steps);
    }

    /** Trains what is not noted yet, seed by seed. */
    private void train(DropoutExperiment experiment, InputsLog log) throws IOException {
        int all = InputsForm.values().length * seeds;
        int done = 0;
        try (Interruption stop = Interruption.watch();
                Progress line = progress.start("Training", all, "hypernetworks")) {
            for (int seed = 0; seed < seeds; seed++) {
                for (InputsForm form : InputsForm.values()) {
                    if (stop.getAsBoolean()) {
                        throw new InterruptedJobException(
                                done + " of " + all + " hypernetworks are noted", "run the same command again");
                    }
                    if (!log.has(form, seed)) {
                        long start = System.nanoTime();
                        DropoutExperiment.Outcome outcome = experiment.run(form.config(), new Seed(seed));
                        log.append(form, seed, (System.nanoTime() - start) * 1e-9, outcome);
                    }
                    line.update(++done);
                }
            }
        }
    }

    private void print(List<Line> lines, PrintWriter text) {
        Table table = new Table("form", "norm ~ condition", "norm's variation", "gradient's variation", "best loss");
        for (Line line : lines) {
            table.row(
                    line.form,
                    line.mean(DropoutExperiment.Outcome::proportionality),
                    line.mean(DropoutExperiment.Outcome::variation),
                    line.mean(DropoutExperiment.Outcome::gradientVariation),
                    line.mean(DropoutExperiment.Outcome::best));
        }
        text.printf("Means of %d seeds, %d steps%n%n", seeds, steps);
        text.print(table);
        text.printf("%nPage: %s%n", out);
    }
}
