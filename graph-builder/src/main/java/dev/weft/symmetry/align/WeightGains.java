package dev.weft.symmetry.align;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.weft.network.Architecture;
import dev.weft.network.Axis;
import dev.weft.network.Axis.Segment;
import dev.weft.network.Gauge;
import dev.weft.network.NeuronBlock;
import dev.weft.network.ParameterTensor;
import java.nio.DoubleBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * The gains of moving one block while all others stay: for each tensor A and B with the block's axis in front, A B^T (Ainsworth
 * et al. 2023, "Git Re-Basin", equation 3, and its sum over tensors). A cluster costs O(n P_c) for n neurons and P_c values
 * of its tensors.
 *
 * <p>A tensor that names a cluster twice (a recurrent matrix, a grouped convolution) is only known where its other axis
 * stands; such <em>coupled</em> tensors can be left out.
 */
final class WeightGains {

    private final Architecture architecture;
    private final double[] fixed;
    private final double[] moving;
    private final boolean signs;

    /**
     * @param fixed P values of the network that stays
     * @param moving P values of the other, as moved so far; read anew by each call
     * @param signs whether neurons whose signs are free may be negated
     */
    WeightGains(Architecture architecture, double[] fixed, double[] moving, boolean signs) {
        this.architecture = architecture;
        this.fixed = fixed;
        this.moving = moving;
        this.signs = signs;
    }

    /** Returns the gains of the blocks that a cluster's tensors name. */
    Map<NeuronBlock, Gains> of(Cluster cluster, boolean coupled) {
        Map<NeuronBlock, Gains> all = new HashMap<>();
        for (NeuronBlock block : cluster.blocks()) {
            List<ParameterTensor> named = cluster.tensors().stream()
                    .filter(tensor -> tensor.axes().stream().anyMatch(axis -> axis.names(block)))
                    .filter(tensor -> coupled || !isCoupled(cluster, tensor))
                    .toList();
            if (!named.isEmpty()) {
                all.put(block, gains(block, named));
            }
        }
        return all;
    }

    /** Whether some tensor names a cluster twice. */
    static boolean isCoupled(Cluster cluster) {
        return cluster.tensors().stream().anyMatch(tensor -> isCoupled(cluster, tensor));
    }

    private static boolean isCoupled(Cluster cluster, ParameterTensor tensor) {
        return tensor.axes().stream()
                        .filter(axis -> axis.segments().stream()
                                .anyMatch(segment ->
                                        !segment.free() && segment.count() > 1 && cluster.contains(segment.block())))
                        .count()
                > 1;
    }

    private Gains gains(NeuronBlock block, List<ParameterTensor> tensors) {
        int n = block.size();
        int gauge = signs ? signGauge(architecture, block) : Axis.FREE;
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            NDArray plain = manager.zeros(new Shape(n, n), DataType.FLOAT64);
            NDArray odd = gauge == Axis.FREE ? plain : plain.duplicate();
            for (ParameterTensor tensor : tensors) {
                try (NDManager scratch = manager.newSubManager()) {
                    add(scratch, block, tensor, gauge, plain, odd);
                }
            }
            return new Gains(n, plain.toDoubleArray(), gauge == Axis.FREE ? new double[0] : odd.toDoubleArray());
        }
    }

    /** Returns the only gauge that can turn the sign of a block's neurons, if it does so in the block's own axes only. */
    static int signGauge(Architecture architecture, NeuronBlock block) {
        List<Gauge> gauges = architecture.gauges().stream()
                .filter(gauge -> gauge.block() == block.index()
                        && gauge.sign()
                        && gauge.shift().isEmpty())
                .toList();
        boolean alone = gauges.size() == 1
                && architecture.parameters().stream()
                        .flatMap(tensor -> tensor.axes().stream())
                        .flatMap(axis -> axis.segments().stream())
                        .filter(segment -> exponent(segment, gauges.get(0).index()) != 0)
                        .allMatch(segment -> segment.block() == block.index());
        return alone ? gauges.get(0).index() : Axis.FREE;
    }

    private static int exponent(Segment segment, int gauge) {
        return segment.powers().stream()
                .filter(power -> power.gauge() == gauge)
                .mapToInt(Axis.Power::exponent)
                .sum();
    }

    private void add(
            NDManager scratch, NeuronBlock block, ParameterTensor tensor, int gauge, NDArray plain, NDArray odd) {
        NDArray a = array(scratch, tensor, fixed);
        NDArray b = array(scratch, tensor, moving);
        for (int axis = 0; axis < tensor.axes().size(); axis++) {
            int start = 0;
            for (Segment segment : tensor.axes().get(axis).segments()) {
                if (segment.block() == block.index()) {
                    NDArray sum = exponent(segment, gauge) % 2 == 0 ? plain : odd;
                    if (segment.count() == block.size()) {
                        NDArray left = rows(a, tensor, axis, start, segment);
                        sum.addi(left.matMul(
                                rows(b, tensor, axis, start, segment).transpose()));
                    } else if (segment.count() > 1) {
                        sum.addi(withinGroups(a, b, tensor, segment, block.size()));
                    }
                }
                start += segment.size();
            }
        }
    }

    private static NDArray array(NDManager manager, ParameterTensor tensor, double[] row) {
        DoubleBuffer values = DoubleBuffer.wrap(row, (int) tensor.offset(), (int) tensor.size());
        return manager.create(values, shape(tensor), DataType.FLOAT64);
    }

    private static Shape shape(ParameterTensor tensor) {
        return new Shape(tensor.shape().stream().mapToLong(Integer::longValue).toArray());
    }

    /** Returns what belongs to each neuron of a segment, [count, rest]. */
    private static NDArray rows(NDArray tensor, ParameterTensor of, int axis, int start, Segment segment) {
        long before = product(of, 0, axis);
        long after = product(of, axis + 1, of.shape().size());
        NDArray whole = tensor.reshape(before, of.shape().get(axis), after);
        NDArray part = segment.size() == of.shape().get(axis)
                ? whole
                : whole.get(new NDIndex(":, {}:{}, :", start, start + segment.size()));
        return part.reshape(before, segment.outer(), segment.count(), segment.inner(), after)
                .transpose(2, 0, 1, 3, 4)
                .reshape(segment.count(), -1);
    }

    private static long product(ParameterTensor tensor, int from, int to) {
        return LongStream.range(from, to)
                .map(axis -> tensor.shape().get((int) axis))
                .reduce(1, Math::multiplyExact);
    }

    /** Returns [n, n] with what the columns of a grouped convolution gain within their groups, 0 between groups. */
    private static NDArray withinGroups(NDArray a, NDArray b, ParameterTensor tensor, Segment segment, int n) {
        long count = segment.count();
        long groups = n / count;
        NDArray products = grouped(a, tensor, groups, count)
                .matMul(grouped(b, tensor, groups, count).transpose(0, 2, 1)); // [groups, count, count]
        NDArray own = a.getManager().eye((int) groups).toType(products.getDataType(), false);
        return own.reshape(groups, 1, groups, 1)
                .mul(products.reshape(groups, count, 1, count))
                .reshape(n, n);
    }

    /** [out, count, taps] to [groups, count, rows of the group * taps]. */
    private static NDArray grouped(NDArray array, ParameterTensor tensor, long groups, long count) {
        long rows = tensor.shape().get(0) / groups;
        long taps = tensor.size() / tensor.shape().get(0) / count;
        return array.reshape(groups, rows, count, taps).transpose(0, 2, 1, 3).reshape(groups, count, rows * taps);
    }
}
