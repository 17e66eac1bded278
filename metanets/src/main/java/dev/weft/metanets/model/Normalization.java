package dev.weft.metanets.model;

import ai.djl.ndarray.NDArray;
import dev.weft.network.Architecture;
import dev.weft.network.ParameterTensor;
import dev.weft.network.run.Constants;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * One mean and one deviation a parameter tensor. Statistics of single entries would break equivariance, since a hidden
 * neuron's place in a row means nothing.
 *
 * @param mean in the order of {@link Architecture#parameters()}
 * @param deviation likewise; positive
 */
public record Normalization(List<Double> mean, List<Double> deviation) {

    public Normalization {
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
        if (mean.size() != deviation.size()) {
            throw new IllegalArgumentException(
                    "normalization: " + mean.size() + " means, but " + deviation.size() + " deviations");
        }
        for (double d : deviation) {
            if (!(d > 0) || Double.isInfinite(d)) {
                throw new IllegalArgumentException("normalization: deviations must be positive, got " + deviation);
            }
        }
    }

    /** Leaves values as they are. */
    public static Normalization none(Architecture architecture) {
        int n = architecture.parameters().size();
        return new Normalization(Collections.nCopies(n, 0.0), Collections.nCopies(n, 1.0));
    }

    /**
     * Measures the statistics of training rows; a tensor that never varies gets deviation 1.
     *
     * @param rows each of P values
     */
    public static Normalization of(Architecture architecture, Iterable<float[]> rows) {
        List<ParameterTensor> tensors = architecture.parameters();
        double[] sum = new double[tensors.size()];
        double[] squares = new double[tensors.size()];
        long n = 0;
        for (float[] row : rows) {
            for (int t = 0; t < sum.length; t++) {
                ParameterTensor tensor = tensors.get(t);
                for (int i = (int) tensor.offset(); i < tensor.end(); i++) {
                    sum[t] += row[i];
                    squares[t] += (double) row[i] * row[i];
                }
            }
            n++;
        }
        if (n == 0) {
            throw new IllegalArgumentException("normalization: no training rows");
        }
        List<Double> mean = new ArrayList<>();
        List<Double> deviation = new ArrayList<>();
        for (int t = 0; t < sum.length; t++) {
            double count = (double) n * tensors.get(t).size();
            double average = sum[t] / count;
            double spread = Math.sqrt(Math.max(0, squares[t] / count - average * average));
            mean.add(average);
            deviation.add(spread > 0 ? spread : 1.0);
        }
        return new Normalization(mean, deviation);
    }

    /** Returns (x - mean) / deviation of the tensor number {@code t}. */
    NDArray apply(int t, NDArray x) {
        return x.sub(mean.get(t)).div(Constants.of(x, deviation.get(t)));
    }
}
