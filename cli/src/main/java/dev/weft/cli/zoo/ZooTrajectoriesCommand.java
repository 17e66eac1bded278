package dev.weft.cli.zoo;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.weft.checkpoints.ZooHeader;
import dev.weft.checkpoints.ZooWriter;
import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.exit.InterruptedJobException;
import dev.weft.cli.exit.Interruption;
import dev.weft.cli.options.ConfigOptions;
import dev.weft.cli.options.Output;
import dev.weft.cli.options.ProgressOption;
import dev.weft.cli.options.SeedOption;
import dev.weft.cli.report.Progress;
import dev.weft.cli.report.Release;
import dev.weft.datasets.training.ImageClassification;
import dev.weft.datasets.training.LearningTask;
import dev.weft.datasets.training.NetworkName;
import dev.weft.datasets.training.TextModelling;
import dev.weft.datasets.training.TrajectoryZoo;
import dev.weft.network.Architecture;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code weft zoo trajectories}. */
@Command(
        name = "trajectories",
        description = "Train networks from different seeds and keep their parameters on the way as a zoo.",
        footer = {
            "",
            "Settings for --config and --set, with the defaults of conv-16-32-32:",
            "  network: conv-16-32-32  runs: 10      steps: 2000         every: 20",
            "  optimizer: adamw        batchSize: 128 learningRate: 0.006 (mlp, gpt: 0.001)",
            "  schedule: constant      warmup: 0     weightDecay: 0      momentum: 0.9 (of sgd)",
            "  init: torch (gpt: gpt2) sideBySide: 1 (mlp, gpt: 8)       testExamples: 1000",
            "  val: 0.1                test: 0.2     (shares of runs)",
            "  imagesTest: 0.2 (0 with --test-*)     imagesHeldOut: 0    (shares of images)",
            "  pixelMeans: []          pixelDeviations: [] (of the training images)",
            "  length: 64              textTest: 0.1 (share of the text)",
            "",
            "Example:",
            "  weft zoo trajectories --out digits-runs",
            "  weft zoo trajectories --out text-runs --network gpt-2-32-2 --text book.txt"
        })
final class ZooTrajectoriesCommand implements Callable<Integer> {

    /** The network that is trained if none is named. */
    static final String NETWORK_DEFAULT = "conv-16-32-32";

    /**
     * What the command reports.
     *
     * @param networks rows of the zoo
     * @param trained those that this command trained
     * @param testLoss of the last network that was trained; missing if nothing was left to train
     * @param testAccuracy of the same, in [0, 1]
     */
    record Report(
            Path zoo,
            String source,
            String architecture,
            int runs,
            int networks,
            int trained,
            @Nullable Double testLoss,
            @Nullable Double testAccuracy,
            double seconds) {}

    @Option(
            names = "--out",
            required = true,
            paramLabel = "ZOO",
            description = "The directory of the zoo, new or empty.")
    private Path out;

    @Option(names = "--resume", description = "Go on with a zoo that was begun with the same settings.")
    private boolean resume;

    @Option(
            names = "--network",
            paramLabel = "NAME",
            description =
                    "conv-16-32-32 (default: NiNo's small network; any channels), mlp-32-32 (any hidden widths), or"
                            + " gpt-2-32-2 (layers, width, heads; reads characters).")
    private @Nullable String network;

    @Option(names = "--runs", paramLabel = "N", description = "How many networks are trained.")
    private @Nullable Integer runs;

    @Option(names = "--steps", paramLabel = "N", description = "Steps of each.")
    private @Nullable Long steps;

    @Option(names = "--every", paramLabel = "N", description = "Steps from one network that is kept to the next.")
    private @Nullable Long every;

    @Option(names = "--learning-rate", paramLabel = "X", description = "The optimizer's.")
    private @Nullable Double learningRate;

    @Mixin
    private final TaskOptions data = new TaskOptions();

    @Mixin
    private final SeedOption seed = new SeedOption();

    @Mixin
    private final ConfigOptions config = new ConfigOptions();

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    @Mixin
    private final Output output = new Output();

    @Override
    public Integer call() throws IOException {
        TrajectorySettings settings = settings();
        NetworkName name = NetworkName.parse(settings.network());
        if (name.kind() == NetworkName.Kind.GPT) {
            TextModelling task = data.text(name, settings.length(), settings.textTest());
            train(settings, task, name.forText(task.text().vocabularySize(), task.length()));
        } else {
            ImageClassification task = data.images(name, settings.imageSettings(seed.get()));
            train(settings, task, name.forImages(task.imageShape(), task.classes()));
        }
        return ExitCode.OK;
    }

    private void train(TrajectorySettings settings, LearningTask task, Architecture architecture) throws IOException {
        TrajectoryZoo job = new TrajectoryZoo(
                task, architecture, settings.zooSettings(seed.get(), Map.of("weft", Release.version())));
        ZooHeader header = job.header();
        ZooWriter writer = resume ? ZooWriter.resume(out, header) : ZooWriter.create(out, header);
        long start = System.nanoTime();
        int before = WrittenParts.rows(writer, header);
        TrajectoryZoo.Progress last = run(job, writer, before);
        Report report = new Report(
                out,
                task.name(),
                architecture.toString(),
                settings.runs(),
                header.rows(),
                header.rows() - before,
                last == null ? null : last.last().loss(),
                last == null ? null : last.last().accuracy(),
                (System.nanoTime() - start) / 1e9);
        output.print(
                report,
                printed -> printed.printf(
                        Locale.ROOT,
                        "%,d networks (%s) of %,d runs in %s%n",
                        report.networks,
                        report.architecture,
                        report.runs,
                        out));
    }

    /** Returns how the last network did, nothing if none was left to train. */
    private TrajectoryZoo.@Nullable Progress run(TrajectoryZoo job, ZooWriter writer, int before) throws IOException {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu());
                Progress line = progress.start("Training", job.header().rows(), "networks");
                Interruption stop = Interruption.watch(Thread.currentThread()::interrupt)) {
            line.resumeAt(before);
            return write(job, writer, manager, line);
        } catch (InterruptedIOException | ClosedByInterruptException e) {
            Thread.interrupted(); // taken note of
            throw WrittenParts.interrupted(writer, InterruptedJobException.WITH_RESUME);
        }
    }

    private static TrajectoryZoo.@Nullable Progress write(
            TrajectoryZoo job, ZooWriter writer, NDManager manager, Progress line) throws IOException {
        AtomicReference<TrajectoryZoo.@Nullable Progress> last = new AtomicReference<>();
        job.write(manager, writer, now -> {
            last.set(now);
            line.update(
                    now.done(),
                    String.format(
                            Locale.ROOT,
                            "test loss %.3f, accuracy %.1f %%",
                            now.last().loss(),
                            100 * now.last().accuracy()));
        });
        return last.get();
    }

    /** Binds twice: the network, which may come from the file, decides the defaults of the rest. */
    private TrajectorySettings settings() throws IOException {
        boolean isTestGiven = data.hasTesting();
        String name = config.bind(TrajectorySettings.of(NetworkName.parse(NETWORK_DEFAULT), isTestGiven), flags())
                .network();
        return config.bind(TrajectorySettings.of(NetworkName.parse(name), isTestGiven), flags());
    }

    private Map<String, Object> flags() {
        Map<String, Object> flags = new LinkedHashMap<>();
        put(flags, "network", network);
        put(flags, "runs", runs);
        put(flags, "steps", steps);
        put(flags, "every", every);
        put(flags, "learningRate", learningRate);
        return flags;
    }

    private static void put(Map<String, Object> flags, String key, @Nullable Object value) {
        if (value != null) {
            flags.put(key, value);
        }
    }
}
