package dev.weft.symmetry.align;

import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The loss along the straight line from one network to another (Ainsworth et al. 2023, definition 2.1; excess and area as
 * Navon et al. 2023, "Equivariant deep weight space alignment", report them).
 *
 * @param t [points] from 0 (network A) to 1 (network B), evenly spaced
 * @param losses [points] at (1 - t) A + t B
 */
public record Interpolation(double[] t, double[] losses) {

    /** As many points as the papers take. */
    public static final int POINTS_DEFAULT = 16;

    /**
     * Measures the loss at evenly spaced points.
     *
     * @param a P values
     * @param b P values
     * @param points at least 2
     */
    public static Interpolation of(double[] a, double[] b, int points, ToDoubleFunction<double[]> loss) {
        if (points < 2 || a.length != b.length) {
            throw new IllegalArgumentException("expected two points or more and rows of one length, got " + points
                    + " points and rows of " + a.length + " and " + b.length + " values");
        }
        double[] t = IntStream.range(0, points)
                .mapToDouble(i -> (double) i / (points - 1))
                .toArray();
        double[] losses = new double[points];
        double[] row = new double[a.length];
        for (int p = 0; p < points; p++) {
            for (int i = 0; i < row.length; i++) {
                row[i] = (1 - t[p]) * a[i] + t[p] * b[i];
            }
            losses[p] = loss.applyAsDouble(row);
        }
        return new Interpolation(t, losses);
    }

    /** Returns how far each loss lies above the straight line between the two ends. */
    public double[] excess() {
        double first = losses[0];
        double last = losses[losses.length - 1];
        return IntStream.range(0, t.length)
                .mapToDouble(i -> losses[i] - ((1 - t[i]) * first + t[i] * last))
                .toArray();
    }

    /** Returns the largest excess, 0 at least. */
    public double barrier() {
        double largest = 0;
        for (double excess : excess()) {
            largest = Math.max(largest, excess);
        }
        return largest;
    }

    /** Returns the integral of the excess by the trapezoidal rule. */
    public double area() {
        double[] excess = excess();
        double sum = 0;
        for (int i = 1; i < excess.length; i++) {
            sum += (t[i] - t[i - 1]) * (excess[i] + excess[i - 1]) / 2;
        }
        return sum;
    }
}
