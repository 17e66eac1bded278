package dev.weft.symmetry;

import dev.weft.network.Architecture;
import dev.weft.network.Gauge;
import dev.weft.network.ParameterTensor;
import dev.weft.network.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/**
 * An element of the group of scales, signs and phases: each {@link Gauge} multiplies what its neurons are written by and
 * divides what they are read by; behind a sine, a bias moves by half periods instead. Acting costs O(P).
 */
public final class Rescaling implements SymmetryElement {

    private static final double SPREAD = 0.4; // deviation of the logarithm of random scales
    private static final int MOST_TURNS = 2;

    private final Architecture architecture;
    private final List<double[]> scales;
    private final List<int[]> turns;

    private Rescaling(Architecture architecture, List<double[]> scales, List<int[]> turns) {
        this.architecture = architecture;
        this.scales = scales;
        this.turns = turns;
    }

    /**
     * Makes an element from explicit numbers.
     *
     * @param values for each of {@link Architecture#gauges()} one number for each neuron of its block: its scale, or, where
     *     the gauge shifts a phase, how many half periods
     * @throws IllegalArgumentException if sizes differ or numbers are not among those that the gauge allows
     */
    public static Rescaling of(Architecture architecture, List<double[]> values) {
        List<Gauge> gauges = architecture.gauges();
        if (values.size() != gauges.size()) {
            throw new IllegalArgumentException(
                    "expected scales for " + gauges.size() + " gauges, got " + values.size());
        }
        Rescaling element = identity(architecture);
        for (Gauge gauge : gauges) {
            double[] of = values.get(gauge.index());
            String block = architecture.blocks().get(gauge.block()).name();
            if (of.length != element.scales.get(gauge.index()).length) {
                throw new IllegalArgumentException("block '" + block + "': expected "
                        + element.scales.get(gauge.index()).length + " scales, got " + of.length);
            }
            for (int k = 0; k < of.length; k++) {
                require(gauge, of[k], block, k);
                element.set(gauge, k, of[k]);
            }
        }
        return element;
    }

    public static Rescaling identity(Architecture architecture) {
        List<double[]> scales = new ArrayList<>();
        List<int[]> turns = new ArrayList<>();
        for (Gauge gauge : architecture.gauges()) {
            int size = architecture.blocks().get(gauge.block()).size();
            double[] ones = new double[size];
            Arrays.fill(ones, 1);
            scales.add(ones);
            turns.add(new int[size]);
        }
        return new Rescaling(architecture, scales, turns);
    }

    /** Draws positive scales, the logarithm normal; the identity where there are none. */
    static Rescaling randomScales(Architecture architecture, Seed seed) {
        Rescaling element = identity(architecture);
        RandomGenerator random = seed.random();
        element.fill(Gauge::positive, gauge -> Math.exp(SPREAD * random.nextGaussian()));
        return element;
    }

    /** Draws signs evenly. */
    static Rescaling randomSigns(Architecture architecture, Seed seed) {
        Rescaling element = identity(architecture);
        RandomGenerator random = seed.random();
        element.fill(gauge -> gauge.sign() && gauge.shift().isEmpty(), gauge -> random.nextBoolean() ? -1 : 1);
        return element;
    }

    /** Draws half periods of sines evenly. */
    static Rescaling randomPhases(Architecture architecture, Seed seed) {
        Rescaling element = identity(architecture);
        RandomGenerator random = seed.random();
        element.fill(gauge -> gauge.shift().isPresent(), gauge -> random.nextInt(2 * MOST_TURNS + 1) - MOST_TURNS);
        return element;
    }

    private void fill(Predicate<Gauge> which, ToDoubleFunction<Gauge> value) {
        for (Gauge gauge : architecture.gauges()) {
            for (int k = 0; which.test(gauge) && k < scales.get(gauge.index()).length; k++) {
                set(gauge, k, value.applyAsDouble(gauge));
            }
        }
    }

    private void set(Gauge gauge, int k, double value) {
        boolean phase = gauge.shift().isPresent();
        turns.get(gauge.index())[k] = phase ? (int) value : 0;
        scales.get(gauge.index())[k] = phase ? 1 - 2 * Math.floorMod((int) value, 2) : value;
    }

    private static void require(Gauge gauge, double value, String block, int k) {
        boolean allowed = gauge.shift().isPresent()
                ? value == Math.rint(value) && Math.abs(value) <= Integer.MAX_VALUE
                : Double.isFinite(value)
                        && value != 0
                        && (value > 0 || gauge.sign())
                        && (Math.abs(value) == 1 || gauge.positive());
        if (!allowed) {
            throw new IllegalArgumentException("block '" + block + "': neuron " + k + " can't be scaled by " + value
                    + ", its gauge allows " + allowed(gauge));
        }
    }

    private static String allowed(Gauge gauge) {
        if (gauge.shift().isPresent()) {
            return "whole numbers of half periods";
        }
        return gauge.positive() ? (gauge.sign() ? "all numbers but 0" : "positive numbers") : "1 and -1";
    }

    @Override
    public Architecture architecture() {
        return architecture;
    }

    @Override
    public double[] apply(double[] row) {
        architecture.requireRowLength(row.length);
        double[] result = row.clone();
        actOn(result);
        return result;
    }

    @Override
    public void actOn(double[] row) {
        GaugeFactors.multiply(architecture, scales, row);
        for (Gauge gauge : architecture.gauges()) {
            gauge.shift().ifPresent(shift -> shift(row, shift, turns.get(gauge.index())));
        }
    }

    private void shift(double[] row, Gauge.PhaseShift shift, int[] turns) {
        int first = biasOffset(shift);
        for (int k = 0; k < turns.length; k++) {
            row[first + k] += turns[k] * shift.amount();
        }
    }

    private int biasOffset(Gauge.PhaseShift shift) {
        for (ParameterTensor tensor : architecture.parameters()) {
            if (tensor.name().equals(shift.bias())) {
                return (int) tensor.offset();
            }
        }
        throw new IllegalStateException("a phase shift names a bias of the architecture");
    }

    /** A bias d b + j a goes back by dividing d out and then taking j a / d off. */
    @Override
    public Rescaling inverse() {
        Rescaling inverse = identity(architecture);
        double[] factors = GaugeFactors.of(architecture, scales);
        for (Gauge gauge : architecture.gauges()) {
            int g = gauge.index();
            for (int k = 0; k < scales.get(g).length; k++) {
                int place = k;
                int back = gauge.shift()
                        .map(shift -> (int) (-turns.get(g)[place] / factors[biasOffset(shift) + place]))
                        .orElse(0);
                inverse.turns.get(g)[k] = back;
                inverse.scales.get(g)[k] = 1 / scales.get(g)[k];
            }
        }
        return inverse;
    }
}
