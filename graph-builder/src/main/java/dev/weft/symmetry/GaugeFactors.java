package dev.weft.symmetry;

import dev.weft.network.Architecture;
import dev.weft.network.Axis;
import dev.weft.network.AxisUnits;
import dev.weft.network.Gauge;
import dev.weft.network.NeuronBlock;
import dev.weft.network.ParameterTensor;
import dev.weft.network.Projection;
import java.util.Arrays;
import java.util.List;

/** What scales of neurons multiply each parameter by. */
final class GaugeFactors {

    private final Architecture architecture;
    private final List<double[]> scales;
    private final double[] target;

    private GaugeFactors(Architecture architecture, List<double[]> scales, double[] target) {
        this.architecture = architecture;
        this.scales = scales;
        this.target = target;
    }

    /**
     * Returns P factors.
     *
     * @param scales for each of {@link Architecture#gauges()} one number for each neuron of its block
     */
    static double[] of(Architecture architecture, List<double[]> scales) {
        double[] factors = new double[Math.toIntExact(architecture.parameterCount())];
        Arrays.fill(factors, 1);
        multiply(architecture, scales, factors);
        return factors;
    }

    /** Multiplies a row of P values in place, in the tensors that scales other than 1 enter. */
    static void multiply(Architecture architecture, List<double[]> scales, double[] row) {
        GaugeFactors all = new GaugeFactors(architecture, scales, row);
        architecture.parameters().forEach(all::tensor);
    }

    private void tensor(ParameterTensor tensor) {
        List<AxisUnits> axes = AxisUnits.of(architecture, tensor);
        int inner = (int) tensor.size(); // values that share one index of the axis, and then its next axes
        for (int a = 0; a < axes.size(); a++) {
            AxisUnits axis = axes.get(a);
            inner /= axis.size();
            if (tensor.axes().get(a).segments().stream()
                    .flatMap(segment -> segment.powers().stream())
                    .anyMatch(this::acts)) {
                multiply(tensor, a, axis, inner);
            }
        }
    }

    private boolean acts(Axis.Power power) {
        return Arrays.stream(scales.get(power.gauge())).anyMatch(scale -> scale != 1);
    }

    private void multiply(ParameterTensor tensor, int a, AxisUnits axis, int inner) {
        int[] segments = axis.segmentOf();
        double[][] neurons = neurons(tensor.axes().get(a));
        int rows = axis.relative() ? tensor.shape().get(0) : 1;
        int perRow = (int) (tensor.size() / rows);
        for (int row = 0; row < rows; row++) {
            int[] units = axis.units(row);
            for (int i = 0; i < perRow; i++) {
                int index = i / inner % units.length;
                double[] of = neurons[segments[index]];
                if (of.length > 0) {
                    target[(int) tensor.offset() + row * perRow + i] *= of[units[index]];
                }
            }
        }
    }

    /** Returns for each segment the factor of each neuron of its block; empty for segments without scales. */
    private double[][] neurons(Axis axis) {
        double[][] all = new double[axis.segments().size()][];
        for (int s = 0; s < all.length; s++) {
            Axis.Segment segment = axis.segments().get(s);
            all[s] = segment.powers().isEmpty() ? new double[0] : neurons(segment);
        }
        return all;
    }

    private double[] neurons(Axis.Segment segment) {
        List<NeuronBlock> blocks = architecture.blocks();
        NeuronBlock block = blocks.get(segment.block());
        double[] product = new double[block.size()];
        Arrays.fill(product, 1);
        for (Axis.Power power : segment.powers()) {
            Gauge gauge = architecture.gauges().get(power.gauge());
            int[] units = Projection.of(blocks, block, blocks.get(gauge.block()));
            double[] scale = scales.get(gauge.index());
            for (int u = 0; u < product.length; u++) {
                product[u] *= Math.pow(scale[units[u]], power.exponent());
            }
        }
        return product;
    }
}
