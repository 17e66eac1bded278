package dev.weft.testing;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import java.util.random.RandomGenerator;

/** Random parameter rows and comparisons for tests. */
public final class Rows {

    private Rows() {}

    /** Returns n rows of P values, normal with deviation {@code scale}. */
    public static double[][] random(Architecture architecture, int n, double scale, Seed seed) {
        RandomGenerator random = seed.random();
        double[][] rows = new double[n][Math.toIntExact(architecture.parameterCount())];
        for (double[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                row[i] = scale * random.nextGaussian();
            }
        }
        return rows;
    }

    /** Returns rows as a float64 array [n, P]. */
    public static NDArray array(NDManager manager, double[]... rows) {
        double[] flat = new double[rows.length * rows[0].length];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, flat, i * rows[0].length, rows[0].length);
        }
        return manager.create(flat, new Shape(rows.length, rows[0].length));
    }

    /** Returns the largest absolute difference over the largest absolute value of {@code expected}. */
    public static double relativeDifference(double[] expected, double[] actual) {
        if (expected.length != actual.length) {
            throw new AssertionError("lengths differ: " + expected.length + " and " + actual.length);
        }
        double largest = 1e-300;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            double d = Math.abs(expected[i] - actual[i]);
            difference = Double.isNaN(d) ? Double.POSITIVE_INFINITY : Math.max(difference, d);
        }
        return difference / largest;
    }
}
