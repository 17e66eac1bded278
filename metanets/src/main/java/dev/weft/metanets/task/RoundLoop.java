package dev.weft.metanets.task;

import ai.djl.nn.Parameter;
import dev.weft.metanets.nn.WeightSpaceBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;

/**
 * Training that counts in optimizer steps, not in passes over a data set: for items that are drawn, or have several rows, or
 * several architectures. {@link Trainer} is the loop for passes over a data set.
 *
 * <p>Behind each round of steps the model is validated; the best score selects {@code model.safetensors}, and the state is
 * written, so that a run can be stopped or killed at any moment and loses at most one round. What a step does depends on its
 * number and the weights alone, so that a resumed run ends with the same bytes.
 */
public final class RoundLoop {

    private final RunFiles files;
    private final WeightSpaceBlock model;
    private final AdamW optimizer;
    private final Plan plan;
    private final Learner learner;
    private double learningRate;
    private double gradientNorm;

    /** How long training takes and how far steps go. */
    public interface Plan {

        /** Returns the number of the optimizer's steps. */
        int steps();

        /** Returns how many of them lie between two validations. */
        int stepsPerRound();

        /** Returns the rate of a step, counted from 0. */
        double learningRate(long step);

        /** Returns the largest norm of the gradient, 0 for no clipping. */
        double clipNorm();

        /** Returns the number of rounds; the last may be shorter. */
        default int rounds() {
            return (steps() + stepsPerRound() - 1) / stepsPerRound();
        }
    }

    /** What is learned. */
    public interface Learner {

        /**
         * Adds the gradients of a step's loss to those of the model.
         *
         * @param step counted from 0
         * @return the loss
         */
        double accumulate(long step) throws IOException;

        /** Returns figures of the model as it is, by name. */
        Map<String, Double> validate() throws IOException;

        /** Returns the figure that selects the best round. */
        String selection();

        /** Whether more of that figure is better; less is by default. */
        default boolean higherIsBetter() {
            return false;
        }
    }

    /**
     * Figures of one round.
     *
     * @param steps behind it
     * @param trainingLoss mean over its steps
     * @param learningRate of the last step
     * @param gradientNorm of the last step
     * @param seconds that its steps and its validation took
     * @param cpuSeconds of the process for its steps alone
     * @param best whether its model was kept
     */
    public record Round(
            int round,
            long steps,
            double trainingLoss,
            Map<String, Double> validation,
            double learningRate,
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
     * @param bestScore of the selecting figure
     */
    public record Outcome(boolean finished, int rounds, int bestRound, double bestScore) {}

    /** Hears of progress. */
    public interface Listener {
        /** Called behind each step. */
        void stepDone(long steps, double loss);

        /** Called behind each round. */
        void roundDone(Round round);
    }

    /**
     * @param files where to write
     * @param model initialised
     * @param optimizer of the model's parameters
     */
    public RoundLoop(RunFiles files, WeightSpaceBlock model, AdamW optimizer, Plan plan, Learner learner) {
        this.files = files;
        this.model = model;
        this.optimizer = optimizer;
        this.plan = plan;
        this.learner = learner;
    }

    /**
     * Trains to the end, or until told to stop.
     *
     * @param interrupted asked behind each step; when true, the round is dropped and training can be resumed
     * @throws IllegalStateException if the loss or the gradient is not finite; the rounds so far are kept
     */
    public Outcome train(Listener listener, BooleanSupplier interrupted) throws IOException {
        TrainingState state = begin();
        model.namedParameters().values().stream()
                .filter(Parameter::requiresGradient)
                .forEach(parameter -> parameter.getArray().setRequiresGradient(true));
        while (state.epoch() < plan.rounds()) {
            long start = System.nanoTime();
            double startOfCpu = ProcessorTime.seconds();
            OptionalDouble loss = round(listener, interrupted);
            if (loss.isEmpty()) {
                return new Outcome(false, state.epoch(), state.bestEpoch(), state.bestScore());
            }
            state = validate(state, loss.getAsDouble(), start, ProcessorTime.seconds() - startOfCpu, listener);
        }
        Files.deleteIfExists(files.state());
        return new Outcome(true, state.epoch(), state.bestEpoch(), state.bestScore());
    }

    private TrainingState begin() throws IOException {
        if (Files.exists(files.state())) {
            TrainingState state = TrainingState.read(files.state(), model, optimizer);
            files.metrics().truncate(state.epoch());
            return state;
        }
        files.requireUnfinished();
        files.metrics().truncate(0);
        TrainingState state = TrainingState.fresh(learner.higherIsBetter());
        state.write(files.state(), model, optimizer); // unfinished from here on
        return state;
    }

    /** Trains one round; returns the mean loss, or nothing if interrupted. */
    private OptionalDouble round(Listener listener, BooleanSupplier interrupted) throws IOException {
        long first = optimizer.step();
        long end = Math.min(plan.steps(), first + plan.stepsPerRound());
        double sum = 0;
        while (optimizer.step() < end) {
            double loss = step();
            sum += loss;
            listener.stepDone(optimizer.step(), loss);
            if (interrupted.getAsBoolean()) {
                return OptionalDouble.empty();
            }
        }
        return OptionalDouble.of(sum / (end - first));
    }

    private double step() throws IOException {
        double loss = learner.accumulate(optimizer.step());
        requireFinite("training loss", loss);
        learningRate = plan.learningRate(optimizer.step());
        gradientNorm = optimizer.step(learningRate, plan.clipNorm());
        requireFinite("training gradient's norm", gradientNorm);
        return loss;
    }

    private void requireFinite(String what, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalStateException(
                    "the " + what + " is " + value + " at step " + optimizer.step() + "; try a lower learning rate");
        }
    }

    private TrainingState validate(TrainingState before, double loss, long start, double cpuSeconds, Listener listener)
            throws IOException {
        Map<String, Double> figures = learner.validate();
        double score = Objects.requireNonNull(figures.get(learner.selection()), learner.selection());
        requireFinite("validation " + learner.selection(), score); // the rounds so far are kept
        int number = before.epoch() + 1;
        boolean best = before.improvedBy(score, learner.higherIsBetter());
        TrainingState state = best
                ? new TrainingState(number, number, score)
                : new TrainingState(number, before.bestEpoch(), before.bestScore());
        if (best) {
            ModelFile.write(files.model(), model, ModelFile.values(model));
        }
        double seconds = (System.nanoTime() - start) * 1e-9;
        Round round = new Round(
                number, optimizer.step(), loss, figures, learningRate, gradientNorm, seconds, cpuSeconds, best);
        files.metrics().append(line(round));
        state.write(files.state(), model, optimizer);
        listener.roundDone(round);
        return state;
    }

    private static Map<String, Object> line(Round round) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("round", round.round);
        line.put("steps", round.steps);
        line.put("train_loss", round.trainingLoss);
        round.validation.forEach((name, value) -> line.put("val_" + name, value));
        line.put("learning_rate", round.learningRate);
        line.put("gradient_norm", round.gradientNorm);
        line.put("seconds", round.seconds);
        line.put("cpu_seconds", round.cpuSeconds);
        return line;
    }
}
