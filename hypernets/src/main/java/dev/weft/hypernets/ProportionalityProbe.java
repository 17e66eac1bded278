package dev.weft.hypernets;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.network.Architecture;
import dev.weft.network.ParameterTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Whether what a hypernetwork writes grows with what it is conditioned on. */
public final class ProportionalityProbe {

    private ProportionalityProbe() {}

    /**
     * What was found for one tensor.
     *
     * @param correlation of the tensor's norm with the condition
     * @param variation of the tensor's norm: deviation over mean
     */
    public record Finding(String tensor, double correlation, double variation) {}

    /**
     * Sweeps all conditions together over an even grid in (0, 1].
     *
     * @param manager owner of what is computed on the way
     * @param conditions k of the hypernetwork
     * @param points of the grid
     * @return a finding for each weight, in the order of the row; tensors that are 0 throughout are left out
     */
    public static List<Finding> probe(ConditionedHyperNetwork network, NDManager manager, int conditions, int points) {
        double[] grid = new double[points];
        float[] inputs = new float[points * conditions];
        for (int i = 0; i < points; i++) {
            grid[i] = (i + 1.0) / points;
            Arrays.fill(inputs, i * conditions, (i + 1) * conditions, (float) grid[i]);
        }
        try (NDManager sub = manager.newSubManager()) {
            ForwardPass pass = new ForwardPass(new ParameterStore(sub, false), sub.getDevice(), false);
            NDArray rows = network.forward(pass, sub.create(inputs, new Shape(points, conditions)));
            return findings(
                    network.target(), rows.toType(DataType.FLOAT64, false).toDoubleArray(), grid);
        }
    }

    private static List<Finding> findings(Architecture target, double[] rows, double[] grid) {
        List<Finding> findings = new ArrayList<>();
        int p = rows.length / grid.length;
        for (ParameterTensor tensor : target.parameters()) {
            double[] norms = new double[grid.length];
            for (int i = 0; i < norms.length; i++) {
                int begin = i * p + (int) tensor.offset();
                norms[i] = Math.sqrt(Arrays.stream(rows, begin, begin + (int) tensor.size())
                        .map(value -> value * value)
                        .sum());
            }
            if (mean(norms) > 0) {
                findings.add(new Finding(
                        tensor.name(),
                        covariance(norms, grid) / (deviation(norms) * deviation(grid)),
                        variation(norms)));
            }
        }
        return findings;
    }

    /** Returns the deviation of values over their mean. */
    static double variation(double[] values) {
        return deviation(values) / mean(values);
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(0);
    }

    private static double deviation(double[] values) {
        return Math.sqrt(covariance(values, values));
    }

    private static double covariance(double[] a, double[] b) {
        double meanA = mean(a);
        double meanB = mean(b);
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - meanA) * (b[i] - meanB);
        }
        return sum / a.length;
    }
}
