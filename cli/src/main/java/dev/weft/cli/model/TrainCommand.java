package dev.weft.cli.model;

import dev.weft.checkpoints.Zoo;
import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.exit.InterruptedJobException;
import dev.weft.cli.exit.Interruption;
import dev.weft.cli.ghn.GhnTrainingJob;
import dev.weft.cli.nowcast.NowcastTrainingJob;
import dev.weft.cli.options.CommandText;
import dev.weft.cli.options.ConfigOptions;
import dev.weft.cli.options.DeviceOption;
import dev.weft.cli.options.Output;
import dev.weft.cli.options.ProgressOption;
import dev.weft.cli.options.SeedOption;
import dev.weft.cli.zoo.ImageOptions;
import dev.weft.metanets.task.RunDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weft train}. */
@Command(
        name = "train",
        description = {
            "Train a metanet on a zoo: which class does each network show?",
            "The best epoch by validation accuracy is kept, then tested once.",
            "Or, with --task ghn, train a graph hypernetwork on a file of architectures and on images;",
            "with --task nowcast, train NiNo or WNN+ to forecast parameters, on a zoo of trajectories."
        },
        footer = {
            "",
            "Example:",
            "  weft train digits-zoo --model ng-gnn --probes 64 --out runs/ng64 --set training.epochs=40",
            "  weft train micro.arrow --task ghn --model ghn-3 --out runs/ghn3 --set training.steps=2000",
            "  weft train digits-runs --task nowcast --out runs/nino --set training.stride=5"
        })
public final class TrainCommand implements Callable<Integer> {

    private static final String DEFAULT_TASK = "inr-classification";
    private static final String DEFAULT_MODEL = "ng-gnn";

    @Parameters(paramLabel = "ZOO", description = "The zoo's directory; for ghn, a file of architectures.")
    private Path zooFolder;

    @Option(names = "--out", paramLabel = "RUN", required = true, description = "Where to write the run.")
    private Path out;

    @Option(
            names = "--task",
            paramLabel = "NAME",
            defaultValue = DEFAULT_TASK,
            description = "inr-classification, ghn or nowcast (default: ${DEFAULT-VALUE}).")
    private String task;

    @Option(
            names = "--model",
            paramLabel = "NAME",
            description = {
                "mlp, statnn, probegen or ng-gnn (default: " + DEFAULT_MODEL + ");",
                "for ghn: ghn-1, ghn-2, ghn-3, logah, which has ghn-3's encoder and a low-rank decoder, or nodes, which"
                        + " sees no edges (default: " + GhnTrainingJob.DEFAULT_MODEL
                        + ");",
                "for nowcast: nino or wnn+ (default: " + NowcastTrainingJob.DEFAULT_MODEL + ")."
            })
    private @Nullable String model;

    @Option(
            names = "--also",
            paramLabel = "ZOO",
            description = "Another zoo to train on, for nowcast; may be repeated. Architectures may differ.")
    private final List<Path> others = new ArrayList<>();

    @Option(names = "--probes", paramLabel = "N", description = "Learned inputs that the networks are run on.")
    private @Nullable Integer probes;

    @Option(names = "--epochs", paramLabel = "N", description = "Passes over the training networks.")
    private @Nullable Integer epochs;

    @Option(names = "--resume", description = "Go on with a run that was interrupted; its own settings are used.")
    private boolean resume;

    @ArgGroup(exclusive = false, heading = "Images, for ghn (default: the 1,797 built-in digits of 8 x 8 pixels):%n")
    private @Nullable ImageOptions images;

    @Mixin
    private final ConfigOptions config = new ConfigOptions();

    @Mixin
    private final SeedOption seed = new SeedOption();

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    @Mixin
    private final DeviceOption device = new DeviceOption();

    @Mixin
    private final Output output = new Output();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        refuseForeignOptions();
        if (task.equals(GhnTrainingJob.TASK)) {
            trainHypernetwork();
        } else if (task.equals(NowcastTrainingJob.TASK)) {
            trainForecaster();
        } else if (task.equals(DEFAULT_TASK)) {
            trainMetanet();
        } else {
            throw new IllegalArgumentException("no task '" + task + "'; there are " + DEFAULT_TASK + ", "
                    + GhnTrainingJob.TASK + " and " + NowcastTrainingJob.TASK);
        }
        return ExitCode.OK;
    }

    private void refuseForeignOptions() {
        if (!task.equals(DEFAULT_TASK) && (probes != null || epochs != null)) {
            throw new IllegalArgumentException(
                    "--probes and --epochs are not for " + task + "; see --set training.steps=N");
        }
        if (!task.equals(DEFAULT_TASK) && device.isGpu()) {
            throw new IllegalArgumentException("--device is not for " + task + ", which trains on the CPU");
        }
        if (!task.equals(GhnTrainingJob.TASK) && images != null) {
            throw new IllegalArgumentException("images are for --task ghn; a zoo has its own");
        }
        if (!task.equals(NowcastTrainingJob.TASK) && !others.isEmpty()) {
            throw new IllegalArgumentException("--also is for " + NowcastTrainingJob.TASK + " only");
        }
    }

    private void trainMetanet() throws IOException {
        try (Zoo zoo = Zoo.open(zooFolder);
                Interruption stop = Interruption.watch()) {
            TrainingJob job = new TrainingJob(zoo, zooFolder, InterruptedJobException.WITH_RESUME, device.get());
            RunDirectory run =
                    resume && Files.exists(out.resolve(RunDirectory.CONFIG)) ? RunDirectory.open(out) : create(job);
            TrainingJob.Result result = job.train(
                    run,
                    total -> progress.start("Training " + run.config().model().name(), total, "networks"),
                    stop);
            output.print(result, text -> print(result, text));
        }
    }

    private void trainHypernetwork() throws IOException {
        String name = model == null ? GhnTrainingJob.DEFAULT_MODEL : model;
        ImageOptions imagesOrDigits = images == null ? new ImageOptions() : images;
        try (Interruption stop = Interruption.watch()) {
            GhnTrainingJob.Result result = new GhnTrainingJob(zooFolder, imagesOrDigits, out, CommandText.of(spec))
                    .run(name, config, seed.get(), resume, progress, stop);
            output.print(
                    result,
                    text -> text.printf(
                            Locale.ROOT,
                            "Validation networks are right for %.1f %% of the images (best of %d rounds: %d)%n"
                                    + "The run is in %s%n",
                            100 * result.validationAccuracy(),
                            result.rounds(),
                            result.bestRound(),
                            result.run()));
        }
    }

    private void trainForecaster() throws IOException {
        List<Path> folders = new ArrayList<>(List.of(zooFolder));
        folders.addAll(others);
        String name = model == null ? NowcastTrainingJob.DEFAULT_MODEL : model;
        try (NowcastTrainingJob job = new NowcastTrainingJob(folders, out, CommandText.of(spec));
                Interruption stop = Interruption.watch()) {
            NowcastTrainingJob.Result result = job.run(name, config, seed.get(), resume, progress, stop);
            output.print(
                    result,
                    text -> text.printf(
                            Locale.ROOT,
                            "Validation error %.4f, that of the last state %.4f (best of %d rounds: %d)%n"
                                    + "The run is in %s%n",
                            result.validationError(),
                            result.lastStateError(),
                            result.rounds(),
                            result.bestRound(),
                            result.run()));
        }
    }

    private RunDirectory create(TrainingJob job) throws IOException {
        Map<String, Object> flags = new LinkedHashMap<>();
        if (probes != null) {
            flags.put("model.probes", probes);
        }
        if (epochs != null) {
            flags.put("training.epochs", epochs);
        }
        TrainSettings settings =
                (TrainSettings) config.bind(TrainSettings.defaults(model == null ? DEFAULT_MODEL : model), flags);
        return job.create(
                out, settings.model(), settings.training(), settings.augmentation(), seed.get(), CommandText.of(spec));
    }

    private static void print(TrainingJob.Result result, PrintWriter text) {
        text.printf(
                Locale.ROOT,
                "%s: test accuracy %.2f %% on %,d networks (best of %d epochs: %d, validation %.2f %%), "
                        + "%,d parameters, %.2f s an epoch%n",
                result.model(),
                100 * result.test().accuracy(),
                result.test().networks(),
                result.epochs(),
                result.bestEpoch(),
                100 * result.validationAccuracy(),
                result.test().parameters(),
                result.secondsPerEpoch());
        text.printf("The run is in %s%n", result.run());
    }
}
