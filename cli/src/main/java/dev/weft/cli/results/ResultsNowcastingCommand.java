package dev.weft.cli.results;

import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.exit.InterruptedJobException;
import dev.weft.cli.exit.Interruption;
import dev.weft.cli.options.CommandText;
import dev.weft.cli.options.Output;
import dev.weft.cli.options.ProgressOption;
import dev.weft.cli.report.Table;
import dev.weft.cli.zoo.ImageOptions;
import dev.weft.datasets.image.ImageSource;
import dev.weft.datasets.training.ImageClassification;
import dev.weft.datasets.training.NetworkName;
import dev.weft.datasets.training.PixelNormalisation;
import dev.weft.datasets.training.StepsToTarget;
import dev.weft.datasets.training.TrainingRecipe;
import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weft results nowcasting}. */
@Command(
        name = "nowcasting",
        description = "Train small networks with NiNo's recipe until they have a test accuracy, by Adam alone and with"
                + " forecasts, and write how many steps that took as a page.",
        footer = {
            "",
            "What is trained is kept in DIR/steps.jsonl, so the same command goes on where it was stopped.",
            "",
            "Example:",
            "  weft results nowcasting --runs fashion-steps --weights nino.pt \\",
            "      --target 0.895 --pixel-mean 0.1307 --pixel-deviation 0.3081 \\",
            "      --held-out 0.0833333 --images train-images-idx3-ubyte.gz --labels train-labels-idx1-ubyte.gz \\",
            "      --test-images t10k-images-idx3-ubyte.gz --test-labels t10k-labels-idx1-ubyte.gz"
        })
final class ResultsNowcastingCommand implements Callable<Integer> {

    private static final String RESUME = "run the same command again";

    @Option(names = "--runs", paramLabel = "DIR", required = true, description = "Where finished trainings are noted.")
    private Path runs;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "docs/results/nowcasting.md",
            description = "The page (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Option(
            names = "--weights",
            paramLabel = "FILE",
            description = "Forecast with these weights of NiNo or WNN+, .pt or safetensors (default: Adam alone).")
    private @Nullable Path weights;

    @Option(
            names = "--period",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Steps from one forecast to the next (default: ${DEFAULT-VALUE}, the published).")
    private int period;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "10",
            description = "How many networks are trained with each optimizer (default: ${DEFAULT-VALUE}).")
    private int seeds;

    @Option(
            names = "--first-seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "The seeds are N, N + 1, ... (default: ${DEFAULT-VALUE}).")
    private long firstSeed;

    @Option(
            names = "--network",
            paramLabel = "NAME",
            defaultValue = "conv-16-32-32",
            description = "See weft zoo trajectories (default: ${DEFAULT-VALUE}).")
    private String network;

    @Option(
            names = "--target",
            paramLabel = "X",
            defaultValue = "0.895",
            description = "The accuracy that is aimed at (default: ${DEFAULT-VALUE}, NiNo's for Fashion-MNIST).")
    private double target;

    @Option(
            names = "--every",
            paramLabel = "N",
            defaultValue = "50",
            description = "Steps between two tests (default: ${DEFAULT-VALUE}).")
    private long every;

    @Option(names = "--steps", paramLabel = "N", description = "The most steps (default: 10000).")
    private @Nullable Long steps;

    @Option(
            names = "--held-out",
            paramLabel = "X",
            defaultValue = "0",
            description = "Share of the training images that is left out, the last (default: ${DEFAULT-VALUE}; NiNo's"
                    + " authors: a twelfth).")
    private double heldOut;

    @Option(
            names = "--pixel-mean",
            paramLabel = "X",
            split = ",",
            description = "Taken off the pixels of each channel (default: of the training images).")
    private List<Double> pixelMeans = List.of();

    @Option(names = "--pixel-deviation", paramLabel = "X", split = ",", description = "What they are divided by.")
    private List<Double> pixelDeviations = List.of();

    @ArgGroup(exclusive = false, heading = "Images (default: the 1,797 built-in digits of 8 x 8 pixels):%n")
    private @Nullable ImageOptions images;

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    @Mixin
    private final Output output = new Output();

    @Spec
    private CommandSpec spec;

    /** What {@code --json} prints. */
    record Report(Path page, List<StepsLog.Entry> runs) {}

    @Override
    public Integer call() throws IOException {
        if (seeds < 1) {
            throw new IllegalArgumentException("--seeds: expected at least 1, got " + seeds);
        }
        TrainingRecipe recipe = recipe();
        StepsToTarget race = new StepsToTarget(target, every, recipe.steps());
        List<Contender> contenders = new ArrayList<>(List.of(Contender.adam(recipe)));
        if (weights != null) {
            contenders.add(Contender.nowcasting(recipe, weights, period));
        }
        ImageClassification task = readImages();
        Architecture architecture = NetworkName.parse(network).forImages(task.imageShape(), task.classes());
        NowcastingTrial trial = new NowcastingTrial(task, architecture, recipe, race, progress);
        Map<String, String> protocols = new LinkedHashMap<>();
        contenders.forEach(contender -> protocols.put(contender.name(), trial.protocol() + "; " + contender.detail()));
        List<StepsLog.Entry> entries = train(trial, contenders, protocols);
        String command = CommandText.of(spec);
        NowcastingPage page = new NowcastingPage(trial.protocol(), contenders, task.provenance(), command, entries);
        page.write(out);
        output.print(new Report(out, entries), text -> print(entries, text));
        return ExitCode.OK;
    }

    /** Trains what is not noted yet, seed by seed. */
    private List<StepsLog.Entry> train(NowcastingTrial trial, List<Contender> contenders, Map<String, String> protocols)
            throws IOException {
        StepsLog log = StepsLog.open(runs, protocols);
        List<StepsLog.Entry> entries = new ArrayList<>();
        try (Interruption stop = Interruption.watch(Thread.currentThread()::interrupt)) {
            for (long seed : LongStream.range(firstSeed, firstSeed + seeds).toArray()) {
                for (Contender contender : contenders) {
                    String name = contender.name();
                    if (log.find(name, seed).isEmpty()) {
                        log.append(trial.run(contender, protocols.getOrDefault(name, ""), seed));
                    }
                    entries.add(log.find(name, seed).orElseThrow());
                }
            }
        } catch (CancellationException e) {
            Thread.interrupted(); // taken note of
            throw new InterruptedJobException(
                    entries.size() + " of " + seeds * contenders.size() + " trainings are noted", RESUME);
        }
        return entries;
    }

    private ImageClassification readImages() throws IOException {
        ImageOptions options = images == null ? new ImageOptions() : images;
        PixelNormalisation normalisation = pixelMeans.isEmpty() && pixelDeviations.isEmpty()
                ? null
                : new PixelNormalisation(pixelMeans, pixelDeviations);
        double test = options.hasTesting() ? 0 : ImageClassification.Settings.TEST_DEFAULT;
        try (ImageSource source = options.open()) {
            return ImageClassification.read(
                    source, new ImageClassification.Settings(test, heldOut, normalisation, new Seed(Seed.DEFAULT)));
        }
    }

    private TrainingRecipe recipe() {
        TrainingRecipe recipe = TrainingRecipe.ninoVision();
        return steps == null ? recipe : recipe.withSteps(steps);
    }

    private void print(List<StepsLog.Entry> entries, PrintWriter text) {
        Table table = new Table("optimizer", "seed", "reached", "steps", "accuracy", "seconds");
        for (StepsLog.Entry entry : entries) {
            table.row(
                    entry.optimizer(),
                    entry.seed(),
                    entry.reached(),
                    entry.steps(),
                    String.format(Locale.ROOT, "%.2f %%", 100 * entry.accuracy()),
                    String.format(Locale.ROOT, "%.0f", entry.seconds()));
        }
        text.print(table);
        text.println();
        text.printf("Page: %s%n", out);
    }
}
