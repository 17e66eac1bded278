package dev.weft.symmetry;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.weft.network.Architecture;
import dev.weft.network.NeuronBlock;
import dev.weft.network.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Checks the symmetries of a network by running it: random group elements must leave the outputs on random inputs as they
 * are; permutations that leave one matrix behind ("decoupled") or carry members from group to group ("torn") must not.
 *
 * <pre>{@code
 * SymmetryVerifier.Report report = SymmetryVerifier.verify(architecture, row, seed, Settings.DEFAULT);
 * assertTrue(report.passed(), report::toString);
 * }</pre>
 */
public final class SymmetryVerifier {

    /**
     * How much to check.
     *
     * @param elements drawn for each kind of symmetry
     * @param counterexamples drawn for each kind of permutation, at most one a block
     * @param inputs that the networks are run on
     * @param doublePrecision float64 or float32
     * @param tolerance largest relative difference that counts as equal
     * @param noticeable smallest relative difference that counts as a change
     */
    public record Settings(
            int elements,
            int counterexamples,
            int inputs,
            boolean doublePrecision,
            double tolerance,
            double noticeable) {

        /** Exact arithmetic but for rounding. */
        public static final Settings DEFAULT = new Settings(3, 8, 2, true, 1e-9, 1e-6);

        /** Half the memory. */
        public static final Settings SINGLE = new Settings(2, 4, 1, false, 1e-3, 1e-2);

        public Settings {
            if (elements < 1 || counterexamples < 0 || inputs < 1) {
                throw new IllegalArgumentException("expected at least one element and one input, got " + elements
                        + " elements, " + counterexamples + " counterexamples and " + inputs + " inputs");
            }
        }
    }

    /**
     * One kind of transformation.
     *
     * @param name for people
     * @param symmetry whether the outputs must stay or must change
     * @param elements how many were drawn
     * @param log10Size of the group, where it is finite
     * @param dimensions free numbers of the group, where it is not
     * @param difference largest relative difference of outputs, for counterexamples the smallest
     * @param passed whether the difference is as it must be
     */
    public record Check(
            String name,
            boolean symmetry,
            int elements,
            double log10Size,
            long dimensions,
            double difference,
            boolean passed) {}

    /** All checks of one network. */
    public record Report(List<Check> checks) {

        public boolean passed() {
            return checks.stream().allMatch(Check::passed);
        }

        @Override
        public String toString() {
            return checks.stream()
                    .map(check -> (check.passed ? "ok   " : "FAIL ") + check.name + " " + check.difference)
                    .collect(Collectors.joining("\n"));
        }
    }

    private final Architecture architecture;
    private final double[] row;
    private final Seed seed;
    private final Settings settings;
    private final SymmetryGroup group;
    private final NonMembers strangers;
    private final double[] expected;

    private SymmetryVerifier(Architecture architecture, double[] row, Seed seed, Settings settings) {
        this.architecture = architecture;
        this.row = row;
        this.seed = seed;
        this.settings = settings;
        this.group = new SymmetryGroup(architecture);
        this.strangers = new NonMembers(architecture);
        this.expected = outputs(row);
    }

    /**
     * Checks every kind of symmetry that an architecture has, and every kind of counterexample.
     *
     * @param row P values
     * @throws IllegalArgumentException if the network's outputs are not finite
     */
    public static Report verify(Architecture architecture, double[] row, Seed seed, Settings settings) {
        architecture.requireRowLength(row.length);
        return new SymmetryVerifier(architecture, row, seed, settings).report();
    }

    private Report report() {
        for (double value : expected) {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException(
                        "the outputs of " + architecture + " on random inputs are not finite, got " + value);
            }
        }
        List<Check> checks = new ArrayList<>();
        group.kinds().forEach(kind -> checks.add(members(kind)));
        for (SymmetryKind kind : group.kinds()) {
            decoupled(kind, checks);
        }
        torn(checks);
        return new Report(List.copyOf(checks));
    }

    private Check members(SymmetryKind kind) {
        double largest = 0;
        for (int i = 0; i < settings.elements; i++) {
            Seed drawn = seed.split(kind.name()).split(i);
            largest = Math.max(largest, difference(group.random(kind, drawn).apply(row)));
        }
        SymmetryGroup.Size size = group.size(kind);
        return new Check(
                kind.words(),
                true,
                settings.elements,
                size.log10(),
                size.dimensions(),
                largest,
                largest <= settings.tolerance);
    }

    private void decoupled(SymmetryKind kind, List<Check> checks) {
        List<NeuronBlock> blocks = some(block -> group.kindOf(block) == kind && strangers.canDecouple(block));
        double smallest = Double.POSITIVE_INFINITY;
        for (NeuronBlock block : blocks) {
            Seed drawn = seed.split("decoupled").split(block.index());
            smallest = Math.min(smallest, difference(strangers.decoupled(row, block, drawn)));
        }
        counterexample("decoupled " + kind.words(), blocks.size(), smallest, checks);
    }

    private void torn(List<Check> checks) {
        List<NeuronBlock> blocks = some(strangers::canTear);
        double smallest = Double.POSITIVE_INFINITY;
        for (NeuronBlock block : blocks) {
            smallest = Math.min(smallest, difference(strangers.torn(row, block)));
        }
        counterexample("torn heads and groups", blocks.size(), smallest, checks);
    }

    private void counterexample(String name, int elements, double smallest, List<Check> checks) {
        if (elements > 0) {
            checks.add(new Check(name, false, elements, 0, 0, smallest, smallest >= settings.noticeable));
        }
    }

    /** Returns the blocks that pass a test, thinned out evenly where there are many. */
    private List<NeuronBlock> some(Predicate<NeuronBlock> which) {
        List<NeuronBlock> all = architecture.blocks().stream().filter(which).toList();
        int most = settings.counterexamples;
        List<NeuronBlock> some = new ArrayList<>();
        for (int i = 0; i < Math.min(most, all.size()); i++) {
            some.add(all.get((int) ((long) i * all.size() / Math.min(most, all.size()))));
        }
        return some;
    }

    private double difference(double[] other) {
        return FunctionDifference.relative(expected, outputs(other));
    }

    private double[] outputs(double[] parameters) {
        DataType type = settings.doublePrecision ? DataType.FLOAT64 : DataType.FLOAT32;
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            NDArray inputs = RandomInputs.of(manager, architecture, settings.inputs, type, seed.split("inputs"));
            return FunctionDifference.outputs(architecture, parameters, inputs, type);
        }
    }
}
