package dev.weft.cli.results;

import dev.weft.checkpoints.Split;
import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.exit.InterruptedJobException;
import dev.weft.cli.exit.Interruption;
import dev.weft.cli.options.Output;
import dev.weft.cli.options.ProgressOption;
import dev.weft.cli.plot.CurvePlot;
import dev.weft.cli.plot.PictureFiles;
import dev.weft.cli.report.Progress;
import dev.weft.cli.report.Table;
import dev.weft.datasets.architecture.NetworkImages;
import dev.weft.datasets.image.Digits;
import dev.weft.datasets.image.ImageSource;
import dev.weft.hypernets.ConditionedHyperNetwork;
import dev.weft.hypernets.DropoutExperiment;
import dev.weft.hypernets.InputEncoding;
import dev.weft.network.Input;
import dev.weft.network.Seed;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code weft results hypernetwork-inputs}. */
@Command(
        name = "hypernetwork-inputs",
        description = {
            "Train small conditioned hypernetworks, with and without the two parts of the magnitude invariant"
                    + " parametrisation, on the built-in digits.",
            "Each writes an MLP that is trained with as much dropout as its condition says."
        },
        footer = {"", "Example:", "  weft results hypernetwork-inputs --seeds 3 --plot mip.png"})
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

    @Option(names = "--plot", paramLabel = "FILE", description = "Draw the validation losses as a PNG.")
    private @Nullable Path plot;

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    @Mixin
    private final Output output = new Output();

    /** What {@code --json} prints. */
    record Report(int steps, List<Form> forms) {}

    /**
     * One form of the hypernetwork.
     *
     * @param runs one for each seed
     */
    record Form(String form, List<DropoutExperiment.Outcome> runs) {

        double mean(ToDoubleFunction<DropoutExperiment.Outcome> figure) {
            return runs.stream().mapToDouble(figure).average().orElse(Double.NaN);
        }

        /** Returns the mean loss of each look. */
        double[] losses() {
            return IntStream.range(0, runs.get(0).losses().size())
                    .mapToDouble(look -> mean(run -> run.losses().get(look)))
                    .toArray();
        }
    }

    @Override
    public Integer call() throws IOException {
        if (seeds < 1) {
            throw new IllegalArgumentException("--seeds: expected at least 1, got " + seeds);
        }
        Report report = new Report(steps, run(experiment()));
        if (plot != null) {
            PictureFiles.write(plot, () -> picture(report));
        }
        output.print(report, text -> print(report, text));
        return ExitCode.OK;
    }

    private DropoutExperiment experiment() throws IOException {
        try (ImageSource digits = Digits.load()) {
            Input.Image input = new Input.Image(1, digits.height(), digits.width());
            Map<Split, NetworkImages> images = NetworkImages.of(digits, input, VALIDATION, 0, new Seed(Seed.DEFAULT));
            return new DropoutExperiment(
                    Objects.requireNonNull(images.get(Split.TRAIN), "training"),
                    Objects.requireNonNull(images.get(Split.VAL), "validation"),
                    digits.classes().size(),
                    steps);
        }
    }

    private List<Form> run(DropoutExperiment experiment) {
        List<Form> forms = List.of(
                new Form("plain", new ArrayList<>()),
                new Form("input encoding", new ArrayList<>()),
                new Form("own parameters", new ArrayList<>()),
                new Form("both (MIP)", new ArrayList<>()));
        int done = 0;
        try (Interruption stop = Interruption.watch();
                Progress line = progress.start("Training", (long) forms.size() * seeds, "hypernetworks")) {
            for (int seed = 0; seed < seeds; seed++) {
                for (int form = 0; form < forms.size(); form++) {
                    InputEncoding encoding = form % 2 == 1 ? InputEncoding.COS_SIN : InputEncoding.IDENTITY;
                    DropoutExperiment.Outcome outcome = experiment.run(
                            new ConditionedHyperNetwork.Config(1, List.of(16, 64), encoding, form >= 2),
                            new Seed(seed));
                    forms.get(form).runs().add(outcome);
                    line.update(++done, String.format(Locale.ROOT, "loss %.3f", outcome.best()));
                    if (stop.getAsBoolean()) {
                        throw new InterruptedJobException("nothing is kept", "run the same command again");
                    }
                }
            }
        }
        return forms;
    }

    private static BufferedImage picture(Report report) {
        double[] looks = IntStream.rangeClosed(1, report.steps / DropoutExperiment.LOOK)
                .mapToDouble(look -> look * DropoutExperiment.LOOK)
                .toArray();
        List<CurvePlot.Series> lines = report.forms.stream()
                .map(form -> new CurvePlot.Series(form.form, looks, form.losses()))
                .toList();
        return CurvePlot.draw(List.of(new CurvePlot.Panel("Validation cross-entropy", "step", lines)));
    }

    private static void print(Report report, PrintWriter text) {
        Table table = new Table(
                "form", "norm ~ condition", "norm's variation", "gradient's variation", "best loss", "last loss");
        for (Form form : report.forms) {
            table.row(
                    form.form,
                    figure(form.mean(DropoutExperiment.Outcome::proportionality)),
                    figure(form.mean(DropoutExperiment.Outcome::variation)),
                    figure(form.mean(DropoutExperiment.Outcome::gradientVariation)),
                    figure(form.mean(DropoutExperiment.Outcome::best)),
                    figure(form.losses()[form.losses().length - 1]));
        }
        text.printf(
                "Means of %d seeds, %d steps. Before training: correlation of the first weight's norm with the"
                        + " condition,%nand its deviation over its mean. Losses: validation cross-entropy over five"
                        + " conditions.%n%n",
                report.forms.get(0).runs.size(), report.steps);
        text.print(table);
    }

    private static String figure(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
