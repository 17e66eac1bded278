package dev.weft.cli.symmetry;

import dev.weft.checkpoints.format.TensorFormat;
import dev.weft.checkpoints.format.recognise.Hints;
import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.options.Output;
import dev.weft.cli.options.ProgressOption;
import dev.weft.cli.options.RecognitionOptions;
import dev.weft.cli.options.SeedOption;
import dev.weft.cli.options.TargetFile;
import dev.weft.cli.plot.CurvePlot;
import dev.weft.cli.plot.PictureFiles;
import dev.weft.cli.report.Progress;
import dev.weft.network.Architecture;
import dev.weft.symmetry.align.ActivationMatching;
import dev.weft.symmetry.align.Alignment;
import dev.weft.symmetry.align.Interpolation;
import dev.weft.symmetry.align.WeightMatching;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weft align}. */
@Command(
        name = "align",
        description = {
            "Move network B close to network A by permutations (and signs, scales and phases) that do not change its function,"
                    + " and show the loss on the straight line between the two, before and after.",
            "A and B are checkpoints or zoos, of one architecture. Networks that could be for the built-in digits are measured"
                    + " on those, others on --images or --png, or else by their outputs on random inputs."
        },
        footer = {
            "",
            "Example:",
            "  weft align a.safetensors b.safetensors --out b-aligned.safetensors --plot barrier.png",
            "  weft align a.pt b.pt --by activations --images t10k-images.gz --labels t10k-labels.gz",
            "  weft align digits-zoo digits-zoo --row-b digits/7 --json"
        })
public final class AlignCommand implements Callable<Integer> {

    private static final long MOST_MEASURED = 30_000_000; // parameters, unless a plot is asked for

    @Parameters(index = "0", paramLabel = "A", description = "The network that stays.")
    private Path a;

    @Parameters(index = "1", paramLabel = "B", description = "The network that moves.")
    private Path b;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Write B as it was moved, under B's own names and types.")
    private @Nullable Path out;

    @Option(names = "--force", description = "Replace FILE and the plot if they exist.")
    private boolean force;

    @Option(names = "--plot", paramLabel = "FILE.png", description = "Draw the losses on the way from A to B.")
    private @Nullable Path plot;

    @Option(names = "--row-a", paramLabel = "ID", description = "Which network of the zoo A (default: the first).")
    private @Nullable String rowA;

    @Option(names = "--row-b", paramLabel = "ID", description = "Which network of the zoo B (default: the first).")
    private @Nullable String rowB;

    @Option(
            names = "--points",
            paramLabel = "NUMBER",
            description = "At how many points of the way the loss is measured (default: ${DEFAULT-VALUE}).")
    private int points = Interpolation.POINTS_DEFAULT;

    @Mixin
    private MatchingOptions matching = new MatchingOptions();

    @Mixin
    private LossOptions losses = new LossOptions();

    @Mixin
    private RecognitionOptions recognition = new RecognitionOptions();

    @Mixin
    private SeedOption seed = new SeedOption();

    @Mixin
    private ProgressOption progress = new ProgressOption();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws IOException {
        TensorFormat format = out == null ? null : LoadedNetwork.checkTarget(out, force);
        if (plot != null && !plot.toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
            throw new IllegalArgumentException("--plot: expected a name that ends in .png, got " + plot);
        }
        if (plot != null) {
            TargetFile.checkAbsent(plot, force);
        }
        if (points < 2) {
            throw new IllegalArgumentException("--points: expected at least 2, got " + points);
        }
        Hints hints = recognition.hints();
        LoadedNetwork first = LoadedNetwork.open(a, rowA, hints);
        LoadedNetwork second = LoadedNetwork.open(b, rowB, hints);
        second.requireLike(first);
        second.requireTarget(format, out);
        AlignReport report = align(first, second, format);
        output.print(report, text -> text.print(report.text()));
        return ExitCode.OK;
    }

    private AlignReport align(LoadedNetwork first, LoadedNetwork second, @Nullable TensorFormat format)
            throws IOException {
        Architecture architecture = first.architecture();
        boolean measured = plot != null || architecture.parameterCount() <= MOST_MEASURED;
        Alignment found;
        double[] moved;
        AlignReport.Curve curve = null;
        if (measured || matching.by() == MatchingOptions.By.ACTIVATIONS) {
            try (NetworkLoss loss = losses.open(architecture, seed.get())) {
                found = found(first, second, loss);
                moved = found.element().apply(second.row());
                curve = measured ? curve(first.row(), second.row(), moved, loss) : null;
            }
        } else {
            found = byWeights(first, second);
            moved = found.element().apply(second.row());
        }
        if (out != null && format != null) {
            second.write(moved, format, out);
        }
        return new AlignReport(
                first.title(),
                second.title(),
                architecture.toString(),
                architecture.parameterCount(),
                matching.by().name().toLowerCase(Locale.ROOT),
                new AlignReport.Similarity(found.before(), found.after()),
                found.sweeps(),
                found.moved(),
                curve,
                out == null ? null : out.toString(),
                curve != null && plot != null && draw(plot, curve) ? plot.toString() : null);
    }

    private Alignment found(LoadedNetwork first, LoadedNetwork second, NetworkLoss loss) {
        return matching.by() == MatchingOptions.By.WEIGHTS
                ? byWeights(first, second)
                : ActivationMatching.match(
                        first.architecture(),
                        first.row(),
                        second.row(),
                        loss.inputs(),
                        matching.settings(first.architecture()).signs());
    }

    private Alignment byWeights(LoadedNetwork first, LoadedNetwork second) {
        WeightMatching.Settings settings = matching.settings(first.architecture());
        long sets = WeightMatching.sets(first.architecture());
        int restarts = matching.restarts();
        try (Progress line = progress.start("Matching", sets * restarts, "blocks")) {
            Alignment found = WeightMatching.match(
                    first.architecture(),
                    first.row(),
                    second.row(),
                    seed.get().split("match"),
                    settings,
                    (restart, sweep, visited) -> line.update(
                            sets * restart + visited, "restart " + (restart + 1) + ", sweep " + (sweep + 1)));
            line.update(sets * restarts);
            return found;
        }
    }

    private AlignReport.Curve curve(double[] first, double[] second, double[] moved, NetworkLoss loss) {
        Interpolation before = Interpolation.of(first, second, points, loss.from(first));
        Interpolation after = Interpolation.of(first, moved, points, loss.from(first));
        return new AlignReport.Curve(loss.name(), before.t(), AlignReport.Way.of(before), AlignReport.Way.of(after));
    }

    private static boolean draw(Path file, AlignReport.Curve curve) throws IOException {
        List<CurvePlot.Series> series = List.of(
                new CurvePlot.Series("as given", curve.t(), curve.before().losses()),
                new CurvePlot.Series("aligned", curve.t(), curve.after().losses()));
        return PictureFiles.write(
                file,
                () -> CurvePlot.draw(
                        List.of(new CurvePlot.Panel("Loss between A and B", "from A (0) to B (1)", series))));
    }
}
