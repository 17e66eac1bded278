package dev.weft.cli.report;

import java.util.Arrays;

/** Summaries of a few or many figures. */
public final class Statistics {

    private Statistics() {}

    /** Returns the mean. */
    public static double mean(double... values) {
        return Arrays.stream(requireSome(values)).average().orElse(Double.NaN);
    }

    /** Returns the standard deviation of a sample, divided by n - 1; NaN for a single value. */
    public static double deviation(double... values) {
        double mean = mean(values);
        double squares = Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        return Math.sqrt(squares / (values.length - 1));
    }

    /** Returns the standard error of the mean; 0 for a single value. */
    public static double standardError(double... values) {
        return values.length == 1 ? 0 : deviation(values) / Math.sqrt(values.length);
    }

    /**
     * Returns the value below which a share of the values lies, between two of them in proportion.
     *
     * @param share in [0, 1], 0.5 for the median
     */
    public static double quantile(double share, double... values) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("expected a share in [0, 1], found " + share);
        }
        double[] sorted = requireSome(values).clone();
        Arrays.sort(sorted);
        double place = share * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    private static double[] requireSome(double[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("no values to summarise");
        }
        return values;
    }
}
