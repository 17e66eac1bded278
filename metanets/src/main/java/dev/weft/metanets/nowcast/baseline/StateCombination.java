package dev.weft.metanets.nowcast.baseline;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Forecasts that are the same weighted sum of a network's last states for every parameter. O(states P).
 */
public enum StateCombination {
    /** Nothing will change. */
    LAST {
        @Override
        public double[] weights(int states, int horizon) {
            double[] weights = new double[states];
            weights[states - 1] = 1;
            return weights;
        }
    },
    /**
     * The line that fits the states best goes on (least squares for each parameter; "Linefit"): with times t = 0, 1, ... the
     * weight of state t is 1 / c + (t - m) (c - 1 + k - m) / sum of (t - m)^2, m the mean of the times.
     */
    LINEAR {
        @Override
        public double[] weights(int states, int horizon) {
            double middle = (states - 1) / 2.0;
            double squares = 0;
            for (int t = 0; t < states; t++) {
                squares += (t - middle) * (t - middle);
            }
            double[] weights = new double[states];
            for (int t = 0; t < states; t++) {
                weights[t] = 1.0 / states + (t - middle) * (states - 1 + horizon - middle) / squares;
            }
            return weights;
        }
    },
    /** The mean of the states, whatever the horizon (LAWA, Kaddour 2022, "Stop wasting my time!"). */
    AVERAGE {
        @Override
        public double[] weights(int states, int horizon) {
            double[] weights = new double[states];
            Arrays.fill(weights, 1.0 / states);
            return weights;
        }
    };

    /**
     * Returns the weight of each state, which sum to 1.
     *
     * @param states c, at least 2
     * @param horizon k, in spaces between states, behind the last
     */
    public abstract double[] weights(int states, int horizon);

    /**
     * Returns the forecast row [P].
     *
     * @param states oldest first, each [P]
     * @param horizon k, in spaces between states, at least 1
     */
    public float[] forecast(List<float[]> states, int horizon) {
        if (states.size() < 2 || horizon < 1) {
            throw new IllegalArgumentException(
                    "expected at least 2 states and a horizon of at least 1, got " + states.size() + " and " + horizon);
        }
        double[] weights = weights(states.size(), horizon);
        float[] forecast = new float[states.get(0).length];
        for (int i = 0; i < forecast.length; i++) {
            double sum = 0;
            for (int t = 0; t < weights.length; t++) {
                sum += weights[t] * states.get(t)[i];
            }
            forecast[i] = (float) sum;
        }
        return forecast;
    }

    /** Returns the name in tables: {@code last}, {@code linear}, {@code average}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
