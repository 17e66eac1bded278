package dev.weft.symmetry.canonical;

import dev.weft.network.Architecture;
import dev.weft.network.Axis.Power;
import dev.weft.network.Gauge;
import dev.weft.network.NeuronBlock;
import dev.weft.network.NeuronBlock.Structure;
import dev.weft.network.Projection;
import dev.weft.symmetry.NeuronPermutation;
import dev.weft.symmetry.Rescaling;
import dev.weft.symmetry.SymmetryElement;
import dev.weft.symmetry.SymmetryProduct;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * One row for all networks that are the same up to the symmetries of their architecture: scales and phases in their normal
 * form ({@link GaugeNormalisation}), then block by block from the input on signs and the order of neurons. A neuron's sign makes
 * the scalar product of its incoming values with a fixed vector positive, and neurons are in ascending order of that product;
 * the members of a head are ordered within it, heads by sums over their members.
 *
 * <p>No canonical form is continuous: a network near a tie is far from some network near it. {@link Stability} says how near the
 * ties are. Costs O(P) for each kind of move of a block and O(n log n) to order it.
 *
 * <p>The order goes by one product and not by norms first, as is usual for sine networks, because behind a ReLU all norms are one.
 */
public final class CanonicalForm {

    private final Architecture architecture;
    private final double[] row;
    private final Set<Integer> done = new HashSet<>();
    private final Set<Integer> openSigns = new HashSet<>();
    private final UnitKeys keys;
    private final List<SymmetryElement> moves = new ArrayList<>();
    private final Stability.Builder stability;

    /**
     * A network in its canonical form.
     *
     * @param row P values
     * @param element that brought it there
     * @param stability how firmly it stands
     */
    public record Result(double[] row, SymmetryElement element, Stability stability) {}

    private CanonicalForm(Architecture architecture, double[] row) {
        this.architecture = architecture;
        this.row = row.clone();
        this.keys = new UnitKeys(architecture, this.row, done);
        this.stability = new Stability.Builder(architecture);
        architecture.blocks().stream().filter(block -> !block.permutable()).forEach(block -> done.add(block.index()));
        architecture.gauges().stream()
                .filter(gauge -> gauge.sign() && gauge.shift().isEmpty())
                .forEach(gauge -> openSigns.add(gauge.index()));
    }

    /**
     * Returns a network's canonical form.
     *
     * @param row P finite values
     */
    public static Result of(Architecture architecture, double[] row) {
        architecture.requireRowLength(row.length);
        return new CanonicalForm(architecture, row).result();
    }

    private Result result() {
        normalise();
        for (NeuronBlock block : architecture.blocks()) {
            signs(block);
            if (!done.contains(block.index())) {
                order(block);
            }
        }
        normalisePhases();
        return new Result(row, SymmetryProduct.of(architecture, moves), stability.build());
    }

    private void move(SymmetryElement element) {
        element.actOn(row);
        moves.add(element);
    }

    private void normalise() {
        GaugeNormalisation form = GaugeNormalisation.settled(architecture, row);
        stability.scales(form.smallestNorm(), form.open());
        move(form.element());
        stability.phases(row);
    }

    /** A sign may have turned a bias at one end of its interval into the other. */
    private void normalisePhases() {
        move(GaugeNormalisation.of(architecture, row));
    }

    /** Settles the signs of all neurons of a block, one gauge after another. */
    private void signs(NeuronBlock block) {
        boolean progress = true;
        while (progress) {
            progress = false;
            for (Gauge gauge : architecture.gauges()) {
                if (gauge.block() == block.index() && openSigns.contains(gauge.index()) && sign(block, gauge)) {
                    openSigns.remove(gauge.index());
                    progress = true;
                }
            }
        }
    }

    private boolean sign(NeuronBlock block, Gauge gauge) {
        UnitKeys.Keys found = keys.of(
                block,
                segment -> isOdd(segment.powers(), gauge.index())
                        && segment.powers().stream()
                                .allMatch(
                                        power -> power.gauge() == gauge.index() || !openSigns.contains(power.gauge())));
        if (!found.seen()) {
            return false;
        }
        List<double[]> signs = new ArrayList<>();
        architecture.gauges().forEach(each -> signs.add(GaugeNormalisation.neutral(architecture, each)));
        for (int k = 0; k < block.size(); k++) {
            signs.get(gauge.index())[k] = found.products()[k] < 0 ? -1 : 1;
        }
        stability.signs(block, found);
        if (Arrays.stream(signs.get(gauge.index())).anyMatch(sign -> sign < 0)) {
            move(Rescaling.of(architecture, signs));
        }
        return true;
    }

    private static boolean isOdd(List<Power> powers, int gauge) {
        return powers.stream()
                                .filter(power -> power.gauge() == gauge)
                                .mapToInt(Power::exponent)
                                .sum()
                        % 2
                != 0;
    }

    /** Orders a block with everything that moves with it. */
    private void order(NeuronBlock block) {
        List<NeuronBlock> set = related(block);
        set.stream().filter(each -> !each.equals(block)).forEach(this::signs);
        Map<NeuronBlock, double[]> named = new HashMap<>();
        for (NeuronBlock each : set) {
            UnitKeys.Keys found = keys.of(
                    each, segment -> segment.powers().stream().noneMatch(power -> openSigns.contains(power.gauge())));
            named.put(each, found.products());
            if (found.seen()) {
                stability.norms(each, found);
            }
        }
        Map<NeuronBlock, int[]> orders = new HashMap<>();
        for (NeuronBlock each : set) {
            if (!(each.structure() instanceof Structure.Pairs) && !done.contains(each.index())) {
                orders.put(each, order(each, keys(each, named)));
            }
        }
        move(NeuronPermutation.moving(architecture, absolute(orders)));
        set.forEach(each -> done.add(each.index()));
    }

    /** Returns the blocks that move together with one, itself among them. */
    private List<NeuronBlock> related(NeuronBlock block) {
        List<NeuronBlock> all = architecture.blocks();
        Set<NeuronBlock> set = new HashSet<>(Set.of(block));
        boolean grows = true;
        while (grows) {
            grows = false;
            for (NeuronBlock other : all) {
                if (!set.contains(other)
                        && set.stream()
                                .anyMatch(each ->
                                        Projection.exists(all, each, other) || Projection.exists(all, other, each))) {
                    grows = set.add(other);
                }
            }
        }
        return set.stream().sorted(Comparator.comparing(NeuronBlock::index)).toList();
    }

    /** Returns a key for each unit: its own, and sums over everything that belongs to it, in no order. */
    private double[] keys(NeuronBlock block, Map<NeuronBlock, double[]> named) {
        double[] sums = new double[block.size()];
        named.forEach((other, products) -> {
            if (Projection.exists(architecture.blocks(), other, block)) {
                int[] units = Projection.of(architecture.blocks(), other, block);
                for (int k = 0; k < units.length; k++) {
                    double product = products[k];
                    sums[units[k]] += other.equals(block) ? product : product + product * product;
                }
            }
        });
        return sums;
    }

    /** Returns the units in ascending order, each group by itself. */
    private int[] order(NeuronBlock block, double[] keys) {
        int groups = block.structure() instanceof Structure.Within within
                ? architecture.blocks().get(within.groups()).size()
                : 1;
        int width = block.size() / groups;
        int[] order = new int[block.size()];
        for (int g = 0; g < groups; g++) {
            int first = g * width;
            int[] members = IntStream.range(first, first + width)
                    .boxed()
                    .sorted(Comparator.comparingDouble(k -> keys[k]))
                    .mapToInt(Integer::intValue)
                    .toArray();
            System.arraycopy(members, 0, order, first, width);
            stability.order(block, members, keys);
        }
        return order;
    }

    /** Groups have moved before their members are asked for: a place's members are those of the group that came there. */
    private Map<NeuronBlock, int[]> absolute(Map<NeuronBlock, int[]> orders) {
        Map<NeuronBlock, int[]> moved = new HashMap<>();
        orders.keySet().forEach(block -> absolute(block, orders, moved));
        return moved;
    }

    private int[] absolute(NeuronBlock block, Map<NeuronBlock, int[]> orders, Map<NeuronBlock, int[]> moved) {
        int[] known = moved.get(block);
        if (known != null) {
            return known;
        }
        int[] order =
                orders.getOrDefault(block, IntStream.range(0, block.size()).toArray());
        int[] result = order;
        if (block.structure() instanceof Structure.Within within) {
            int[] groups = absolute(architecture.blocks().get(within.groups()), orders, moved);
            int width = block.size() / groups.length;
            result = IntStream.range(0, block.size())
                    .map(k -> order[groups[k / width] * width + k % width])
                    .toArray();
        }
        moved.put(block, result);
        return result;
    }
}
