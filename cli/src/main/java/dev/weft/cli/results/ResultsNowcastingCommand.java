package dev.weft.cli.results;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.exit.InterruptedJobException;
import dev.weft.cli.exit.Interruption;
import dev.weft.cli.options.Output;
import dev.weft.cli.options.ProgressOption;
import dev.weft.cli.report.Progress;
import dev.weft.cli.report.Table;
import dev.weft.cli.zoo.ImageOptions;
import dev.weft.datasets.image.ImageSource;
import dev.weft.datasets.training.ImageClassification;
import dev.weft.datasets.training.NetworkName;
import dev.weft.datasets.training.NetworkTraining;
import dev.weft.datasets.training.PixelNormalisation;
import dev.weft.datasets.training.StepsToTarget;
import dev.weft.datasets.training.TrainingRecipe;
import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

/** {@code weft results nowcasting}: so far the baseline, Adam alone. */
@Command(
        name = "nowcasting",
        description =
                "Train small networks with NiNo's recipe until they have a test accuracy, and write how many steps"
                        + " that took as a page.",
        footer = {
            "",
            "What is trained is kept in DIR/steps.jsonl, so the same command goes on where it was stopped.",
            "",
            "Example:",
            "  weft results nowcasting --runs fashion-steps --target 0.895 --pixel-mean 0.1307 --pixel-deviation 0.3081 \\",
            "      --held-out 0.0833333 --images train-images-idx3-ubyte.gz --labels train-labels-idx1-ubyte.gz \\",
            "      --test-images t10k-images-idx3-ubyte.gz --test-labels t10k-labels-idx1-ubyte.gz"
        })
final class ResultsNowcastingCommand implements Callable<Integer> {

    private static final String RESUME = "run the same command again";

    /** The baseline's name in the table. */
    private static final String ADAM = "Adam";

    @Option(names = "--runs", paramLabel = "DIR", required = true, description = "Where finished trainings are noted.")
    private Path runs;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "docs/results/nowcasting.md",
            description = "The page (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "10",
            description = "How many networks are trained, from the seeds 0, 1, ... (default: ${DEFAULT-VALUE}).")
    private int seeds;

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
        ImageClassification task = readImages();
        Architecture architecture = NetworkName.parse(network).forImages(task.imageShape(), task.classes());
        TrainingRecipe recipe = recipe();
        StepsToTarget race = new StepsToTarget(target, every, recipe.steps());
        String protocol = String.format(
                Locale.ROOT,
                "%s, accuracy %s on %,d test images, tested every %d steps, at most %,d steps, %s, trained on %,d images of"
                        + " %s, pixels less %s, divided by %s",
                architecture,
                target,
                task.testSize(),
                every,
                recipe.steps(),
                recipe.provenance(),
                task.size(),
                task.provenance().get("source.digest"),
                task.provenance().get("images.mean"),
                task.provenance().get("images.deviation"));
        StepsLog log = StepsLog.open(runs, protocol);
        List<StepsLog.Entry> entries = new ArrayList<>();
        try (Interruption stop = Interruption.watch(Thread.currentThread()::interrupt)) {
            for (long seed : LongStream.range(0, seeds).toArray()) {
                if (log.find(ADAM, seed).isEmpty()) {
                    log.append(train(task, architecture, recipe, race, protocol, seed));
                }
                entries.add(log.find(ADAM, seed).orElseThrow());
            }
        } catch (CancellationException e) {
            Thread.interrupted(); // taken note of
            throw new InterruptedJobException(entries.size() + " of " + seeds + " trainings are noted", RESUME);
        }
        write(new NowcastingPage(protocol, task.provenance(), command(), entries).text());
        output.print(new Report(out, entries), text -> print(entries, text));
        return ExitCode.OK;
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

    private StepsLog.Entry train(
            ImageClassification task,
            Architecture architecture,
            TrainingRecipe recipe,
            StepsToTarget race,
            String protocol,
            long seed) {
        long start = System.nanoTime();
        String label = "Seed " + seed + ", " + ADAM;
        try (NDManager manager = NDManager.newBaseManager(Device.cpu());
                NetworkTraining training =
                        new NetworkTraining(manager, task, architecture, recipe, List.of(runSeed(seed)));
                Progress line = progress.start(label, recipe.steps(), "steps")) {
            StepsToTarget.Outcome outcome = race.run(
                    training,
                    task.testSize(),
                    (done, score) ->
                            line.update(done, String.format(Locale.ROOT, "accuracy %.2f %%", 100 * score.accuracy())));
            return new StepsLog.Entry(
                    protocol,
                    ADAM,
                    seed,
                    outcome.reached(),
                    outcome.steps(),
                    outcome.score().loss(),
                    outcome.score().accuracy(),
                    (System.nanoTime() - start) / 1e9,
                    Runtime.getRuntime().availableProcessors());
        }
    }

    /** Returns the seed of run number {@code seed} of a zoo of trajectories with the default seed. */
    private static Seed runSeed(long seed) {
        return new Seed(Seed.DEFAULT).split("trajectory").split(seed);
    }

    private String command() {
        return "weft " + String.join(" ", spec.commandLine().getParseResult().originalArgs());
    }

    private void write(String page) throws IOException {
        Path parent = out.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.write(out, page.getBytes(StandardCharsets.UTF_8));
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
