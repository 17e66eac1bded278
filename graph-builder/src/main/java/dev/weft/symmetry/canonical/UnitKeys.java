package dev.weft.symmetry.canonical;

import dev.weft.network.Architecture;
import dev.weft.network.Axis;
import dev.weft.network.Axis.Segment;
import dev.weft.network.NeuronBlock;
import dev.weft.network.ParameterTensor;
import dev.weft.network.Seed;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One number for each neuron of a block by which neurons are told apart: the scalar product of what writes it (weights, bias,
 * gain) with a fixed vector of no particular direction. Only values count whose other axes are in their final order.
 */
final class UnitKeys {

    private static final Seed DIRECTION = new Seed(0x776566745f6b6579L);

    private final Architecture architecture;
    private final double[] row;
    private final Set<Integer> done;

    /**
     * @param row P values, read anew by each call
     * @param done blocks whose neurons are in their final order, read anew too
     */
    UnitKeys(Architecture architecture, double[] row, Set<Integer> done) {
        this.architecture = architecture;
        this.row = row;
        this.done = done;
    }

    /**
     * Scalar products, and the norms that they are to be measured by.
     *
     * @param products [size]
     * @param norms [size]
     * @param seen whether any values counted
     */
    record Keys(double[] products, double[] norms, boolean seen) {}

    /** Returns the keys of a block by those segments of its axes that pass a test. */
    Keys of(NeuronBlock block, Predicate<Segment> counts) {
        double[] products = new double[block.size()];
        double[] norms = new double[block.size()];
        boolean seen = false;
        for (ParameterTensor tensor : architecture.parameters()) {
            for (int axis = 0; axis < tensor.axes().size(); axis++) {
                boolean writes = tensor.trainable() && tensor.axes().get(axis).flow() == Axis.Flow.OUT;
                for (int s = 0; writes && s < tensor.axes().get(axis).segments().size(); s++) {
                    Segment segment = tensor.axes().get(axis).segments().get(s);
                    if (segment.block() == block.index()
                            && segment.count() == block.size()
                            && counts.test(segment)
                            && othersAreDone(tensor, axis)) {
                        add(tensor, axis, s, products, norms);
                        seen = true;
                    }
                }
            }
        }
        for (int k = 0; k < norms.length; k++) {
            norms[k] = Math.sqrt(norms[k]);
        }
        return new Keys(products, norms, seen);
    }

    private boolean othersAreDone(ParameterTensor tensor, int axis) {
        for (int other = 0; other < tensor.axes().size(); other++) {
            if (other != axis
                    && !tensor.axes().get(other).segments().stream()
                            .allMatch(segment -> segment.block() == Axis.FREE
                                    || segment.count() == 1
                                    || done.contains(segment.block()))) {
                return false;
            }
        }
        return true;
    }

    private void add(ParameterTensor tensor, int axis, int number, double[] products, double[] norms) {
        Seed direction = DIRECTION.split(tensor.name()).split(axis).split(number);
        TensorWalk.over(tensor, axis, number, (position, unit, rest) -> {
            double value = row[position];
            products[unit] += value * component(direction.split(rest).value());
            norms[unit] += value * value;
        });
    }

    /** Returns a number in [-1, 1). */
    private static double component(long bits) {
        return (bits >> 10) * 0x1p-53;
    }
}
