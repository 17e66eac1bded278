package dev.weft.hypernets.ghn;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.weft.graph.ComputationGraph;
import dev.weft.metanets.task.AdamW;
import dev.weft.metanets.task.ModelFile;
import dev.weft.metanets.task.TrainingState;
import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Trains a graph hypernetwork by the loss of the networks that it writes; no trained networks are needed. Order of use: {@link
 * GhnRun#create}, construct, {@link #train}; to resume, {@link GhnRun#open}, construct, {@link #train} again.
 *
 * <p>A step draws images and architectures, both from seeds of the step's own. Behind each round of steps the hypernetwork
 * writes the validation networks; their mean accuracy selects {@code model.safetensors}, and the state is written.
 */
public final class GhnTrainer {

    private static final int MAX_ATTEMPTS = 100;

    private final GhnRun run;
    private final Function<Seed, Architecture> networks;
    private final LabelledImages images;
    private final List<Architecture> validation;
    private final LabelledImages validationImages;

    /**
     * Figures of one round.
     *
     * @param steps behind it
     * @param trainingLoss mean over its steps
     * @param accuracy mean over the validation networks
     * @param loss mean over the validation networks
     * @param gradientNorm of the last step
     * @param seconds that its steps and the look at the validation networks took
     * @param cpuSeconds of the process for its steps alone
     * @param best whether its model was kept
     */
    public record Round(
            int round,
            int steps,
            double trainingLoss,
            double accuracy,
            double loss,
            double gradientNorm,
            double seconds,
            double cpuSeconds,
            boolean best) {}

    /**
     * What came of it.
     *
     * @param finished false if training was interrupted and can be resumed
     * @param rounds done
     * @param bestRound counted from 1
     * @param bestAccuracy mean over the validation networks
     */
    public record Outcome(boolean finished, int rounds, int bestRound, double bestAccuracy) {}

    /** Hears of progress. */
    public interface Listener {
        /** Called behind each step. */
        void stepDone(long steps, double loss);

        /** Called behind each round. */
        void roundDone(Round round);
    }

    /**
     * @param run where to write
     * @param networks draws an architecture to train on, without running moments
     * @param images to train on
     * @param validation architectures, which training does not draw
     * @param validationImages apart from those to train on
     */
    public GhnTrainer(
            GhnRun run,
            Function<Seed, Architecture> networks,
            LabelledImages images,
            List<Architecture> validation,
            LabelledImages validationImages) {
        if (validation.isEmpty() || images.size() == 0 || validationImages.size() == 0) {
            throw new IllegalArgumentException(
                    "expected validation networks and images for both, got " + validation.size() + " networks, "
                            + images.size() + " and " + validationImages.size() + " images");
        }
        this.run = run;
        this.networks = networks;
        this.images = images;
        this.validation = List.copyOf(validation);
        this.validationImages = validationImages;
    }

    /**
     * Trains to the end, or until told to stop.
     *
     * @param interrupted asked behind each step; when true, the round is dropped and training can be resumed
     */
    public Outcome train(Listener listener, BooleanSupplier interrupted) throws IOException {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            GraphHyperNetwork model = run.config().build();
            model.initialize(manager, DataType.FLOAT32);
            GhnTraining training = run.config().training();
            try (AdamW optimizer =
                    new AdamW(manager, model.namedParameters().values(), training.weightDecay(), false)) {
                return new Session(manager, model, optimizer, listener, interrupted).run();
            }
        }
    }

    /** One process' share of a run. */
    private final class Session {
        private final NDManager manager;
        private final GraphHyperNetwork model;
        private final AdamW optimizer;
        private final Listener listener;
        private final BooleanSupplier interrupted;
        private final GhnTraining training = run.config().training();
        private final Seed seed = new Seed(run.config().provenance().seed()).split("training");
        private double gradientNorm;

        Session(
                NDManager manager,
                GraphHyperNetwork model,
                AdamW optimizer,
                Listener listener,
                BooleanSupplier interrupted) {
            this.manager = manager;
            this.model = model;
            this.optimizer = optimizer;
            this.listener = listener;
            this.interrupted = interrupted;
        }

        Outcome run() throws IOException {
            TrainingState state = begin();
            model.namedParameters()
                    .values()
                    .forEach(parameter -> parameter.getArray().setRequiresGradient(true));
            while (state.epoch() < training.rounds()) {
                long start = System.nanoTime();
                double startOfCpu = cpuSeconds();
                OptionalDouble loss = round();
                if (loss.isEmpty()) {
                    return new Outcome(false, state.epoch(), state.bestEpoch(), state.bestScore());
                }
                state = validate(state, loss.getAsDouble(), start, cpuSeconds() - startOfCpu);
            }
            Files.deleteIfExists(run.stateFile());
            return new Outcome(true, state.epoch(), state.bestEpoch(), state.bestScore());
        }

        private TrainingState begin() throws IOException {
            if (Files.exists(run.stateFile())) {
                TrainingState state = TrainingState.read(run.stateFile(), model, optimizer);
                run.metrics().truncate(state.epoch());
                return state;
            }
            if (run.finished()) {
                throw new IllegalStateException(run.folder() + ": this run is finished");
            }
            run.metrics().truncate(0);
            TrainingState state = TrainingState.fresh(true);
            state.write(run.stateFile(), model, optimizer); // unfinished from here on
            return state;
        }

        /** Trains one round; returns the mean loss, or nothing if interrupted. */
        private OptionalDouble round() {
            long end = Math.min(training.steps(), optimizer.step() + training.stepsPerRound());
            double sum = 0;
            long steps = end - optimizer.step();
            while (optimizer.step() < end) {
                double loss = step(seed.split(optimizer.step()));
                sum += loss;
                listener.stepDone(optimizer.step(), loss);
                if (interrupted.getAsBoolean()) {
                    return OptionalDouble.empty();
                }
            }
            return OptionalDouble.of(sum / steps);
        }

        private double step(Seed stepSeed) {
            MetaBatch batch = draw(stepSeed.split("networks"));
            int[] numbers = stepSeed.split("images")
                    .random()
                    .ints(training.images(), 0, images.size())
                    .toArray();
            double loss;
            try (NDManager sub = manager.newSubManager()) {
                loss = batch.accumulate(
                                model, images.images(sub, numbers), images.labels(numbers), training.normWeight())
                        .mean();
            }
            requireFinite("loss", loss);
            gradientNorm = optimizer.step(training.learningRate(optimizer.step()), training.clipNorm());
            requireFinite("gradient's norm", gradientNorm);
            return loss;
        }

        private MetaBatch draw(Seed drawSeed) {
            for (int attempt = 0; ; attempt++) {
                List<Architecture> architectures = new ArrayList<>();
                List<ComputationGraph> graphs = new ArrayList<>();
                int nodes = 0;
                for (int i = 0; i < training.networks(); i++) {
                    Architecture architecture =
                            networks.apply(drawSeed.split(attempt).split(i));
                    architectures.add(architecture);
                    graphs.add(ComputationGraph.of(architecture));
                    nodes += graphs.get(i).nodes().size();
                }
                if (nodes <= training.maxNodes()) {
                    return new MetaBatch(architectures, graphs);
                }
                if (attempt == MAX_ATTEMPTS - 1) {
                    throw new IllegalArgumentException(training.networks() + " networks have more than maxNodes = "
                            + training.maxNodes() + " nodes in " + MAX_ATTEMPTS + " draws");
                }
            }
        }

        private void requireFinite(String what, double value) {
            if (!Double.isFinite(value)) {
                throw new IllegalStateException("the training " + what + " is " + value + " at step " + optimizer.step()
                        + "; try a lower learning rate");
            }
        }

        private TrainingState validate(TrainingState before, double loss, long start, double cpuSeconds)
                throws IOException {
            double right = 0;
            double losses = 0;
            for (Architecture architecture : validation) {
                PredictedAccuracy found = PredictedAccuracy.of(model, manager, architecture, validationImages);
                right += found.accuracy();
                losses += found.loss();
            }
            double accuracy = right / validation.size();
            int round = before.epoch() + 1;
            boolean best = before.improvedBy(accuracy, true);
            TrainingState state = best
                    ? new TrainingState(round, round, accuracy)
                    : new TrainingState(round, before.bestEpoch(), before.bestScore());
            if (best) {
                ModelFile.write(run.modelFile(), model, ModelFile.values(model));
            }
            double seconds = (System.nanoTime() - start) * 1e-9;
            Round figures = new Round(
                    round,
                    (int) optimizer.step(),
                    loss,
                    accuracy,
                    losses / validation.size(),
                    gradientNorm,
                    seconds,
                    cpuSeconds,
                    best);
            run.metrics().append(line(figures));
            state.write(run.stateFile(), model, optimizer);
            listener.roundDone(figures);
            return state;
        }
    }

    /** Returns the processor time of this process so far, all threads together. */
    private static double cpuSeconds() {
        return ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .orElse(Duration.ZERO)
                        .toNanos()
                * 1e-9;
    }

    private static Map<String, Object> line(Round round) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("round", round.round);
        line.put("steps", round.steps);
        line.put("train_loss", round.trainingLoss);
        line.put("val_accuracy", round.accuracy);
        line.put("val_loss", round.loss);
        line.put("gradient_norm", round.gradientNorm);
        line.put("seconds", round.seconds);
        line.put("cpu_seconds", round.cpuSeconds);
        return line;
    }
}
