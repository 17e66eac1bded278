package dev.weft.symmetry.align;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.weft.network.Architecture;
import dev.weft.network.Axis;
import dev.weft.network.Axis.Segment;
import dev.weft.network.Form;
import dev.weft.network.NeuronBlock;
import dev.weft.network.run.FunctionalNetwork;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The gains of neurons that do the same on given inputs: correlations of their values over inputs and positions, averaged over
 * the nodes that a block's values come out of. A neuron that never changes correlates with none. O(n^2 s) for n neurons and s
 * samples.
 */
final class ActivationGains {

    private static final double CONSTANT = 1e-12; // variance below which a neuron does not change

    private final Architecture architecture;
    private final boolean signs;

    ActivationGains(Architecture architecture, boolean signs) {
        this.architecture = architecture;
        this.signs = signs;
    }

    private record Sum(NDArray correlations, int nodes) {}

    /**
     * Returns the gains of the blocks that some node puts out.
     *
     * @param a P values of the network that stays
     * @param b P values of the network that moves
     * @param inputs [m, *shape]
     */
    Map<NeuronBlock, Gains> of(double[] a, double[] b, NDArray inputs) {
        FunctionalNetwork network = new FunctionalNetwork(architecture);
        try (NDManager manager = inputs.getManager().newSubManager()) {
            NDArray own = inputs.duplicate();
            own.attach(manager); // what a layer puts out belongs to the manager of what it reads
            List<NDArray> ofA = network.outputs(row(manager, a, inputs), own);
            List<NDArray> ofB = network.outputs(row(manager, b, inputs), own);
            Map<NeuronBlock, Sum> sums = new HashMap<>();
            for (int i = 0; i < ofA.size(); i++) {
                add(architecture.nodes().get(i).name(), ofA.get(i), ofB.get(i), sums);
            }
            Map<NeuronBlock, Gains> gains = new HashMap<>();
            sums.forEach((block, sum) -> gains.put(block, gains(block, sum)));
            return gains;
        }
    }

    private static NDArray row(NDManager manager, double[] row, NDArray inputs) {
        DataType type = inputs.getDataType().isFloating() ? inputs.getDataType() : DataType.FLOAT32;
        return manager.create(row, new Shape(1, row.length)).toType(type, false);
    }

    private void add(String node, NDArray a, NDArray b, Map<NeuronBlock, Sum> sums) {
        Form form = architecture.formOf(node);
        int start = 0;
        for (Segment segment : form.units().segments()) {
            if (!segment.free()) {
                NeuronBlock block = architecture.blocks().get(segment.block());
                if (block.permutable() && segment.count() == block.size()) {
                    NDArray left = standard(form, a, start, segment);
                    NDArray right = standard(form, b, start, segment);
                    NDArray product =
                            left.matMul(right.transpose()).div(left.getShape().get(1));
                    sums.merge(
                            block,
                            new Sum(product, 1),
                            (x, y) -> new Sum(x.correlations.add(y.correlations), x.nodes + y.nodes));
                }
            }
            start += segment.size();
        }
    }

    /** Returns the values of a segment's neurons [count, samples] with mean 0 and variance 1. */
    private static NDArray standard(Form form, NDArray output, int start, Segment segment) {
        long units = form.units().size();
        long after = form.layout() == Form.Layout.MAP
                ? form.positions().stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact)
                : 1;
        NDArray values = output.reshape(-1, units, after)
                .get(new NDIndex(":, {}:{}, :", start, start + segment.size()))
                .reshape(-1, segment.outer(), segment.count(), segment.inner(), after)
                .transpose(2, 0, 1, 3, 4)
                .reshape(segment.count(), -1);
        NDArray centred = values.sub(values.mean(new int[] {1}, true));
        NDArray variance = centred.square().mean(new int[] {1}, true);
        NDArray changes = variance.gt(CONSTANT).toType(values.getDataType(), false);
        return centred.mul(changes).div(variance.maximum(CONSTANT).sqrt());
    }

    private Gains gains(NeuronBlock block, Sum sum) {
        double[] mean =
                sum.correlations.div(sum.nodes).toType(DataType.FLOAT64, false).toDoubleArray();
        boolean odd = signs && turnsAsAWhole(block);
        return new Gains(block.size(), odd ? new double[mean.length] : mean, odd ? mean : new double[0]);
    }

    /** Whether one sign is all the freedom of a neuron's value, from its sum to its readers. */
    private boolean turnsAsAWhole(NeuronBlock block) {
        return WeightGains.signGauge(architecture, block) != Axis.FREE
                && architecture.gauges().stream()
                                .filter(gauge -> gauge.block() == block.index()
                                        && gauge.shift().isEmpty())
                                .count()
                        == 1;
    }
}
