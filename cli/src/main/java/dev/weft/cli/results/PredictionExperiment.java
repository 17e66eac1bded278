package dev.weft.cli.results;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import com.sun.management.OperatingSystemMXBean;
import dev.weft.checkpoints.Split;
import dev.weft.cli.exit.InterruptedJobException;
import dev.weft.cli.exit.Interruption;
import dev.weft.cli.ghn.GhnData;
import dev.weft.cli.ghn.GhnSettings;
import dev.weft.cli.ghn.GhnTrainingJob;
import dev.weft.cli.options.ProgressOption;
import dev.weft.cli.report.Progress;
import dev.weft.cli.results.PredictionLog.Entry;
import dev.weft.cli.results.PredictionLog.Kind;
import dev.weft.cli.results.PredictionLog.Point;
import dev.weft.cli.zoo.ImageOptions;
import dev.weft.datasets.architecture.ArchitectureFile;
import dev.weft.datasets.architecture.ArchitectureSplit;
import dev.weft.datasets.architecture.CellSpace;
import dev.weft.datasets.architecture.ImageTask;
import dev.weft.datasets.architecture.NetworkSampling;
import dev.weft.datasets.architecture.SampledNetwork;
import dev.weft.datasets.training.NetworkTraining;
import dev.weft.hypernets.ghn.GhnRun;
import dev.weft.hypernets.ghn.GraphHyperNetwork;
import dev.weft.hypernets.ghn.PredictedAccuracy;
import dev.weft.metanets.task.RunDirectory;
import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The work of {@code weft results parameter-prediction}: hypernetworks are trained and judged seed by seed, and behind the
 * first seed single networks are trained by gradient descent, from a drawn start and from what each hypernetwork wrote.
 * What a folder holds is not done again.
 */
final class PredictionExperiment {

    private static final String RESUME = "run the same command again";
    private static final String ARCHITECTURES = "architectures.arrow";

    private final Path folder;
    private final PredictionSettings settings;
    private final ImageOptions images;
    private final GhnData data;
    private final PredictionLog log;

    private PredictionExperiment(
            Path folder, PredictionSettings settings, ImageOptions images, GhnData data, PredictionLog log) {
        this.folder = folder;
        this.settings = settings;
        this.images = images;
        this.data = data;
        this.log = log;
    }

    /** Opens a folder; architectures are drawn if it has none. */
    static PredictionExperiment open(Path folder, PredictionSettings settings, ImageOptions images) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(ARCHITECTURES);
        if (!Files.exists(file)) {
            Seed seed = new Seed(Seed.DEFAULT);
            List<SampledNetwork> drawn = new NetworkSampling(CellSpace.MICRO, seed.split("architectures"))
                    .draw(settings.counts(), count -> {});
            new ArchitectureFile(CellSpace.MICRO.text(), seed.value(), drawn).write(file);
        }
        GhnData data = GhnData.open(file, images, settings.size(), new Seed(Seed.DEFAULT));
        settings.counts().forEach((split, count) -> {
            int found = data.networks(split).size();
            if (found != count) {
                throw new IllegalArgumentException(file + " was drawn with other settings: expected " + count
                        + " networks in split " + split.text() + ", found " + found
                        + "; give the same settings or another directory for --runs");
            }
        });
        String protocol = settings + ", " + data.description();
        return new PredictionExperiment(folder, settings, images, data, PredictionLog.open(folder, protocol));
    }

    PredictionSettings settings() {
        return settings;
    }

    GhnData data() {
        return data;
    }

    PredictionLog log() {
        return log;
    }

    /** Returns where a hypernetwork's run is, or will be. */
    Path run(PredictionArm arm, long seed) {
        return folder.resolve(arm.model() + "-seed-" + seed);
    }

    /** Does what is left to do. */
    void work(int seeds, String command, ProgressOption progress, Interruption stop) throws IOException {
        for (long seed = 0; seed < seeds; seed++) {
            for (PredictionArm arm : PredictionArm.values()) {
                GhnRun run = train(arm, seed, command, progress, stop);
                judge(arm, run, seed, progress, stop);
            }
            if (seed == 0) {
                descend(progress, stop);
            }
        }
    }

    private GhnRun train(PredictionArm arm, long seed, String command, ProgressOption progress, Interruption stop)
            throws IOException {
        Path out = run(arm, seed);
        GhnSettings own = arm.settings(settings);
        GhnRun run = Files.exists(out.resolve(RunDirectory.CONFIG))
                ? GhnRun.open(out)
                : new GhnTrainingJob(folder.resolve(ARCHITECTURES), images, out, command)
                        .begin(arm.model(), own, data, new Seed(seed));
        data.requireOf(run);
        if (!run.config().training().equals(own.training())) {
            throw new IllegalArgumentException(out + " was begun with other settings: expected " + own.training()
                    + ", found " + run.config().training());
        }
        if (!run.finished()) {
            GhnTrainingJob.train(
                    run, data, steps -> progress.start(label(arm, seed, "training"), steps, "steps"), stop, RESUME);
        }
        return run;
    }

    private static String label(PredictionArm arm, long seed, String what) {
        return arm.label() + ", seed " + seed + ": " + what;
    }

    private void judge(PredictionArm arm, GhnRun run, long seed, ProgressOption progress, Interruption stop)
            throws IOException {
        List<SampledNetwork> left = Arrays.stream(ArchitectureSplit.values())
                .filter(split -> split != ArchitectureSplit.TRAIN)
                .flatMap(split -> data.networks(split).stream())
                .filter(network -> log.find(Kind.PREDICTED, arm.model(), seed, network.id())
                        .isEmpty())
                .toList();
        if (left.isEmpty()) {
            return;
        }
        try (NDManager manager = NDManager.newBaseManager(Device.cpu());
                Progress line = progress.start(label(arm, seed, "judging"), left.size(), "networks")) {
            GraphHyperNetwork model = run.load(manager);
            int done = 0;
            for (SampledNetwork network : left) {
                requireGoing(stop);
                Architecture architecture = network.architecture();
                OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
                long start = system.getProcessCpuTime(); // the engine's threads too
                float[] row = model.predict(manager, architecture);
                double seconds = (system.getProcessCpuTime() - start) * 1e-9;
                Point point = judged(manager, architecture, row, 0);
                log.append(new Entry(
                        log.protocol(),
                        Kind.PREDICTED,
                        arm.model(),
                        seed,
                        network.split().text(),
                        network.id(),
                        seconds,
                        List.of(point)));
                line.update(++done);
            }
        }
    }

    private Point judged(NDManager manager, Architecture architecture, float[] row, int steps) {
        PredictedAccuracy found = PredictedAccuracy.of(manager, architecture, row, data.images(Split.TEST));
        return new Point(steps, found.accuracy(), found.loss());
    }

    private static void requireGoing(Interruption stop) {
        if (stop.getAsBoolean()) {
            throw new InterruptedJobException("what was done is kept", RESUME);
        }
    }

    /** Trains single networks: of all splits from a drawn start, of the test split from each hypernetwork's. */
    private void descend(ProgressOption progress, Interruption stop) throws IOException {
        for (ArchitectureSplit split : ArchitectureSplit.values()) {
            if (split != ArchitectureSplit.TRAIN && split != ArchitectureSplit.VAL) {
                descend(PredictionLog.DRAWN, split, null, progress, stop);
            }
        }
        for (PredictionArm arm : PredictionArm.values()) {
            descend(arm.model(), ArchitectureSplit.TEST, run(arm, 0), progress, stop);
        }
    }

    private void descend(
            String start, ArchitectureSplit split, @Nullable Path run, ProgressOption progress, Interruption stop)
            throws IOException {
        List<SampledNetwork> left = data.networks(split).stream()
                .limit(settings.compared())
                .filter(network ->
                        log.find(Kind.DESCENT, start, 0, network.id()).isEmpty())
                .toList();
        if (left.isEmpty()) {
            return;
        }
        String label = "SGD on " + split.text() + " from " + start;
        try (NDManager manager = NDManager.newBaseManager(Device.cpu());
                Progress line = progress.start(label, left.size(), "networks")) {
            GraphHyperNetwork model = run == null ? null : GhnRun.open(run).load(manager);
            int done = 0;
            for (SampledNetwork network : left) {
                requireGoing(stop);
                Architecture architecture = network.architecture();
                float[] row = model == null ? null : model.predict(manager, architecture);
                log.append(new Entry(
                        log.protocol(),
                        Kind.DESCENT,
                        start,
                        0,
                        split.text(),
                        network.id(),
                        0,
                        course(manager, network.id(), architecture, row)));
                line.update(++done);
            }
        }
    }

    /** Returns how a network does along the descent; a network that diverges has no more points from there on. */
    private List<Point> course(NDManager manager, String id, Architecture architecture, float @Nullable [] start) {
        ImageTask task = new ImageTask(data.images(Split.TRAIN), data.images(Split.TEST), data.classes());
        List<Seed> seeds = List.of(new Seed(Seed.DEFAULT).split("descent").split(id));
        List<Point> points = new ArrayList<>();
        try (NetworkTraining training = start == null
                ? new NetworkTraining(manager, task, architecture, settings.descent(), seeds)
                : NetworkTraining.from(manager, task, architecture, settings.descent(), seeds, List.of(start))) {
            for (int mark : settings.marks(task.size())) {
                while (training.steps() < mark) {
                    try {
                        training.step();
                    } catch (IllegalStateException e) { // a loss that is not finite
                        return points;
                    }
                }
                points.add(judged(manager, architecture, training.parameters().get(0), mark));
            }
        }
        return points;
    }
}
