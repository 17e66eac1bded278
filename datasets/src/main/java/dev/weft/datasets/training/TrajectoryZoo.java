package dev.weft.datasets.training;

import ai.djl.ndarray.NDManager;
import dev.weft.checkpoints.Split;
import dev.weft.checkpoints.Splits;
import dev.weft.checkpoints.ZooHeader;
import dev.weft.checkpoints.ZooRow;
import dev.weft.checkpoints.ZooWriter;
import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/**
 * The job that trains networks and writes a zoo of what their parameters were on the way: run by run, for each run the start
 * and then every some steps. A split holds whole runs.
 *
 * <p>Every row depends on the settings and its number alone. A part holds the runs that are trained side by side; a job that
 * was stopped goes on with the first part that is not written, from its runs' starts, and ends with the same bytes. In memory
 * are the rows of one part.
 */
public final class TrajectoryZoo {

    /**
     * Columns of a row besides its parameters: the mean loss on the mini-batches since the row before, in nats; at the
     * start the loss on the first.
     */
    public static final String METRIC_TRAIN_LOSS = "train_loss";

    /** The mean loss on the test examples, in nats. */
    public static final String METRIC_TEST_LOSS = "test_loss";

    /** The share of right answers on the test examples, in [0, 1]. */
    public static final String METRIC_TEST_ACCURACY = "test_accuracy";

    /** The most bytes of parameters of a part. */
    static final long MAX_PART_BYTES = 1L << 30;

    private final LearningTask task;
    private final Architecture architecture;
    private final Settings settings;
    private final Map<String, Split> splits;

    /**
     * Everything that decides the zoo's content, besides the examples and the architecture.
     *
     * @param recipe how networks are trained
     * @param runs how many networks
     * @param every steps between two rows of a run
     * @param sideBySide runs that are trained together; what is computed may differ in the last bits for another number
     * @param testExamples how many of the test examples each row is tested on, at most
     * @param val share of runs for validation
     * @param test share of runs for testing
     * @param seed of all runs and the splits
     * @param provenance what else the zoo should tell, the release that made it, for example
     */
    public record Settings(
            TrainingRecipe recipe,
            int runs,
            long every,
            int sideBySide,
            int testExamples,
            double val,
            double test,
            Seed seed,
            Map<String, String> provenance) {

        public static final int TEST_EXAMPLES_DEFAULT = 1000;

        /** Shares of runs that forecasts are validated and tested on. */
        public static final double VAL_DEFAULT = 0.1;

        public static final double TEST_DEFAULT = 0.2;

        public Settings {
            provenance = Map.copyOf(provenance);
            requirePositive("a run", runs);
            requirePositive("a step between two rows", every);
            requirePositive("a run at a time", sideBySide);
            requirePositive("a test example", testExamples);
            if (recipe.steps() % every != 0) {
                throw new IllegalArgumentException("expected a number of steps that is divided by the " + every
                        + " steps between two rows, got " + recipe.steps());
            }
        }

        private static void requirePositive(String what, long count) {
            if (count < 1) {
                throw new IllegalArgumentException("expected at least " + what + ", got " + count);
            }
        }

        /** Returns how many rows a run has. */
        public int states() {
            return Math.toIntExact(recipe.steps() / every + 1);
        }
    }

    /**
     * How far a job is.
     *
     * @param done rows that are trained, those of earlier runs of the job too
     * @param total rows of the zoo
     * @param last how the run that is shown does, the first of those side by side
     */
    public record Progress(int done, int total, Score last) {}

    /** Told after every row of the runs that are trained, in the thread of {@link #write}. */
    @FunctionalInterface
    public interface Listener {
        void trained(Progress progress);
    }

    /**
     * @throws IllegalArgumentException if the network cannot learn the task, or a part would be too large
     */
    public TrajectoryZoo(LearningTask task, Architecture architecture, Settings settings) {
        task.check(architecture);
        this.task = task;
        this.architecture = architecture;
        this.settings = settings;
        List<String> runs =
                IntStream.range(0, settings.runs).mapToObj(this::runId).toList();
        this.splits = Splits.byRun(runs, settings.val, settings.test, settings.seed);
        long bytes = rowsPerPart() * architecture.parameterCount() * Float.BYTES;
        if (bytes > MAX_PART_BYTES) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "%d runs side by side with %d rows of %d parameters are %,d bytes, at most %,d are held in memory; keep"
                            + " fewer rows or train fewer runs side by side",
                    Math.min(settings.sideBySide, settings.runs),
                    settings.states(),
                    architecture.parameterCount(),
                    bytes,
                    MAX_PART_BYTES));
        }
    }

    private int rowsPerPart() {
        return Math.multiplyExact(Math.min(settings.sideBySide, settings.runs), settings.states());
    }

    /** Returns the header of the zoo, to create or resume its writer with. */
    public ZooHeader header() {
        return new ZooHeader(
                task.name() + "-trajectories",
                architecture,
                List.of(METRIC_TRAIN_LOSS, METRIC_TEST_LOSS, METRIC_TEST_ACCURACY),
                List.of(),
                provenance(),
                (long) settings.runs * settings.states(),
                rowsPerPart());
    }

    private Map<String, String> provenance() {
        Map<String, String> map = new TreeMap<>(settings.provenance);
        map.putAll(task.provenance());
        settings.recipe.provenance().forEach((key, value) -> map.put("recipe." + key, value));
        map.put("runs", String.valueOf(settings.runs));
        map.put("runs.every", String.valueOf(settings.every));
        map.put("runs.side_by_side", String.valueOf(settings.sideBySide));
        map.put("seed", String.valueOf(settings.seed.value()));
        map.put("split.test", String.valueOf(settings.test));
        map.put("split.val", String.valueOf(settings.val));
        map.put("test_examples", String.valueOf(testExamples()));
        return map;
    }

    private int testExamples() {
        return Math.min(settings.testExamples, task.testSize());
    }

    private String runId(int run) {
        return String.format(Locale.ROOT, "%s-%05d", task.name(), run);
    }

    private Seed runSeed(int run) {
        return settings.seed.split("trajectory").split(run);
    }

    /**
     * Trains and writes all parts that are missing, and finishes the zoo.
     *
     * @param manager that lives longer
     * @param writer made with {@link #header()}
     * @throws InterruptedIOException if the thread is interrupted; what is written stays, and the job can be resumed
     */
    public void write(NDManager manager, ZooWriter writer, Listener listener) throws IOException {
        int done = 0;
        try {
            int first = 0;
            for (int part = 0; part < writer.parts(); part++) {
                int runs = header().part(part).rows() / settings.states();
                if (!writer.isWritten(part)) {
                    writer.write(part, part(manager, first, runs, done, listener));
                }
                first += runs;
                done += runs * settings.states();
            }
            writer.finish();
        } catch (CancellationException | ClosedByInterruptException e) {
            InterruptedIOException interrupted = new InterruptedIOException(
                    "interrupted in the part behind " + done + " rows; resume to train it anew");
            interrupted.initCause(e);
            throw interrupted;
        }
    }

    /** Trains runs side by side; returns their rows, run by run. */
    private List<ZooRow> part(NDManager manager, int first, int runs, int done, Listener listener) {
        List<List<ZooRow>> rows = new ArrayList<>();
        List<Seed> seeds = new ArrayList<>();
        for (int k = 0; k < runs; k++) {
            rows.add(new ArrayList<>());
            seeds.add(runSeed(first + k));
        }
        try (NetworkTraining training = new NetworkTraining(manager, task, architecture, settings.recipe, seeds)) {
            List<Score> start = training.test(testExamples());
            record(training, rows, first, start, training.nextTrainingLosses());
            for (int state = 1; state < settings.states(); state++) {
                train(training);
                List<Score> scores = training.test(testExamples());
                record(training, rows, first, scores, training.takeTrainingLosses());
                listener.trained(new Progress(done + (state + 1) * runs, header().rows(), scores.get(0)));
            }
        }
        return rows.stream().flatMap(List::stream).toList();
    }

    private void train(NetworkTraining training) {
        for (long step = 0; step < settings.every; step++) {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("training was interrupted");
            }
            training.step();
        }
    }

    private void record(
            NetworkTraining training, List<List<ZooRow>> rows, int first, List<Score> scores, double[] losses) {
        List<float[]> parameters = training.parameters();
        for (int k = 0; k < rows.size(); k++) {
            String run = runId(first + k);
            rows.get(k)
                    .add(new ZooRow(
                            run + "-s" + training.steps(),
                            run,
                            training.steps(),
                            Objects.requireNonNull(splits.get(run)),
                            ZooRow.NO_LABEL,
                            task.name(),
                            runSeed(first + k).value(),
                            new double[] {
                                losses[k], scores.get(k).loss(), scores.get(k).accuracy()
                            },
                            parameters.get(k)));
        }
    }
}
