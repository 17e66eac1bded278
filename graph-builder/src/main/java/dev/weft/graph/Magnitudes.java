package dev.weft.graph;

import dev.weft.network.Architecture;
import dev.weft.network.ParameterTensor;

/** What pictures need to know of a row's values. */
final class Magnitudes {

    private Magnitudes() {}

    /** Returns the largest absolute value of a tensor. */
    static double largest(float[] row, ParameterTensor tensor) {
        double largest = 0;
        for (long i = tensor.offset(); i < tensor.end(); i++) {
            largest = Math.max(largest, Math.abs(row[(int) i]));
        }
        return largest;
    }

    /** Checks that all values can be drawn. */
    static void requireFinite(Architecture architecture, float[] row) {
        for (ParameterTensor tensor : architecture.parameters()) {
            for (long i = tensor.offset(); i < tensor.end(); i++) {
                if (!Float.isFinite(row[(int) i])) {
                    throw new IllegalArgumentException("'" + tensor.name() + "': value " + (i - tensor.offset())
                            + " is " + row[(int) i] + ", a picture needs finite values");
                }
            }
        }
    }
}
