package dev.weft.cli.results;

import dev.weft.cli.exit.Interruption;
import dev.weft.cli.ghn.GhnData;
import dev.weft.cli.ghn.GhnTrainingJob;
import dev.weft.cli.options.ProgressOption;
import dev.weft.cli.report.Progress;
import dev.weft.cli.results.PredictionLog.Entry;
import dev.weft.cli.zoo.ImageOptions;
import dev.weft.datasets.architecture.ArchitectureFile;
import dev.weft.datasets.architecture.ArchitectureSplit;
import dev.weft.datasets.architecture.CellSpace;
import dev.weft.datasets.architecture.NetworkSampling;
import dev.weft.hypernets.ghn.GhnConfig;
import dev.weft.hypernets.ghn.GhnRun;
import dev.weft.hypernets.ghn.GhnTraining;
import dev.weft.metanets.task.RunDirectory;
import dev.weft.network.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The work of {@code weft results parameter-prediction}: hypernetworks are trained and judged, and behind seed 0 single
 * networks are trained by gradient descent, from a drawn start and from what each hypernetwork wrote. What a directory holds
 * is not done again, and several processes may work in it: each hypernetwork and each split from drawn starts has a folder of
 * its own.
 */
final class PredictionExperiment {

    private static final String ARCHITECTURES = "architectures.arrow";
    private static final long DESCENT_SEED = 0;

    private final Path runs;
    private final PredictionSettings settings;
    private final ImageOptions images;
    private final GhnData data;
    private final String protocol;

    private PredictionExperiment(Path runs, PredictionSettings settings, ImageOptions images, GhnData data) {
        this.runs = runs;
        this.settings = settings;
        this.images = images;
        this.data = data;
        this.protocol = settings + ", " + data.description();
    }

    /** Opens a directory; architectures are drawn if it has none. */
    static PredictionExperiment begin(
            Path runs, PredictionSettings settings, ImageOptions images, ProgressOption progress) throws IOException {
        try (FolderLock lock = FolderLock.await(runs)) { // whoever comes meanwhile finds them drawn
            Path file = runs.resolve(ARCHITECTURES);
            if (!Files.exists(file)) {
                draw(settings.counts(), progress).write(file);
            }
        }
        return open(runs, settings, images);
    }

    private static ArchitectureFile draw(Map<ArchitectureSplit, Integer> counts, ProgressOption progress) {
        Seed seed = new Seed(Seed.DEFAULT);
        int total = counts.values().stream().mapToInt(Integer::intValue).sum();
        try (Progress line = progress.start("Drawing architectures", total, "networks")) {
            NetworkSampling sampling = new NetworkSampling(CellSpace.MICRO, seed.split("architectures"));
            return new ArchitectureFile(CellSpace.MICRO.text(), seed.value(), sampling.draw(counts, line::update));
        }
    }

    /** Opens a directory that was begun. */
    static PredictionExperiment open(Path runs, PredictionSettings settings, ImageOptions images) throws IOException {
        Path file = runs.resolve(ARCHITECTURES);
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString(), null, "nothing has been done in --runs yet");
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
        PredictionExperiment experiment = new PredictionExperiment(runs, settings, images, data);
        experiment.entries(); // refuses those of other settings before anything is done
        return experiment;
    }

    PredictionSettings settings() {
        return settings;
    }

    GhnData data() {
        return data;
    }

    /** Returns what has been judged so far. */
    List<Entry> entries() throws IOException {
        return PredictionLog.all(runs, protocol);
    }

    /** Returns where a hypernetwork's run is, or will be. */
    Path run(PredictionArm arm, long seed) {
        return runs.resolve(arm.text() + "-seed-" + seed);
    }

    /** Does what is left to do of a share. */
    void work(PredictionShare share, String command, ProgressOption progress, Interruption stop) throws IOException {
        if (share.has(PredictionPart.DRAWN)) {
            drawn(progress, stop);
        }
        if (!share.worksOnArms()) {
            return;
        }
        for (long seed : share.range().toArray()) {
            for (PredictionArm arm : share.arms()) {
                try (FolderLock lock = FolderLock.take(run(arm, seed))) {
                    work(share, arm, seed, command, progress, stop);
                }
            }
        }
    }

    /** Trains networks from drawn starts: first the splits that no other process is at, then what is left of those. */
    private void drawn(ProgressOption progress, Interruption stop) throws IOException {
        List<ArchitectureSplit> busy = new ArrayList<>();
        for (ArchitectureSplit split : ArchitectureSplit.values()) {
            if (split != ArchitectureSplit.TRAIN && split != ArchitectureSplit.VAL) {
                Optional<FolderLock> lock = FolderLock.tryTake(drawn(split));
                if (lock.isEmpty()) {
                    busy.add(split);
                } else {
                    drawn(split, lock.get(), progress, stop);
                }
            }
        }
        for (ArchitectureSplit split : busy) {
            drawn(split, FolderLock.await(drawn(split)), progress, stop);
        }
    }

    private Path drawn(ArchitectureSplit split) {
        return runs.resolve(PredictionLog.DRAWN + "-" + split.text());
    }

    private void drawn(ArchitectureSplit split, FolderLock taken, ProgressOption progress, Interruption stop)
            throws IOException {
        try (FolderLock lock = taken) {
            source(PredictionLog.DRAWN, DESCENT_SEED, drawn(split), progress, stop)
                    .descend(split, null, "SGD on " + split.text() + " from drawn starts");
        }
    }

    private PredictionSource source(String start, long seed, Path folder, ProgressOption progress, Interruption stop)
            throws IOException {
        PredictionLog log = PredictionLog.open(folder, protocol);
        return new PredictionSource(start, seed, settings, data, log, progress, stop);
    }

    private void work(
            PredictionShare share,
            PredictionArm arm,
            long seed,
            String command,
            ProgressOption progress,
            Interruption stop)
            throws IOException {
        String label = arm.label() + ", seed " + seed + ": ";
        if (share.has(PredictionPart.TRAIN)) {
            train(arm, seed, command, label, progress, stop);
        }
        PredictionSource source = source(arm.text(), seed, run(arm, seed), progress, stop);
        if (share.has(PredictionPart.JUDGE)) {
            source.judge(trained(arm, seed), label + "judging");
        }
        if (share.has(PredictionPart.DESCEND) && seed == DESCENT_SEED && arm.isPublished()) {
            source.descend(ArchitectureSplit.TEST, trained(arm, seed), label + "SGD on what it wrote");
        }
    }

    private void train(
            PredictionArm arm, long seed, String command, String label, ProgressOption progress, Interruption stop)
            throws IOException {
        Path out = run(arm, seed);
        GhnRun run = Files.exists(out.resolve(RunDirectory.CONFIG))
                ? checked(arm, GhnRun.open(out))
                : new GhnTrainingJob(runs.resolve(ARCHITECTURES), images, out, command)
                        .begin(
                                arm.config(settings, data.classes()),
                                arm.settings(settings).training(),
                                data,
                                new Seed(seed));
        if (!run.finished()) {
            GhnTrainingJob.train(
                    run,
                    data,
                    steps -> progress.start(label + "training", steps, "steps"),
                    stop,
                    PredictionSource.RESUME);
        }
    }

    /** Checks that a run, wherever it was trained, is of this experiment. */
    private GhnRun checked(PredictionArm arm, GhnRun run) throws IOException {
        data.requireOf(run);
        GhnConfig model = arm.config(settings, data.classes());
        GhnTraining training = arm.settings(settings).training();
        if (!run.config().model().equals(model) || !run.config().training().equals(training)) {
            throw new IllegalArgumentException(
                    run.folder() + " was begun with other settings: expected " + model + " and " + training + ", found "
                            + run.config().model() + " and " + run.config().training());
        }
        return run;
    }

    private GhnRun trained(PredictionArm arm, long seed) throws IOException {
        GhnRun run = checked(arm, GhnRun.open(run(arm, seed)));
        if (!run.finished()) {
            throw new IllegalArgumentException(
                    run.folder() + ": this run is not finished; train it to its end first, --parts train");
        }
        return run;
    }
}
