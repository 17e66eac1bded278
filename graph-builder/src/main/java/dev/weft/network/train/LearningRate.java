package dev.weft.network.train;

import java.util.Locale;
import java.util.Map;

/**
 * The learning rate of each step.
 *
 * @param peak after the warm-up
 * @param warmup steps over which it rises to the peak in a straight line, 0 for none
 * @param decay what comes after
 */
public record LearningRate(double peak, long warmup, Decay decay) {

    /** How the rate goes on behind the warm-up. */
    public enum Decay {
        /** It stays. */
        CONSTANT,
        /** It falls to 0 on half a cosine over the steps that are left. */
        COSINE,
        /** It falls to 0 in a straight line over the steps that are left. */
        LINEAR
    }

    public LearningRate {
        if (!(peak > 0) || Double.isInfinite(peak)) {
            throw new IllegalArgumentException("the learning rate must be positive and finite, got " + peak);
        }
        if (warmup < 0) {
            throw new IllegalArgumentException("steps of warm-up must be at least 0, got " + warmup);
        }
    }

    public static LearningRate constant(double rate) {
        return new LearningRate(rate, 0, Decay.CONSTANT);
    }

    /** Returns the rate of a step, counted from 0, of {@code total}. */
    public double at(long step, long total) {
        if (step < warmup) {
            return peak * (step + 1) / warmup;
        }
        double done = Math.min(1, (double) (step - warmup) / Math.max(1, total - warmup));
        return switch (decay) {
            case CONSTANT -> peak;
            case COSINE -> peak * 0.5 * (1 + StrictMath.cos(Math.PI * done));
            case LINEAR -> peak * (1 - done);
        };
    }

    /** Returns the settings by name. */
    public Map<String, String> provenance() {
        return Map.of(
                "learning_rate", String.valueOf(peak),
                "warmup", String.valueOf(warmup),
                "decay", decay.name().toLowerCase(Locale.ROOT));
    }
}
