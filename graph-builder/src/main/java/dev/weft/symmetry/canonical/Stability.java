package dev.weft.symmetry.canonical;

import dev.weft.network.Architecture;
import dev.weft.network.Gauge;
import dev.weft.network.NeuronBlock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * How firmly a canonical form stands: the margins by which its choices were made. Where one is small, a small change of the
 * network may give another form; where neurons are tied, even rounding may.
 *
 * @param smallestNorm of what was brought to norm one; infinity where there are no scales
 * @param smallestPhase distance of a bias from the ends of its interval, as a share of the interval; infinity without phases
 * @param openScales blocks whose scales could not be settled, because each depends on others
 * @param blocks margins of signs and order
 */
public record Stability(double smallestNorm, double smallestPhase, List<String> openScales, List<BlockMargin> blocks) {

    /** Keys or norms that are as close, relative to the largest, count as tied or zero. */
    public static final double TIE = 1e-9;

    /**
     * Of one block.
     *
     * @param name of the block
     * @param size neurons
     * @param ties neighbours in the order whose keys are the same but for {@link #TIE}
     * @param smallestGap between the keys of neighbours, relative to the largest key
     * @param nearZero neurons whose incoming values are next to nothing, so that sign and place are arbitrary
     * @param smallestSign scalar product by which a sign was decided, over the norm of the neuron's values; infinity where signs are not free
     */
    public record BlockMargin(String name, int size, int ties, double smallestGap, int nearZero, double smallestSign) {}

    /** Whether no choice was a tie. */
    public boolean isUnique() {
        return smallestNorm > TIE
                && smallestPhase > TIE
                && openScales.isEmpty()
                && blocks.stream()
                        .allMatch(block -> block.ties == 0 && block.nearZero == 0 && block.smallestSign > TIE);
    }

    /** Collects margins as they are found. */
    static final class Builder {
        private final Architecture architecture;
        private final Map<NeuronBlock, BlockMargin> margins = new LinkedHashMap<>();
        private final List<String> openScales = new ArrayList<>();
        private double smallestNorm = Double.POSITIVE_INFINITY;
        private double smallestPhase = Double.POSITIVE_INFINITY;

        Builder(Architecture architecture) {
            this.architecture = architecture;
        }

        void scales(double smallest, Collection<Integer> open) {
            smallestNorm = smallest;
            open.forEach(gauge -> openScales.add(architecture
                    .blocks()
                    .get(architecture.gauges().get(gauge).block())
                    .name()));
        }

        /** Measures biases in front of sines. */
        void phases(double[] row) {
            for (Gauge gauge : architecture.gauges()) {
                gauge.shift().ifPresent(shift -> {
                    for (double bias : GaugeNormalisation.bias(architecture, row, shift)) {
                        double share = 0.5 - Math.abs(bias / shift.amount());
                        smallestPhase = Math.min(smallestPhase, Math.max(share, 0));
                    }
                });
            }
        }

        private BlockMargin of(NeuronBlock block) {
            return margins.getOrDefault(
                    block,
                    new BlockMargin(
                            block.name(), block.size(), 0, Double.POSITIVE_INFINITY, 0, Double.POSITIVE_INFINITY));
        }

        /** Counts neurons that have next to nothing to be told apart by. */
        void norms(NeuronBlock block, UnitKeys.Keys keys) {
            double largest = DoubleStream.of(keys.norms()).max().orElse(0);
            long zeros = DoubleStream.of(keys.norms())
                    .filter(norm -> norm <= TIE * largest)
                    .count();
            BlockMargin known = of(block);
            margins.put(
                    block,
                    new BlockMargin(
                            known.name,
                            known.size,
                            known.ties,
                            known.smallestGap,
                            Math.max(known.nearZero, (int) zeros),
                            known.smallestSign));
        }

        void signs(NeuronBlock block, UnitKeys.Keys keys) {
            norms(block, keys);
            BlockMargin known = of(block);
            double least = known.smallestSign;
            for (int k = 0; k < keys.norms().length; k++) {
                if (keys.norms()[k] > 0) {
                    least = Math.min(least, Math.abs(keys.products()[k]) / keys.norms()[k]);
                }
            }
            margins.put(
                    block,
                    new BlockMargin(known.name, known.size, known.ties, known.smallestGap, known.nearZero, least));
        }

        /** Measures the gaps between neighbours of a run in ascending order. */
        void order(NeuronBlock block, int[] members, double[] keys) {
            double largest = Double.MIN_NORMAL;
            for (int member : members) {
                largest = Math.max(largest, Math.abs(keys[member]));
            }
            BlockMargin known = of(block);
            int ties = known.ties;
            double smallest = known.smallestGap;
            for (int k = 1; k < members.length; k++) {
                double gap = (keys[members[k]] - keys[members[k - 1]]) / largest;
                ties += gap <= TIE ? 1 : 0;
                smallest = Math.min(smallest, gap);
            }
            margins.put(
                    block, new BlockMargin(known.name, known.size, ties, smallest, known.nearZero, known.smallestSign));
        }

        Stability build() {
            return new Stability(smallestNorm, smallestPhase, List.copyOf(openScales), List.copyOf(margins.values()));
        }
    }
}
