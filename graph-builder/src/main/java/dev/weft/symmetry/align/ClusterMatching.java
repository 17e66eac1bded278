package dev.weft.symmetry.align;

import dev.weft.network.NeuronBlock;
import dev.weft.network.NeuronBlock.Structure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The best permutations of a cluster for given gains. A plain block is one assignment. Heads are matched as wholes: each pair of
 * heads is worth what their members gain at best, so the members of all pairs are matched first, then the heads. Where a
 * block is made of pairs (query heads and the coordinates that they share), members take turns until nothing is gained.
 *
 * <p>Costs O(n^3) for a plain block, O(E^2 s^3) for E heads of s coordinates.
 */
final class ClusterMatching {

    private static final int MOST_TURNS = 10;

    private final List<NeuronBlock> blocks;
    private final Cluster cluster;
    private final Map<NeuronBlock, Gains> gains;
    private final Map<NeuronBlock, int[]> found = new HashMap<>();

    /**
     * Where neurons of a block come from.
     *
     * @param first place
     * @param neurons for it and the next places
     */
    private record Run(NeuronBlock block, int first, int[] neurons) {}

    /** A pair of units, what it is worth, and where the units' members come from. */
    private record Match(double value, List<Run> runs) {}

    private ClusterMatching(List<NeuronBlock> blocks, Cluster cluster, Map<NeuronBlock, Gains> gains) {
        this.blocks = blocks;
        this.cluster = cluster;
        this.gains = gains;
    }

    /**
     * Returns permutations of the cluster's blocks but those of pairs, which follow.
     *
     * @param blocks of the architecture
     */
    static Map<NeuronBlock, int[]> best(List<NeuronBlock> blocks, Cluster cluster, Map<NeuronBlock, Gains> gains) {
        return new ClusterMatching(blocks, cluster, gains).best();
    }

    private Map<NeuronBlock, int[]> best() {
        List<NeuronBlock> roots = cluster.roots();
        roots.forEach(root -> found.put(root, identity(root.size())));
        boolean changed = true;
        for (int turn = 0; turn < MOST_TURNS && changed; turn++) {
            changed = false;
            for (NeuronBlock root : roots) {
                int[] before = found(root);
                match(root);
                changed |= roots.size() > 1 && !Arrays.equals(before, found(root));
            }
        }
        return found;
    }

    private int[] found(NeuronBlock block) {
        return found.computeIfAbsent(block, key -> identity(key.size()));
    }

    private static int[] identity(int n) {
        return IntStream.range(0, n).toArray();
    }

    private void match(NeuronBlock root) {
        int[] choice = root.permutable() ? Assignment.maximum(values(root)) : identity(root.size());
        found.put(root, choice);
        for (int place = 0; place < choice.length; place++) {
            for (Run run : match(root, place, choice[place]).runs) {
                System.arraycopy(run.neurons, 0, found(run.block), run.first, run.neurons.length);
            }
        }
    }

    private double[][] values(NeuronBlock root) {
        double[][] values = new double[root.size()][root.size()];
        for (int i = 0; i < values.length; i++) {
            for (int j = 0; j < values.length; j++) {
                values[i][j] = value(root, i, j);
            }
        }
        return values;
    }

    private double value(NeuronBlock block, int place, int neuron) {
        return cluster.blocks().size() == 1 ? gain(block, place, neuron) : match(block, place, neuron).value;
    }

    private double gain(NeuronBlock block, int place, int neuron) {
        Gains of = gains.get(block);
        return of == null ? 0 : of.at(place, neuron);
    }

    /** Matches the members of one unit with those of another in the best way. */
    private Match match(NeuronBlock block, int place, int neuron) {
        double own = gain(block, place, neuron) + shared(block, place, neuron);
        List<NeuronBlock> members = cluster.within(block);
        if (members.isEmpty()) {
            return new Match(own, List.of());
        }
        Members inside = new Members(block, members, place, neuron);
        inside.match();
        return new Match(own + inside.value(), inside.runs());
    }

    /** Returns what a unit gains by pairs with a block that all units share, as that is permuted now. */
    private double shared(NeuronBlock block, int place, int neuron) {
        double sum = 0;
        for (NeuronBlock pairs : cluster.pairs()) {
            NeuronBlock inner = inner(pairs);
            if (!(inner.structure() instanceof Structure.Flat)) {
                continue;
            }
            if (outer(pairs).equals(block)) {
                int[] order = found(inner);
                for (int i = 0; i < order.length; i++) {
                    sum += gain(pairs, place * order.length + i, neuron * order.length + order[i]);
                }
            } else if (inner.equals(block)) {
                int[] order = found(outer(pairs));
                for (int o = 0; o < order.length; o++) {
                    sum += gain(pairs, o * block.size() + place, order[o] * block.size() + neuron);
                }
            }
        }
        return sum;
    }

    private NeuronBlock outer(NeuronBlock pairs) {
        return blocks.get(((Structure.Pairs) pairs.structure()).outer());
    }

    private NeuronBlock inner(NeuronBlock pairs) {
        return blocks.get(((Structure.Pairs) pairs.structure()).inner());
    }

    /** The members of one place and of the neuron that may come there. */
    private final class Members {
        private final NeuronBlock groups;
        private final List<NeuronBlock> members;
        private final int place;
        private final int neuron;
        private final Map<NeuronBlock, double[][]> own = new HashMap<>();
        private final Map<NeuronBlock, int[]> orders = new HashMap<>();

        Members(NeuronBlock groups, List<NeuronBlock> members, int place, int neuron) {
            this.groups = groups;
            this.members = members;
            this.place = place;
            this.neuron = neuron;
        }

        void match() {
            for (NeuronBlock member : members) {
                own.put(member, own(member));
                orders.put(member, order(member, values(member)));
            }
            boolean coupled = cluster.pairs().stream().anyMatch(this::couples);
            double before = Double.NEGATIVE_INFINITY;
            for (int turn = 0; coupled && turn < MOST_TURNS && value() > before; turn++) {
                before = value();
                for (NeuronBlock member : members) {
                    orders.put(member, order(member, coupledValues(member)));
                }
            }
        }

        private boolean couples(NeuronBlock pairs) {
            return members.contains(outer(pairs)) && members.contains(inner(pairs));
        }

        private int width(NeuronBlock member) {
            return member.size() / groups.size();
        }

        private double[][] own(NeuronBlock member) {
            int width = width(member);
            double[][] values = new double[width][width];
            boolean leaf = cluster.within(member).isEmpty();
            for (int i = 0; i < width; i++) {
                for (int j = 0; j < width; j++) {
                    int to = place * width + i;
                    int from = neuron * width + j;
                    values[i][j] = leaf
                            ? gain(member, to, from) + shared(member, to, from)
                            : ClusterMatching.this.match(member, to, from).value;
                }
            }
            return values;
        }

        private double[][] values(NeuronBlock member) {
            double[][] values = own.get(member);
            return values == null ? new double[0][0] : values;
        }

        private int[] order(NeuronBlock member, double[][] values) {
            return member.permutable() ? Assignment.maximum(values) : identity(values.length);
        }

        private int[] order(NeuronBlock member) {
            return orders.getOrDefault(member, new int[0]);
        }

        /** Returns a member's own values and what its pairs with the others gain as those are ordered now. */
        private double[][] coupledValues(NeuronBlock member) {
            double[][] values = new double[width(member)][];
            for (int i = 0; i < values.length; i++) {
                values[i] = values(member)[i].clone();
                for (int j = 0; j < values.length; j++) {
                    values[i][j] += coupledGain(member, i, j);
                }
            }
            return values;
        }

        private double coupledGain(NeuronBlock member, int i, int j) {
            double sum = 0;
            for (NeuronBlock pairs : cluster.pairs()) {
                if (couples(pairs) && outer(pairs).equals(member)) {
                    int[] inner = order(inner(pairs));
                    for (int k = 0; k < inner.length; k++) {
                        sum += pairGain(pairs, member, i, j, k, inner[k]);
                    }
                } else if (couples(pairs) && inner(pairs).equals(member)) {
                    int[] outer = order(outer(pairs));
                    for (int o = 0; o < outer.length; o++) {
                        sum += pairGain(pairs, outer(pairs), o, outer[o], i, j);
                    }
                }
            }
            return sum;
        }

        private double pairGain(NeuronBlock pairs, NeuronBlock outer, int toOuter, int fromOuter, int to, int from) {
            int many = width(outer);
            int width = pairs.size() / outer.size();
            return gain(pairs, (place * many + toOuter) * width + to, (neuron * many + fromOuter) * width + from);
        }

        double value() {
            double sum = 0;
            for (NeuronBlock member : members) {
                sum += Assignment.value(values(member), order(member));
                for (int i = 0; i < width(member); i++) {
                    boolean outer = cluster.pairs().stream()
                            .anyMatch(pairs -> couples(pairs) && outer(pairs).equals(member));
                    sum += outer ? coupledGain(member, i, order(member)[i]) : 0;
                }
            }
            return sum;
        }

        List<Run> runs() {
            List<Run> runs = new ArrayList<>();
            for (NeuronBlock member : members) {
                int width = width(member);
                int[] neurons =
                        IntStream.of(order(member)).map(i -> neuron * width + i).toArray();
                runs.add(new Run(member, place * width, neurons));
                for (int i = 0; i < width; i++) {
                    runs.addAll(ClusterMatching.this.match(member, place * width + i, neurons[i]).runs);
                }
            }
            return runs;
        }
    }
}
