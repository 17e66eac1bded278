package dev.weft.symmetry.expand;

import dev.weft.network.Architecture;
import dev.weft.network.Architecture.Node;
import dev.weft.network.Axis.Segment;
import dev.weft.network.NeuronBlock;
import dev.weft.network.Norm;
import dev.weft.network.ParameterTensor;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Carries values into a larger network: those between old neurons stay; those of a new neuron are free or zero, as a rule says
 * for each axis. Costs O(P).
 */
final class RowTransfer {

    private final Architecture from;
    private final Architecture to;
    private final Function<NeuronBlock, int[]> sources;
    private final Rule rule;
    private final FreeValues free;
    private final Set<String> norms = new HashSet<>();

    /** What values of new neurons must be. */
    interface Rule {

        /** Whether values that belong to a new neuron by one segment of an axis must be zero; they are free otherwise. */
        boolean zero(ParameterTensor tensor, int axis, int segment);

        /** Returns the number that old values are multiplied by, for an index of an axis. */
        default double factor(ParameterTensor tensor, int axis, int segment, int unit) {
            return 1;
        }
    }

    /**
     * @param sources for each block of the smaller network, the neuron that each one of the larger block was, or
     *     {@link Sizes#NEW}
     */
    RowTransfer(Architecture from, Architecture to, Function<NeuronBlock, int[]> sources, Rule rule, FreeValues free) {
        this.from = from;
        this.to = to;
        this.sources = sources;
        this.rule = rule;
        this.free = free;
        for (Node node : to.nodes()) {
            if (node.layer() instanceof Norm) {
                for (String suffix : List.of("weight", "bias", "running_mean", "running_var")) {
                    norms.add(ParameterTensor.nameOf(node.name(), suffix));
                }
            }
        }
    }

    /** What becomes of the indices of one axis. */
    private record AxisPlan(int[] old, boolean[] zero, double[] factor) {}

    /**
     * Returns the larger row.
     *
     * @param row P values of the smaller network
     */
    double[] of(double[] row) {
        from.requireRowLength(row.length);
        double[] larger = new double[Math.toIntExact(to.parameterCount())];
        for (int t = 0; t < to.parameters().size(); t++) {
            carry(from.parameters().get(t), row, to.parameters().get(t), larger);
        }
        return larger;
    }

    private void carry(ParameterTensor small, double[] row, ParameterTensor large, double[] target) {
        AxisPlan[] plans = new AxisPlan[small.axes().size()];
        for (int axis = 0; axis < plans.length; axis++) {
            plans[axis] = plan(small, axis, large.shape().get(axis));
        }
        FreeValues.Source source = free.of(large, norms.contains(large.name()), spread(small, row));
        int[] index = new int[plans.length];
        for (int place = (int) large.offset(); place < large.end(); place++) {
            target[place] = value(small, row, plans, index, source);
            advance(index, large.shape());
        }
    }

    private static void advance(int[] index, List<Integer> shape) {
        for (int axis = index.length - 1; axis >= 0; axis--) {
            if (++index[axis] < shape.get(axis)) {
                return;
            }
            index[axis] = 0;
        }
    }

    private static double value(
            ParameterTensor small, double[] row, AxisPlan[] plans, int[] index, FreeValues.Source source) {
        int position = 0;
        double factor = 1;
        boolean isNew = false;
        for (int axis = 0; axis < plans.length; axis++) {
            AxisPlan plan = plans[axis];
            int old = plan.old[index[axis]];
            if (plan.zero[index[axis]]) {
                return 0;
            }
            isNew |= old == Sizes.NEW;
            position = position * small.shape().get(axis) + old;
            factor *= plan.factor[index[axis]];
        }
        return isNew ? source.next() : factor * row[(int) small.offset() + position];
    }

    private AxisPlan plan(ParameterTensor small, int axis, int size) {
        AxisPlan plan = new AxisPlan(new int[size], new boolean[size], new double[size]);
        List<Segment> segments = small.axes().get(axis).segments();
        int start = 0;
        int place = 0;
        for (int s = 0; s < segments.size(); s++) {
            Segment segment = segments.get(s);
            int[] units = units(segment);
            for (int i = 0; i < segment.outer() * units.length * segment.inner(); i++, place++) {
                int unit = i / segment.inner() % units.length;
                int outer = i / segment.inner() / units.length;
                boolean isNew = units[unit] == Sizes.NEW;
                plan.old[place] = isNew
                        ? Sizes.NEW
                        : start + (outer * segment.count() + units[unit]) * segment.inner() + i % segment.inner();
                plan.zero[place] = isNew && rule.zero(small, axis, s);
                plan.factor[place] = rule.factor(small, axis, s, unit);
            }
            start += segment.size();
        }
        return plan;
    }

    private int[] units(Segment segment) {
        boolean whole = !segment.free()
                && segment.count() == from.blocks().get(segment.block()).size();
        if (whole) {
            return sources.apply(from.blocks().get(segment.block()));
        }
        int[] same = new int[segment.count()];
        Arrays.setAll(same, k -> k);
        return same;
    }

    private static double spread(ParameterTensor tensor, double[] row) {
        double squares = 0;
        for (int i = (int) tensor.offset(); i < tensor.end(); i++) {
            squares += row[i] * row[i];
        }
        return Math.sqrt(squares / Math.max(1, tensor.size()));
    }
}
