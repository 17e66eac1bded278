package dev.weft.symmetry.align;

import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import dev.weft.symmetry.SymmetryElement;
import dev.weft.symmetry.SymmetryProduct;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Brings many networks together (Ainsworth et al. 2023, algorithm 3): again and again each is aligned to the mean of the
 * others, in random order, until none moves. Each alignment costs as much as {@link WeightMatching}.
 */
public final class Merging {

    /** Rounds over all networks after which the search ends even if some still move. */
    public static final int MAX_ROUNDS_DEFAULT = 100;

    private Merging() {}

    /**
     * Networks that were brought together.
     *
     * @param rows P values of each
     * @param elements that moved each
     * @param mean P values
     * @param rounds until none moved
     */
    public record Result(List<double[]> rows, List<SymmetryElement> elements, double[] mean, int rounds) {}

    /** Hears how the search gets on. */
    @FunctionalInterface
    public interface Listener {

        /**
         * Is called after each alignment.
         *
         * @param round from 0
         * @param matched networks of this round so far
         */
        void matched(int round, int matched);
    }

    /** Merges without a listener. */
    public static Result merge(
            Architecture architecture,
            List<double[]> rows,
            Seed seed,
            WeightMatching.Settings settings,
            int maxRounds) {
        return merge(architecture, rows, seed, settings, maxRounds, (round, matched) -> {});
    }

    /**
     * Merges two networks or more.
     *
     * @param rows P values of each
     */
    public static Result merge(
            Architecture architecture,
            List<double[]> rows,
            Seed seed,
            WeightMatching.Settings settings,
            int maxRounds,
            Listener listener) {
        if (rows.size() < 2) {
            throw new IllegalArgumentException("expected two networks or more, got " + rows.size());
        }
        List<double[]> moved = new ArrayList<>(rows);
        List<SymmetryElement> elements = new ArrayList<>();
        rows.forEach(row -> elements.add(SymmetryProduct.of(architecture, List.of())));
        int round = 0;
        boolean moves = true;
        while (moves && round < maxRounds) {
            moves = false;
            int matched = 0;
            for (int i : order(rows.size(), seed.split("order").split(round))) {
                double[] others = mean(moved, i);
                Alignment found = WeightMatching.match(
                        architecture, others, moved.get(i), seed.split(round).split(i), settings);
                if (found.after() - found.before() > 1e-9) {
                    moves = true;
                    moved.set(i, found.element().apply(moved.get(i)));
                    elements.set(i, SymmetryProduct.of(architecture, List.of(elements.get(i), found.element())));
                }
                listener.matched(round, ++matched);
            }
            round++;
        }
        return new Result(List.copyOf(moved), List.copyOf(elements), mean(moved, -1), round);
    }

    private static List<Integer> order(int n, Seed seed) {
        RandomGenerator random = seed.random();
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            order.add(i);
        }
        for (int i = n - 1; i > 0; i--) {
            Collections.swap(order, i, random.nextInt(i + 1));
        }
        return order;
    }

    private static double[] mean(List<double[]> rows, int without) {
        double[] mean = new double[rows.get(0).length];
        int count = without < 0 ? rows.size() : rows.size() - 1;
        for (int r = 0; r < rows.size(); r++) {
            for (int i = 0; r != without && i < mean.length; i++) {
                mean[i] += rows.get(r)[i] / count;
            }
        }
        return mean;
    }
}
