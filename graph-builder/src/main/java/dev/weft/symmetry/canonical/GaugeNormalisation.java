package dev.weft.symmetry.canonical;

import dev.weft.network.Architecture;
import dev.weft.network.Axis.Power;
import dev.weft.network.Axis.Segment;
import dev.weft.network.Gauge;
import dev.weft.network.NeuronBlock;
import dev.weft.network.ParameterTensor;
import dev.weft.network.Projection;
import dev.weft.symmetry.Rescaling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The normal form of scales and phases: what writes a neuron's value (weights and bias, or the gain behind a norm) has norm
 * one, and a bias in front of a sine lies within a quarter period of zero. It does not ask for an order of the neurons, so it
 * commutes with permutations. Costs O(P).
 *
 * <p>Scales are settled one after another, each by those tensors in which no other scale is open; a network in which none
 * can go first keeps the rest of its scales.
 */
public final class GaugeNormalisation {

    private static final double SETTLED = 1e-12; // a norm as close to one stays, so that the form is idempotent

    private final Architecture architecture;
    private final double[] row;
    private final List<double[]> values = new ArrayList<>();
    private final Set<Integer> open = new HashSet<>();
    private double smallestNorm = Double.POSITIVE_INFINITY;

    private GaugeNormalisation(Architecture architecture, double[] row) {
        this.architecture = architecture;
        this.row = row.clone();
        for (Gauge gauge : architecture.gauges()) {
            values.add(neutral(architecture, gauge));
            if (gauge.positive()) {
                open.add(gauge.index());
            }
        }
    }

    /**
     * Returns the element that brings a row into the form.
     *
     * @param row P values
     */
    public static Rescaling of(Architecture architecture, double[] row) {
        return settled(architecture, row).element();
    }

    static GaugeNormalisation settled(Architecture architecture, double[] row) {
        architecture.requireRowLength(row.length);
        GaugeNormalisation form = new GaugeNormalisation(architecture, row);
        form.phases();
        form.scales();
        return form;
    }

    Rescaling element() {
        return Rescaling.of(architecture, values);
    }

    /** Returns the scales that could not be settled. */
    Set<Integer> open() {
        return open;
    }

    /** Returns the smallest norm that was brought to one. */
    double smallestNorm() {
        return smallestNorm;
    }

    /** Returns the numbers of a gauge's identity. */
    static double[] neutral(Architecture architecture, Gauge gauge) {
        double[] neutral = new double[architecture.blocks().get(gauge.block()).size()];
        Arrays.fill(neutral, gauge.shift().isPresent() ? 0 : 1);
        return neutral;
    }

    private void phases() {
        for (Gauge gauge : architecture.gauges()) {
            gauge.shift().ifPresent(shift -> {
                double[] bias = bias(architecture, row, shift);
                for (int k = 0; k < bias.length; k++) {
                    values.get(gauge.index())[k] =
                            -Math.floor(bias[k] / Math.abs(shift.amount()) + 0.5) * Math.signum(shift.amount());
                }
            });
        }
    }

    /** Returns the biases that a phase is in. */
    static double[] bias(Architecture architecture, double[] row, Gauge.PhaseShift shift) {
        ParameterTensor tensor = architecture.parameters().stream()
                .filter(each -> each.name().equals(shift.bias()))
                .findFirst()
                .orElseThrow();
        return Arrays.copyOfRange(row, (int) tensor.offset(), (int) tensor.end());
    }

    private void scales() {
        boolean progress = true;
        while (progress) {
            progress = false;
            for (Gauge gauge : architecture.gauges()) {
                if (open.contains(gauge.index()) && settle(gauge)) {
                    open.remove(gauge.index());
                    progress = true;
                }
            }
        }
    }

    private boolean settle(Gauge gauge) {
        double[] squares = new double[values.get(gauge.index()).length];
        boolean seen = squares(gauge, 1, squares);
        int exponent = seen ? 1 : -1;
        if (!seen && !squares(gauge, -1, squares)) {
            return false;
        }
        double[] scales = values.get(gauge.index());
        for (int k = 0; k < scales.length; k++) {
            double norm = Math.sqrt(squares[k]);
            smallestNorm = Math.min(smallestNorm, norm);
            boolean stays = norm == 0 || Math.abs(norm - 1) < SETTLED;
            scales[k] = stays ? 1 : Math.pow(norm, -exponent);
        }
        List<double[]> own = new ArrayList<>();
        architecture.gauges().forEach(each -> own.add(neutral(architecture, each)));
        own.set(gauge.index(), scales);
        Rescaling.of(architecture, own).actOn(row);
        return true;
    }

    /** Adds up squares of what each neuron's scale enters to a power; returns whether there was anything. */
    private boolean squares(Gauge gauge, int exponent, double[] squares) {
        List<NeuronBlock> blocks = architecture.blocks();
        boolean seen = false;
        for (ParameterTensor tensor : architecture.parameters()) {
            for (int axis = 0; tensor.trainable() && axis < tensor.axes().size(); axis++) {
                List<Segment> segments = tensor.axes().get(axis).segments();
                for (int s = 0; s < segments.size(); s++) {
                    Segment segment = segments.get(s);
                    if (segment.powers().contains(new Power(gauge.index(), exponent))
                            && settledBut(gauge, tensor, axis, segment)) {
                        int[] units = Projection.of(blocks, blocks.get(segment.block()), blocks.get(gauge.block()));
                        TensorWalk.over(
                                tensor,
                                axis,
                                s,
                                (position, unit, rest) -> squares[units[unit]] += row[position] * row[position]);
                        seen = true;
                    }
                }
            }
        }
        return seen;
    }

    /** Whether no other open scale enters these values. */
    private boolean settledBut(Gauge gauge, ParameterTensor tensor, int axis, Segment segment) {
        NeuronBlock block = architecture.blocks().get(segment.block());
        boolean own = segment.count() == block.size()
                && segment.powers().stream()
                        .allMatch(power -> power.gauge() == gauge.index() || !open.contains(power.gauge()));
        for (int other = 0; other < tensor.axes().size(); other++) {
            own &= other == axis
                    || tensor.axes().get(other).segments().stream()
                            .flatMap(each -> each.powers().stream())
                            .noneMatch(power -> open.contains(power.gauge()));
        }
        return own;
    }
}
