package dev.weft.symmetry.align;

import dev.weft.network.Architecture;
import dev.weft.network.Gauge;
import dev.weft.network.Layer;
import dev.weft.network.NeuronBlock;
import dev.weft.network.ParameterTensor;
import dev.weft.network.Seed;
import dev.weft.symmetry.NeuronPermutation;
import dev.weft.symmetry.Rescaling;
import dev.weft.symmetry.SymmetryElement;
import dev.weft.symmetry.SymmetryProduct;
import dev.weft.symmetry.canonical.GaugeNormalisation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Brings network B close to network A by its symmetries (weight matching, Ainsworth et al. 2023, "Git Re-Basin: merging models
 * modulo permutation symmetries", section 3.2): coordinate ascent on the sum of products of trained parameters. In a sweep
 * every set of blocks is visited in random order and given its best permutation while the others stay; a visit that gains
 * nothing leaves everything as it was, so the sum only grows and the search ends, in a local optimum. Restarts sweep in other
 * orders.
 *
 * <p>Beyond the paper: heads and groups move as wholes with their members ordered within; matrices that name a block twice are
 * taken as they stand and a step is undone where it loses; signs may be chosen with the permutation; scales and phases are
 * brought to a normal form first and back to A's afterwards.
 *
 * <p>A sweep costs O(sum of n P_n) multiplications, P_n the values of the tensors of a block of n neurons, and O(n^3) for its
 * assignment; memory is three rows of doubles.
 */
public final class WeightMatching {

    /** Sweeps after which the search ends even if there is progress. */
    public static final int MAX_SWEEPS_DEFAULT = 100;

    /** Orders of sweeps that are tried. */
    public static final int RESTARTS_DEFAULT = 3;

    private static final double PROGRESS = 1e-10; // of the product of norms: less is rounding

    private final Architecture architecture;
    private final List<Cluster> clusters;
    private final double[] fixed;
    private final double[] start;
    private final SymmetryElement first;
    private final SymmetryElement last;
    private final Seed seed;
    private final Settings settings;
    private final Listener listener;

    /**
     * What is searched.
     *
     * @param restarts at least 1
     * @param maxSweeps at least 1
     * @param signs whether neurons whose signs are free may be negated
     * @param scales whether positive scales and phases are brought to A's, where they are free
     */
    public record Settings(int restarts, int maxSweeps, boolean signs, boolean scales) {
        public Settings {
            if (restarts < 1 || maxSweeps < 1) {
                throw new IllegalArgumentException(
                        "expected at least one restart and one sweep, got " + restarts + " and " + maxSweeps);
            }
        }

        /** Permutations only, but with signs and phases where activations are odd (sine, tanh). */
        public static Settings of(Architecture architecture) {
            boolean odd = architecture.nodes().stream()
                    .anyMatch(node -> node.layer() instanceof Layer.Sine || node.layer() instanceof Layer.Tanh);
            boolean phases = architecture.gauges().stream()
                    .anyMatch(gauge -> gauge.shift().isPresent());
            return new Settings(RESTARTS_DEFAULT, MAX_SWEEPS_DEFAULT, odd, phases);
        }
    }

    /** Hears how the search gets on. */
    @FunctionalInterface
    public interface Listener {

        /**
         * Is called after each visit of a set of blocks.
         *
         * @param restart from 0
         * @param sweep from 0
         * @param visited sets of blocks of this sweep so far, up to {@link WeightMatching#sets}
         */
        void visited(int restart, int sweep, int visited);
    }

    private record Outcome(double[] row, SymmetryProduct moves, double sum, int sweeps) {}

    private WeightMatching(
            Architecture architecture, double[] a, double[] b, Seed seed, Settings settings, Listener listener) {
        this.architecture = architecture;
        this.clusters = Cluster.of(architecture);
        this.seed = seed;
        this.settings = settings;
        this.listener = listener;
        if (settings.scales) {
            Rescaling ofA = GaugeNormalisation.of(architecture, a);
            first = GaugeNormalisation.of(architecture, b);
            last = ofA.inverse();
            fixed = ofA.apply(a);
            start = first.apply(b);
        } else {
            first = NeuronPermutation.identity(architecture);
            last = first;
            fixed = a;
            start = b;
        }
    }

    /** Returns how many sets of blocks a sweep visits. */
    public static int sets(Architecture architecture) {
        return Cluster.of(architecture).size();
    }

    /** Matches without a listener. */
    public static Alignment match(Architecture architecture, double[] a, double[] b, Seed seed, Settings settings) {
        return match(architecture, a, b, seed, settings, (restart, sweep, visited) -> {});
    }

    /**
     * Returns the element that brings B close to A.
     *
     * @param a P values of the network that stays
     * @param b P values of the network that moves
     * @throws IllegalArgumentException if a row has another length or a value that is not finite
     */
    public static Alignment match(
            Architecture architecture, double[] a, double[] b, Seed seed, Settings settings, Listener listener) {
        require(architecture, "A", a);
        require(architecture, "B", b);
        return new WeightMatching(architecture, a, b, seed, settings, listener).match();
    }

    static void require(Architecture architecture, String name, double[] row) {
        architecture.requireRowLength(row.length);
        for (ParameterTensor tensor : architecture.parameters()) {
            for (int i = (int) tensor.offset(); i < tensor.end(); i++) {
                if (!Double.isFinite(row[i])) {
                    throw new IllegalArgumentException("network " + name + ", '" + tensor.name()
                            + "': expected finite values, got " + row[i] + " at " + (i - tensor.offset()));
                }
            }
        }
    }

    private Alignment match() {
        Outcome best = search(0);
        for (int restart = 1; restart < settings.restarts; restart++) {
            Outcome next = search(restart);
            best = next.sum > best.sum ? next : best;
        }
        SymmetryElement element =
                settings.scales ? SymmetryProduct.of(architecture, List.of(first, best.moves, last)) : best.moves;
        return new Alignment(
                element,
                best.moves.permutation(),
                similarity(trained(), fixed, start),
                similarity(trained(), fixed, best.row),
                best.sweeps);
    }

    private List<ParameterTensor> trained() {
        return architecture.parameters().stream()
                .filter(ParameterTensor::trainable)
                .toList();
    }

    private static double similarity(List<ParameterTensor> tensors, double[] a, double[] b) {
        double norms = Math.sqrt(product(tensors, a, a) * product(tensors, b, b));
        return norms == 0 ? 0 : product(tensors, a, b) / norms;
    }

    private static double product(List<ParameterTensor> tensors, double[] a, double[] b) {
        double sum = 0;
        for (ParameterTensor tensor : tensors) {
            for (int i = (int) tensor.offset(); i < tensor.end(); i++) {
                sum += a[i] * b[i];
            }
        }
        return sum;
    }

    private Outcome search(int restart) {
        double[] row = start.clone();
        List<SymmetryElement> moves = new ArrayList<>();
        int sweep = 0;
        boolean progress = true;
        while (progress && sweep < settings.maxSweeps) {
            List<Cluster> order = shuffled(seed.split("restart").split(restart).split(sweep));
            progress = false;
            for (int i = 0; i < order.size(); i++) {
                progress |= visit(order.get(i), row, moves);
                listener.visited(restart, sweep, i + 1);
            }
            sweep++;
        }
        return new Outcome(row, SymmetryProduct.of(architecture, moves), product(trained(), fixed, row), sweep);
    }

    private List<Cluster> shuffled(Seed of) {
        RandomGenerator random = of.random();
        List<Cluster> order = new ArrayList<>(clusters);
        for (int i = order.size() - 1; i > 0; i--) {
            Collections.swap(order, i, random.nextInt(i + 1));
        }
        return order;
    }

    /** Gives a set of blocks its best permutation; returns whether that gained something. */
    private boolean visit(Cluster cluster, double[] row, List<SymmetryElement> moves) {
        boolean progress = step(cluster, row, true, moves);
        return WeightGains.isCoupled(cluster) ? step(cluster, row, false, moves) || progress : progress;
    }

    private boolean step(Cluster cluster, double[] row, boolean coupled, List<SymmetryElement> moves) {
        List<ParameterTensor> tensors = cluster.tensors();
        double norms = Math.sqrt(product(tensors, fixed, fixed) * product(tensors, row, row));
        double before = product(tensors, fixed, row);
        List<SymmetryElement> next = moves(cluster, row, coupled);
        next.forEach(move -> move.actOn(row));
        if (product(tensors, fixed, row) - before > PROGRESS * norms) {
            moves.addAll(next);
            return true;
        }
        SymmetryProduct.of(architecture, next).inverse().actOn(row);
        return false;
    }

    private List<SymmetryElement> moves(Cluster cluster, double[] row, boolean coupled) {
        Map<NeuronBlock, Gains> gains = new WeightGains(architecture, fixed, row, settings.signs).of(cluster, coupled);
        Map<NeuronBlock, int[]> best = ClusterMatching.best(architecture.blocks(), cluster, gains);
        List<SymmetryElement> moves = new ArrayList<>();
        if (best.values().stream().anyMatch(WeightMatching::moves)) {
            moves.add(NeuronPermutation.moving(architecture, best));
        }
        List<double[]> signs = signs(architecture, gains, best);
        if (signs.stream().flatMapToDouble(Arrays::stream).anyMatch(sign -> sign < 0)) {
            moves.add(Rescaling.of(architecture, signs));
        }
        return moves;
    }

    private static boolean moves(int[] permutation) {
        for (int k = 0; k < permutation.length; k++) {
            if (permutation[k] != k) {
                return true;
            }
        }
        return false;
    }

    /** Returns the signs with which neurons come to their places, for each gauge; half periods stay. */
    static List<double[]> signs(
            Architecture architecture, Map<NeuronBlock, Gains> gains, Map<NeuronBlock, int[]> permutations) {
        List<double[]> signs = new ArrayList<>();
        for (Gauge gauge : architecture.gauges()) {
            NeuronBlock block = architecture.blocks().get(gauge.block());
            double[] of = new double[block.size()];
            Arrays.fill(of, gauge.shift().isPresent() ? 0 : 1);
            Gains turned = gains.get(block);
            int[] permutation = permutations.get(block);
            if (turned != null
                    && permutation != null
                    && turned.odd().length > 0
                    && WeightGains.signGauge(architecture, block) == gauge.index()) {
                for (int k = 0; k < of.length; k++) {
                    of[k] = turned.sign(k, permutation[k]);
                }
            }
            signs.add(of);
        }
        return signs;
    }
}
