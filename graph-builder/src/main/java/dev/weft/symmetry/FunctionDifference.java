package dev.weft.symmetry;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import dev.weft.network.run.FunctionalNetwork;

/** How far apart the outputs of two networks are on random inputs. */
public final class FunctionDifference {

    private static final int INPUTS = 2;

    private FunctionDifference() {}

    /**
     * Runs two networks on the same inputs; the first says what inputs are.
     *
     * @param a P values of the first
     * @param b P values of the second, which may be of another architecture with inputs and outputs of the same shape
     * @param doublePrecision float64 or float32
     * @return the largest difference of outputs over the largest output of the first
     */
    public static double of(
            Architecture architecture, double[] a, Architecture other, double[] b, Seed seed, boolean doublePrecision) {
        DataType type = doublePrecision ? DataType.FLOAT64 : DataType.FLOAT32;
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            NDArray inputs = RandomInputs.of(manager, architecture, INPUTS, type, seed);
            return relative(outputs(architecture, a, inputs, type), outputs(other, b, inputs, type));
        }
    }

    /**
     * Returns the outputs of a network.
     *
     * @param row P values
     * @param inputs [m, *shape]
     */
    static double[] outputs(Architecture architecture, double[] row, NDArray inputs, DataType type) {
        try (NDManager manager = inputs.getManager().newSubManager()) {
            NDArray rows = manager.create(row, new Shape(1, row.length)).toType(type, false);
            return new FunctionalNetwork(architecture)
                    .forward(rows, inputs)
                    .toType(DataType.FLOAT64, true)
                    .toDoubleArray();
        }
    }

    /** Returns the largest difference over the largest expected value; infinity where values are no numbers. */
    static double relative(double[] expected, double[] actual) {
        double largest = Double.MIN_NORMAL;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            double d = Math.abs(expected[i] - actual[i]);
            difference = Double.isNaN(d) ? Double.POSITIVE_INFINITY : Math.max(difference, d);
        }
        return Double.isInfinite(difference) ? difference : difference / largest;
    }
}
