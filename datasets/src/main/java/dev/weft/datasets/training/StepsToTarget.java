package dev.weft.datasets.training;

import java.util.concurrent.CancellationException;

/**
 * How many steps training takes until a network has a given accuracy on the test part: what NiNo's authors compare optimizers
 * by (Knyazev et al. 2025). They look behind every step; looking more seldom overstates the count, and by more
 * than {@code every} where the accuracy goes up and down: compare only what was looked at equally often.
 *
 * @param accuracy that is aimed at, in (0, 1]
 * @param every steps between two looks
 * @param most steps
 */
public record StepsToTarget(double accuracy, long every, long most) {

    public StepsToTarget {
        if (!(accuracy > 0 && accuracy <= 1)) {
            throw new IllegalArgumentException("expected an accuracy in (0, 1] to aim at, got " + accuracy);
        }
        if (every < 1 || most < every) {
            throw new IllegalArgumentException(
                    "expected looks at least every step and not beyond the most steps, got " + every + " and " + most);
        }
    }

    /**
     * How it ended.
     *
     * @param reached whether the aim was reached
     * @param steps taken
     * @param score behind the last of them
     */
    public record Outcome(boolean reached, long steps, Score score) {}

    /** Told after every look. */
    @FunctionalInterface
    public interface Listener {
        void tested(long steps, Score score);
    }

    /**
     * Trains the first network of a training until it is good enough, or the steps are used up.
     *
     * @param examples how many of the test part, from its beginning
     * @throws CancellationException if the thread is interrupted
     */
    public Outcome run(NetworkTraining training, int examples, Listener listener) {
        while (true) {
            long next = Math.min(most, training.steps() + every);
            while (training.steps() < next) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new CancellationException("training was interrupted");
                }
                training.step();
            }
            Score score = training.test(examples).get(0);
            listener.tested(training.steps(), score);
            boolean reached = score.accuracy() >= accuracy;
            if (reached || training.steps() >= most) {
                return new Outcome(reached, training.steps(), score);
            }
        }
    }
}
