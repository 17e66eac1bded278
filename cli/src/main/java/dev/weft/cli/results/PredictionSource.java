package dev.weft.cli.results;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.weft.checkpoints.Split;
import dev.weft.cli.exit.InterruptedJobException;
import dev.weft.cli.exit.Interruption;
import dev.weft.cli.ghn.GhnData;
import dev.weft.cli.options.ProgressOption;
import dev.weft.cli.report.Progress;
import dev.weft.cli.results.PredictionLog.Entry;
import dev.weft.cli.results.PredictionLog.Kind;
import dev.weft.cli.results.PredictionLog.Point;
import dev.weft.datasets.architecture.ArchitectureSplit;
import dev.weft.datasets.architecture.ImageTask;
import dev.weft.datasets.architecture.SampledNetwork;
import dev.weft.datasets.training.NetworkTraining;
import dev.weft.hypernets.ghn.GhnRun;
import dev.weft.hypernets.ghn.GraphHyperNetwork;
import dev.weft.hypernets.ghn.PredictedAccuracy;
import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Judges networks whose parameters come from one source, as they are and along gradient descent. What the log has is not done
 * again.
 *
 * <p>There is one rule for networks whose loss is not finite: from there on they count as guessing.
 *
 * @param start name of the source, see {@link Entry#start}
 * @param seed of the source
 */
record PredictionSource(
        String start,
        long seed,
        PredictionSettings settings,
        GhnData data,
        PredictionLog log,
        ProgressOption progress,
        Interruption stop) {

    static final String RESUME = "run the same command again";

    /** Judges networks of all splits as the hypernetwork of a run writes them. */
    void judge(GhnRun run, String label) throws IOException {
        List<SampledNetwork> left = Arrays.stream(ArchitectureSplit.values())
                .filter(split -> split != ArchitectureSplit.TRAIN)
                .flatMap(split -> data.networks(split).stream())
                .filter(network -> !log.has(Kind.PREDICTED, network.id()))
                .toList();
        if (left.isEmpty()) {
            return;
        }
        try (NDManager manager = NDManager.newBaseManager(Device.cpu());
                Progress line = progress.start(label, left.size(), "networks")) {
            GraphHyperNetwork model = run.load(manager);
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            int done = 0;
            for (SampledNetwork network : left) {
                requireGoing();
                long before = threads.getCurrentThreadCpuTime(); // that of a process comes in steps of 10 ms
                Architecture architecture = network.architecture();
                float[] row = model.predict(manager, architecture);
                double seconds = (threads.getCurrentThreadCpuTime() - before) * 1e-9;
                note(Kind.PREDICTED, network, seconds, new Course(manager, architecture).add(row, 0));
                line.update(++done);
            }
        }
    }

    /**
     * Trains networks of a split.
     *
     * @param run of the hypernetwork that writes where they start, null for drawn starts
     */
    void descend(ArchitectureSplit split, @Nullable GhnRun run, String label) throws IOException {
        List<SampledNetwork> left = data.networks(split).stream()
                .limit(settings.compared())
                .filter(network -> !log.has(Kind.DESCENT, network.id()))
                .toList();
        if (left.isEmpty()) {
            return;
        }
        try (NDManager manager = NDManager.newBaseManager(Device.cpu());
                Progress line = progress.start(label, left.size(), "networks")) {
            GraphHyperNetwork model = run == null ? null : run.load(manager);
            int done = 0;
            for (SampledNetwork network : left) {
                requireGoing();
                Architecture architecture = network.architecture();
                float[] row = model == null ? null : model.predict(manager, architecture);
                note(Kind.DESCENT, network, 0, course(manager, network.id(), architecture, row));
                line.update(++done);
            }
        }
    }

    private void requireGoing() {
        if (stop.getAsBoolean()) {
            throw new InterruptedJobException("what was done is kept", RESUME);
        }
    }

    private void note(Kind kind, SampledNetwork network, double seconds, Course course) throws IOException {
        log.append(new Entry(
                log.protocol(),
                kind,
                start,
                seed,
                network.split().text(),
                network.id(),
                seconds,
                course.diverged,
                course.points));
    }

    /** Returns how a network does along the descent. */
    private Course course(NDManager manager, String id, Architecture architecture, float @Nullable [] row) {
        ImageTask task = new ImageTask(data.images(Split.TRAIN), data.images(Split.TEST), data.classes());
        List<Seed> seeds = List.of(new Seed(Seed.DEFAULT).split("descent").split(id));
        Course course = new Course(manager, architecture);
        try (NetworkTraining training = row == null
                ? new NetworkTraining(manager, task, architecture, settings.descent(), seeds)
                : NetworkTraining.from(manager, task, architecture, settings.descent(), seeds, List.of(row))) {
            for (int mark : settings.marks(task.size())) {
                while (training.steps() < mark && !course.diverged) {
                    try {
                        training.step();
                    } catch (IllegalStateException e) { // a loss that is not finite
                        course.diverged = true;
                    }
                }
                course.add(training.parameters().get(0), mark);
            }
        }
        return course;
    }

    /** What a network is worth behind more and more steps. */
    private final class Course {
        private final NDManager manager;
        private final Architecture architecture;
        private final List<Point> points = new ArrayList<>();
        private boolean diverged;

        Course(NDManager manager, Architecture architecture) {
            this.manager = manager;
            this.architecture = architecture;
        }

        /** Judges a row of parameters, unless the network has diverged. */
        Course add(float[] row, int steps) {
            if (!diverged) {
                PredictedAccuracy found = PredictedAccuracy.of(manager, architecture, row, data.images(Split.TEST));
                diverged = !Double.isFinite(found.loss());
                if (!diverged) {
                    points.add(new Point(steps, found.accuracy(), found.loss()));
                    return this;
                }
            }
            points.add(Point.guessing(steps, data.classes()));
            return this;
        }
    }
}
