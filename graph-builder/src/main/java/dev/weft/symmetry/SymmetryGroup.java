package dev.weft.symmetry;

import dev.weft.network.Architecture;
import dev.weft.network.Gauge;
import dev.weft.network.NeuronBlock;
import dev.weft.network.NeuronBlock.Structure;
import dev.weft.network.Seed;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The symmetries of an architecture that its labels know of: permutations, scales, signs and phases. Networks may have more
 * for particular values (equal neurons, zero weights) and in the continuum (rotations between queries and keys, of a stream
 * that only RMS norms read); those are not counted.
 */
public final class SymmetryGroup {

    private static final double LOG10_2 = Math.log10(2);

    private final Architecture architecture;
    private final Set<Integer> groups = new HashSet<>(); // blocks whose units are groups of others

    /**
     * How many elements of one kind there are.
     *
     * @param log10 of the number of finitely many
     * @param dimensions of a continuum or lattice: one for each free number
     */
    public record Size(double log10, long dimensions) {

        /** Whether there is only the identity. */
        public boolean trivial() {
            return log10 == 0 && dimensions == 0;
        }
    }

    public SymmetryGroup(Architecture architecture) {
        this.architecture = architecture;
        for (NeuronBlock block : architecture.blocks()) {
            if (block.structure() instanceof Structure.Within within) {
                groups.add(within.groups());
            } else if (block.structure() instanceof Structure.Pairs pairs) {
                groups.add(pairs.outer());
            }
        }
    }

    public Architecture architecture() {
        return architecture;
    }

    /** Returns the kinds of which the architecture has more than the identity. */
    public List<SymmetryKind> kinds() {
        return Arrays.stream(SymmetryKind.values())
                .filter(kind -> !size(kind).trivial())
                .toList();
    }

    /** Returns the kind of a block's own permutations. */
    public SymmetryKind kindOf(NeuronBlock block) {
        if (groups.contains(block.index())) {
            return SymmetryKind.GROUPS;
        }
        return block.structure() instanceof Structure.Flat && !inner(block)
                ? SymmetryKind.NEURONS
                : SymmetryKind.MEMBERS;
    }

    private boolean inner(NeuronBlock block) {
        return architecture.blocks().stream()
                .anyMatch(
                        other -> other.structure() instanceof Structure.Pairs pairs && pairs.inner() == block.index());
    }

    /** Returns the number of elements of one kind. */
    public Size size(SymmetryKind kind) {
        return switch (kind) {
            case SCALES -> new Size(0, count(Gauge::positive));
            case SIGNS ->
                new Size(LOG10_2 * count(gauge -> gauge.sign() && gauge.shift().isEmpty()), 0);
            case PHASES -> new Size(0, count(gauge -> gauge.shift().isPresent()));
            default -> new Size(permutations(kind), 0);
        };
    }

    private long count(Predicate<Gauge> which) {
        return architecture.gauges().stream()
                .filter(which)
                .mapToLong(gauge -> architecture.blocks().get(gauge.block()).size())
                .sum();
    }

    private double permutations(SymmetryKind kind) {
        return architecture.blocks().stream()
                .filter(block -> kindOf(block) == kind)
                .mapToDouble(this::log10Permutations)
                .sum();
    }

    /** Returns the decimal logarithm of how many permutations a block has of its own. */
    public double log10Permutations(NeuronBlock block) {
        if (!block.permutable() || block.structure() instanceof Structure.Pairs) {
            return 0;
        }
        int copies = block.structure() instanceof Structure.Within within
                ? architecture.blocks().get(within.groups()).size()
                : 1;
        return copies * log10Factorial(block.size() / copies);
    }

    private static double log10Factorial(int n) {
        double sum = 0;
        for (int k = 2; k <= n; k++) {
            sum += Math.log10(k);
        }
        return sum;
    }

    /** Draws an element of one kind. */
    public SymmetryElement random(SymmetryKind kind, Seed seed) {
        return switch (kind) {
            case SCALES -> Rescaling.randomScales(architecture, seed);
            case SIGNS -> Rescaling.randomSigns(architecture, seed);
            case PHASES -> Rescaling.randomPhases(architecture, seed);
            default -> NeuronPermutation.random(architecture, seed, block -> kindOf(block) == kind);
        };
    }
}
