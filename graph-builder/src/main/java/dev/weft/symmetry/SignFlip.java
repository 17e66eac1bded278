package dev.weft.symmetry;

import dev.weft.network.Architecture;
import dev.weft.network.Gauge;
import dev.weft.network.NeuronBlock;
import dev.weft.network.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * An element of the sign-flip group of an architecture: sine and tanh are odd, so negating the incoming weights, the
 * bias and the outgoing weights of a hidden neuron behind them does not change the network's function (Godfrey et al.
 * 2022, "On the symmetries of deep learning models and their internal representations").
 *
 * <p>The action multiplies each parameter by the signs of the neurons that its axes name, so every element is its own
 * inverse. It costs O(P).
 */
public final class SignFlip {

    private final Architecture architecture;
    private final List<boolean[]> flipped;

    private SignFlip(Architecture architecture, List<boolean[]> flipped) {
        this.architecture = architecture;
        this.flipped = flipped;
    }

    /**
     * Makes an element from explicit choices.
     *
     * @param flipped for each of {@link Architecture#blocks()} which neurons are negated; none where {@link #flippable}
     *     says no
     * @throws IllegalArgumentException if sizes differ or neurons are negated whose signs matter
     */
    public static SignFlip of(Architecture architecture, List<boolean[]> flipped) {
        List<NeuronBlock> blocks = architecture.blocks();
        if (flipped.size() != blocks.size()) {
            throw new IllegalArgumentException(
                    "expected flips for " + blocks.size() + " blocks, got " + flipped.size());
        }
        List<boolean[]> copies = new ArrayList<>();
        for (NeuronBlock block : blocks) {
            boolean[] copy = flipped.get(block.index()).clone();
            check(architecture, block, copy);
            copies.add(copy);
        }
        return new SignFlip(architecture, copies);
    }

    /** Draws an element uniformly: each neuron that may be negated is, with probability one half. */
    public static SignFlip random(Architecture architecture, Seed seed) {
        RandomGenerator random = seed.random();
        List<boolean[]> flipped = new ArrayList<>();
        for (NeuronBlock block : architecture.blocks()) {
            boolean[] choices = new boolean[block.size()];
            if (flippable(architecture, block)) {
                for (int k = 0; k < choices.length; k++) {
                    choices[k] = random.nextBoolean();
                }
            }
            flipped.add(choices);
        }
        return new SignFlip(architecture, flipped);
    }

    /** Whether neurons of a block may be negated: they are hidden, and every layer between their sums and their readers is odd. */
    public static boolean flippable(Architecture architecture, NeuronBlock block) {
        return architecture.gauges().stream().anyMatch(gauge -> flips(gauge, block));
    }

    private static boolean flips(Gauge gauge, NeuronBlock block) {
        return gauge.block() == block.index() && gauge.sign() && gauge.shift().isEmpty();
    }

    public Architecture architecture() {
        return architecture;
    }

    /** Returns for each neuron of a block whether it is negated. */
    public boolean[] flipped(NeuronBlock block) {
        return flipped.get(block.index()).clone();
    }

    /** Returns P factors, 1 or -1; a batch of rows [n, P] is acted on by multiplying with them. */
    public float[] factors() {
        List<NeuronBlock> blocks = architecture.blocks();
        List<double[]> scales = new ArrayList<>();
        for (Gauge gauge : architecture.gauges()) {
            NeuronBlock block = blocks.get(gauge.block());
            double[] signs = new double[block.size()];
            boolean[] choices = flipped.get(block.index());
            for (int k = 0; k < signs.length; k++) {
                signs[k] = flips(gauge, block) && choices[k] ? -1 : 1;
            }
            scales.add(signs);
        }
        double[] factors = GaugeFactors.of(architecture, scales);
        float[] signs = new float[factors.length];
        for (int i = 0; i < signs.length; i++) {
            signs[i] = (float) factors[i];
        }
        return signs;
    }

    /** Returns the row of P values with its signs changed. */
    public float[] apply(float[] row) {
        architecture.requireRowLength(row.length);
        float[] result = factors();
        for (int i = 0; i < row.length; i++) {
            result[i] *= row[i];
        }
        return result;
    }

    /** Returns the row of P values with its signs changed. */
    public double[] apply(double[] row) {
        architecture.requireRowLength(row.length);
        float[] factors = factors();
        double[] result = new double[row.length];
        for (int i = 0; i < row.length; i++) {
            result[i] = factors[i] * row[i];
        }
        return result;
    }

    private static void check(Architecture architecture, NeuronBlock block, boolean[] choices) {
        if (choices.length != block.size()) {
            throw new IllegalArgumentException(
                    "block '" + block.name() + "': expected " + block.size() + " flips, got " + choices.length);
        }
        for (int k = 0; k < choices.length; k++) {
            if (choices[k] && !flippable(architecture, block)) {
                throw new IllegalArgumentException("block '" + block.name() + "': neuron " + k
                        + " can't be negated, only hidden neurons behind odd activations (sine, tanh) can");
            }
        }
    }
}
