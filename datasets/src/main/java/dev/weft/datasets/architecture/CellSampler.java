package dev.weft.datasets.architecture;

import dev.weft.network.family.CellNetwork;
import dev.weft.network.family.CellNetwork.Stem;
import dev.weft.network.family.CellOperation;
import dev.weft.network.family.Genotype;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Draws one network (Knyazev et al. 2021, appendix A). The reference takes the largest of independent normal numbers, which
 * is the same as drawing uniformly: for each step two different earlier states, for each edge an operation.
 *
 * <p>Narrower than the reference in one respect: a step whose two edges are both absent is refused, where the reference puts
 * zeros in its place.
 */
final class CellSampler {

    private static final double HALF = 0.5;
    private static final double MEANS = 0.9; // share of shallow networks with a global mean
    private static final double PROJECTED_ATTENTION = 0.2;
    private static final double SMALL_WITHOUT_NORM = 0.3;
    private static final int SMALL_CELLS = 3;
    private static final int POOLING = 4; // operations of pooling cells, the absent edge included
    private static final int LARGE_KERNELS = 1;

    private final CellSpace space;
    private final ArchitectureSplit split;
    private final RandomGenerator random;

    CellSampler(CellSpace space, ArchitectureSplit split, RandomGenerator random) {
        this.space = space;
        this.split = split;
        this.random = random;
    }

    /** Draws a network of the space's base width, or none if the draw has to be thrown away. */
    Optional<CellNetwork.Config> draw() {
        CellSpace.Limits limits = space.limits(split);
        int cells = between(limits.least(), limits.most());
        boolean deep = cells > between(limits.shallowFrom(), limits.shallowTo());
        int steps = between(limits.leastSteps(), deep ? limits.deepSteps() : limits.shallowSteps());
        Optional<Genotype> genotype = genotype(steps);
        if (genotype.isEmpty() || !isTrainable(genotype.get())) {
            return Optional.empty();
        }
        boolean attention = genotype.get().attends();
        int multiplier = between(1, 2);
        Stem stem = random.nextBoolean() ? Stem.SIMPLE : Stem.DOUBLE;
        int kernel = oneOf(space.kernels());
        boolean pool = stem == Stem.SIMPLE && random.nextBoolean();
        boolean projected = steps > 1 || multiplier > 1 || !attention || chance(PROJECTED_ATTENTION);
        boolean norm = norm(cells, steps, limits);
        boolean means = space == CellSpace.MICRO || attention || deep || chance(MEANS);
        List<Integer> hidden = space.hidden().isEmpty() || random.nextBoolean()
                ? List.of()
                : List.of(space.hidden().get(space.hidden().size() - 1));
        return Optional.of(new CellNetwork.Config(
                space.input(),
                genotype.get(),
                cells,
                space.base(),
                multiplier,
                stem,
                kernel,
                pool,
                norm,
                projected,
                means,
                hidden,
                CellSpace.CLASSES));
    }

    private boolean norm(int cells, int steps, CellSpace.Limits limits) {
        if (split == ArchitectureSplit.BNFREE) {
            return false;
        }
        if (space == CellSpace.MICRO) {
            return cells > SMALL_CELLS || !chance(SMALL_WITHOUT_NORM);
        }
        return cells > limits.least() + 1 || steps > limits.deepSteps() || random.nextBoolean();
    }

    private Optional<Genotype> genotype(int steps) {
        List<CellOperation> all = space.operations();
        List<CellOperation> allowed = steps > 1 ? all : all.subList(1, all.size());
        List<CellOperation> reducing =
                random.nextBoolean() ? allowed : allowed.subList(0, steps > 1 ? POOLING : POOLING - 1);
        boolean dropped = steps > 1 && random.nextBoolean();
        List<Integer> concat = IntStream.range(2, 2 + steps)
                .filter(state -> state == 1 + steps || !dropped || chance(HALF))
                .boxed()
                .toList();
        List<Genotype.Edge> normal = edges(steps, allowed);
        List<Genotype.Edge> reduction = edges(steps, reducing);
        return isWhole(normal) && isWhole(reduction)
                ? Optional.of(new Genotype(new Genotype.Cell(normal, concat), new Genotype.Cell(reduction, concat)))
                : Optional.empty();
    }

    private List<Genotype.Edge> edges(int steps, List<CellOperation> operations) {
        List<Genotype.Edge> edges = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            int first = random.nextInt(2 + step);
            int other = random.nextInt(1 + step);
            edges.add(new Genotype.Edge(oneOf(operations), first));
            edges.add(new Genotype.Edge(oneOf(operations), other < first ? other : other + 1));
        }
        return edges;
    }

    private static boolean isWhole(List<Genotype.Edge> edges) {
        return IntStream.range(0, edges.size() / 2)
                .noneMatch(step -> edges.get(2 * step).operation() == CellOperation.NONE
                        && edges.get(2 * step + 1).operation() == CellOperation.NONE);
    }

    /** The reference throws away what made its training diverge, what is too large, and what has nothing to learn. */
    private static boolean isTrainable(Genotype genotype) {
        boolean gates = genotype.operations().anyMatch(operation -> operation == CellOperation.CSE);
        boolean convolves = genotype.operations().anyMatch(CellOperation::convolves);
        return (convolves || genotype.attends() && !gates)
                && isModest(genotype.normal())
                && isModest(genotype.reduction());
    }

    private static boolean isModest(Genotype.Cell cell) {
        long gates = cell.edges().stream()
                .filter(edge -> edge.operation() == CellOperation.CSE)
                .count();
        long large = cell.edges().stream()
                .filter(edge ->
                        edge.operation() == CellOperation.CONV_5X5 || edge.operation() == CellOperation.CONV_7X7)
                .count();
        return gates <= 1 && large <= LARGE_KERNELS;
    }

    private int between(int least, int most) {
        return random.nextInt(least, most + 1);
    }

    private boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    private <T> T oneOf(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
