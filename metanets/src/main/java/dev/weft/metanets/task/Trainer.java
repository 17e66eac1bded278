package dev.weft.metanets.task;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import dev.weft.metanets.model.Metanet;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.network.Seed;
import dev.weft.network.run.Constants;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * The one training loop. Order of use: {@link RunDirectory#create}, construct, {@link #train}; to resume,
 * {@link RunDirectory#open}, construct, {@link #train} again.
 *
 * <p>An epoch shuffles the training rows, takes micro-batches whose gradients add up to one AdamW step a batch, then scores
 * the validation rows; the best score selects {@code model.safetensors}. The state is written behind each epoch, so that
 * a run can be stopped or killed at any moment and loses at most one epoch.
 */
public final class Trainer {

    private final RunDirectory run;
    private final Task task;
    private final RowSource training;
    private final RowSource plain;
    private final int[] trainingRows;
    private final int[] validationRows;

    /** Figures of one epoch. */
    public record Epoch(
            int epoch,
            int epochs,
            double trainingLoss,
            Map<String, Double> validation,
            double learningRate,
            double gradientNorm,
            double seconds,
            boolean best) {}

    /**
     * What came of it.
     *
     * @param finished false if training was interrupted and can be resumed
     * @param epochs done
     * @param bestEpoch counted from 1
     * @param bestScore of the task's selecting figure on the validation rows
     * @param secondsPerEpoch mean over the epochs of this process, validation included
     */
    public record Outcome(boolean finished, int epochs, int bestEpoch, double bestScore, double secondsPerEpoch) {}

    /** Hears of progress. */
    public interface Listener {
        /** Called behind each micro-batch. */
        void advanced(int epoch, int rowsDone, int rows);

        /** Called behind each epoch. */
        void epochDone(Epoch epoch);
    }

    /**
     * @param run where to write
     * @param training source of training rows, perhaps augmenting
     * @param plain source of rows as they are
     * @param trainingRows indices into the data set
     * @param validationRows indices into the data set
     */
    public Trainer(
            RunDirectory run,
            Task task,
            RowSource training,
            RowSource plain,
            int[] trainingRows,
            int[] validationRows) {
        if (trainingRows.length == 0 || validationRows.length == 0) {
            throw new IllegalArgumentException("expected training and validation rows, got " + trainingRows.length
                    + " and " + validationRows.length);
        }
        this.run = run;
        this.task = task;
        this.training = training;
        this.plain = plain;
        this.trainingRows = trainingRows.clone();
        this.validationRows = validationRows.clone();
    }

    /** Trains on the CPU to the end, or until told to stop. */
    public Outcome train(Listener listener, BooleanSupplier interrupted) throws IOException {
        return train(Device.cpu(), listener, interrupted);
    }

    /**
     * Trains to the end, or until told to stop.
     *
     * @param device where to compute; a run may go on with another one
     * @param interrupted asked behind each batch; when true, the epoch is dropped and training can be resumed
     */
    public Outcome train(Device device, Listener listener, BooleanSupplier interrupted) throws IOException {
        try (NDManager manager = NDManager.newBaseManager(device)) {
            Metanet model = run.config().build();
            model.initialize(manager, DataType.FLOAT32);
            TrainingConfig config = run.config().training();
            try (AdamW optimizer =
                    new AdamW(manager, model.namedParameters().values(), config.weightDecay(), config.amsgrad())) {
                return new Session(manager, model, optimizer, listener, interrupted).run();
            }
        }
    }

    /** One process' share of a run. */
    private final class Session {
        private final NDManager manager;
        private final Metanet model;
        private final AdamW optimizer;
        private final Listener listener;
        private final BooleanSupplier interrupted;
        private final TrainingConfig config = run.config().training();
        private final Seed seed = new Seed(run.config().provenance().seed()).split("training");
        private final long totalSteps;
        private double learningRate;
        private double gradientNorm;

        Session(NDManager manager, Metanet model, AdamW optimizer, Listener listener, BooleanSupplier interrupted) {
            this.manager = manager;
            this.model = model;
            this.optimizer = optimizer;
            this.listener = listener;
            this.interrupted = interrupted;
            int stepsPerEpoch = (trainingRows.length + config.batchSize() - 1) / config.batchSize();
            this.totalSteps = (long) stepsPerEpoch * config.epochs();
        }

        Outcome run() throws IOException {
            TrainingState state = begin();
            model.namedParameters().values().stream()
                    .filter(Parameter::requiresGradient)
                    .forEach(parameter -> parameter.getArray().setRequiresGradient(true));
            double seconds = 0;
            int done = 0;
            while (state.epoch() < config.epochs() && !outOfPatience(state)) {
                long start = System.nanoTime();
                OptionalDouble loss = epoch(state.epoch() + 1);
                if (loss.isEmpty()) {
                    return outcome(false, state, seconds, done);
                }
                state = validate(state, loss.getAsDouble(), start);
                seconds += (System.nanoTime() - start) * 1e-9;
                done++;
            }
            Files.deleteIfExists(run.folder().resolve(RunDirectory.STATE));
            return outcome(true, state, seconds, done);
        }

        private TrainingState begin() throws IOException {
            if (!Files.exists(run.folder().resolve(RunDirectory.STATE))) {
                if (run.finished()) {
                    throw new IllegalStateException(run.folder() + ": this run is finished");
                }
                run.metricsFile().truncate(0);
                TrainingState state = TrainingState.fresh(task.higherIsBetter());
                state.write(run.folder().resolve(RunDirectory.STATE), model, optimizer); // unfinished from here on
                return state;
            }
            TrainingState state = TrainingState.read(run.folder().resolve(RunDirectory.STATE), model, optimizer);
            run.metricsFile().truncate(state.epoch());
            return state;
        }

        private boolean outOfPatience(TrainingState state) {
            return config.patience() > 0 && state.epoch() - state.bestEpoch() >= config.patience();
        }

        private Outcome outcome(boolean finished, TrainingState state, double seconds, int done) {
            return new Outcome(
                    finished, state.epoch(), state.bestEpoch(), state.bestScore(), done == 0 ? 0 : seconds / done);
        }

        /** Trains one epoch; returns the mean loss, or nothing if interrupted. */
        private OptionalDouble epoch(int epoch) {
            Seed epochSeed = seed.split("epoch").split(epoch);
            Engine.getInstance().setRandomSeed((int) epochSeed.split("dropout").value());
            int[] order = shuffled(trainingRows, epochSeed.split("shuffle").random());
            double loss = 0;
            for (int begin = 0; begin < order.length; begin += config.batchSize()) {
                int[] batch = Arrays.copyOfRange(order, begin, Math.min(order.length, begin + config.batchSize()));
                loss += batch(batch, epochSeed.split("rows").split(begin));
                listener.advanced(epoch, begin + batch.length, order.length);
                if (interrupted.getAsBoolean()) {
                    return OptionalDouble.empty();
                }
            }
            return OptionalDouble.of(loss / order.length);
        }

        private double batch(int[] batch, Seed batchSeed) {
            double loss = 0;
            for (int begin = 0; begin < batch.length; begin += config.microBatchSize()) {
                int[] rows = Arrays.copyOfRange(batch, begin, Math.min(batch.length, begin + config.microBatchSize()));
                loss += microBatch(rows, batch.length, batchSeed.split(begin));
            }
            requireFinite("loss", loss);
            learningRate = config.learningRate(optimizer.step(), totalSteps);
            gradientNorm = optimizer.step(learningRate, config.clipNorm());
            requireFinite("gradient's norm", gradientNorm);
            return loss;
        }

        private void requireFinite(String what, double value) {
            if (!Double.isFinite(value)) {
                throw new IllegalStateException("the training " + what + " is " + value + " at step " + optimizer.step()
                        + "; try a lower learning rate or a longer warm-up");
            }
        }

        private double microBatch(int[] rows, int batchSize, Seed rowSeed) {
            try (NDManager sub = manager.newSubManager();
                    NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDArray loss;
                try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                    ForwardPass pass = ForwardPass.recording(new ParameterStore(sub, false), sub.getDevice());
                    NDArray outputs = model.forward(pass, training.rows(sub, rows, rowSeed));
                    loss = task.loss(outputs, rows);
                    pass.backward(collector, loss.div(Constants.of(loss, batchSize)));
                }
                return loss.getFloat();
            }
        }

        private TrainingState validate(TrainingState before, double loss, long start) throws IOException {
            int epoch = before.epoch() + 1;
            Evaluator evaluator = new Evaluator(model, manager, config.microBatchSize());
            Map<String, Double> validation = task.score(evaluator.outputs(plain, validationRows), validationRows);
            double score = Objects.requireNonNull(validation.get(task.selection()), task.selection());
            boolean best = before.improvedBy(score, task.higherIsBetter());
            TrainingState state = best
                    ? new TrainingState(epoch, epoch, score)
                    : new TrainingState(epoch, before.bestEpoch(), before.bestScore());
            if (best) {
                ModelFile.write(run.folder().resolve(RunDirectory.MODEL), model, ModelFile.values(model));
            }
            double seconds = (System.nanoTime() - start) * 1e-9;
            Epoch figures =
                    new Epoch(epoch, config.epochs(), loss, validation, learningRate, gradientNorm, seconds, best);
            run.metricsFile().append(line(figures));
            state.write(run.folder().resolve(RunDirectory.STATE), model, optimizer);
            listener.epochDone(figures);
            return state;
        }
    }

    private static Map<String, Object> line(Epoch epoch) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("epoch", epoch.epoch);
        line.put("train_loss", epoch.trainingLoss);
        epoch.validation.forEach((name, value) -> line.put("val_" + name, value));
        line.put("learning_rate", epoch.learningRate);
        line.put("gradient_norm", epoch.gradientNorm);
        line.put("seconds", epoch.seconds);
        return line;
    }

    private static int[] shuffled(int[] values, RandomGenerator random) {
        int[] order = values.clone();
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
        return order;
    }
}
