package dev.weft.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.network.Architecture;
import dev.weft.network.Layer;
import dev.weft.network.Mlp;
import dev.weft.network.Seed;
import dev.weft.network.Siren;
import dev.weft.symmetry.NeuronPermutation;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * What every function of parameter rows owes to the hidden-neuron permutation group. To test one: extend this class,
 * say in {@link #function} how to compute it in float64 and in {@link #output} what comes out.
 *
 * <p>Shapes: rows [n, P]; invariant outputs [n, k] for any k; equivariant outputs [n, P].
 */
public abstract class EquivarianceContract {

    private static final int CASES = 3;
    private static final int BATCH = 3;

    /** What a permutation of hidden neurons does to the output. */
    public enum Output {
        /** It leaves [n, k] as it is. */
        INVARIANT,
        /** It acts on [n, P] as on the rows. */
        EQUIVARIANT
    }

    /** The function under test; closed behind each use, for those that own native memory. */
    @FunctionalInterface
    public interface RowFunction extends AutoCloseable {
        double[][] apply(double[][] rows);

        @Override
        default void close() {}
    }

    /** Makes the function for one architecture; its own weights must be the same each time. */
    protected abstract RowFunction function(Architecture architecture);

    protected abstract Output output();

    /** The architectures to try; their hidden blocks need two neurons or more. */
    protected List<Architecture> architectures() {
        return List.of(
                Siren.of(List.of(2, 6, 5, 3), 3, 0.5),
                Mlp.of(List.of(3, 4, 4, 4, 2), new Layer.Relu(), true),
                Mlp.of(List.of(2, 5, 1), new Layer.Tanh(), false));
    }

    /** Largest difference, relative to the largest output, that counts as equal. */
    protected double tolerance() {
        return 1e-9;
    }

    /** Smallest relative difference that counts as a change. */
    protected double noticeable() {
        return 1e-6;
    }

    /**
     * Whether the function sees which tensors share neurons. Statistics of single tensors do not: return false, and the
     * contract checks that decoupling leaves them alone.
     */
    protected boolean seesCoupling() {
        return true;
    }

    /** The seed of all cases; each failure names the one it happened with. */
    protected Seed seed() {
        return new Seed(2024);
    }

    @Test
    void commutesWithHiddenPermutations() {
        forEachCase((function, architecture, seed) -> {
            NeuronPermutation permutation = NeuronPermutation.random(architecture, seed.split("permutation"));
            double difference = differenceUnder(permutation::apply, function, rows(architecture, seed));
            return difference <= tolerance()
                    ? ""
                    : "a permutation of hidden neurons does not commute with the function: " + difference;
        });
    }

    @Test
    void decoupledPermutationsAreNoticed() {
        forEachCase((function, architecture, seed) -> {
            Seed decoupling = seed.split("decoupling");
            double difference = differenceUnder(
                    row -> Decoupling.decoupled(architecture, row, decoupling), function, rows(architecture, seed));
            if (seesCoupling()) {
                return difference >= noticeable() ? "" : "tensors permuted each in its own way make no difference";
            }
            return difference <= tolerance() ? "" : "tensors permuted each in its own way make a difference";
        });
    }

    @Test
    void samplesDoNotDependOnTheirNeighbours() {
        forEachCase((function, architecture, seed) -> {
            double[][] rows = rows(architecture, seed);
            double[][] together = function.apply(rows);
            assertEquals(BATCH, together.length, "number of outputs");
            for (int i = 0; i < BATCH; i++) {
                double[] alone = function.apply(new double[][] {rows[i]})[0];
                if (Rows.relativeDifference(alone, together[i]) > tolerance()) {
                    return "sample " + i + " of " + BATCH + " depends on its neighbours";
                }
            }
            return "";
        });
    }

    @Test
    void differentNetworksGiveDifferentOutputs() {
        forEachCase((function, architecture, seed) -> {
            double[][] outputs = function.apply(rows(architecture, seed));
            return Rows.relativeDifference(outputs[0], outputs[1]) >= noticeable() ? "" : "the function is constant";
        });
    }

    /** Returns the largest difference between acting before the function and acting behind it, over a batch. */
    private double differenceUnder(UnaryOperator<double[]> action, RowFunction function, double[][] rows) {
        double[][] expected = function.apply(rows);
        double[][] actual = function.apply(Arrays.stream(rows).map(action).toArray(double[][]::new));
        double largest = 0;
        for (int i = 0; i < rows.length; i++) {
            double[] moved = output() == Output.EQUIVARIANT ? action.apply(expected[i]) : expected[i];
            largest = Math.max(largest, Rows.relativeDifference(moved, actual[i]));
        }
        return largest;
    }

    private static double[][] rows(Architecture architecture, Seed seed) {
        return Rows.random(architecture, BATCH, 0.7, seed.split("rows"));
    }

    /** Returns what is wrong, or nothing. */
    @FunctionalInterface
    private interface Case {
        String complaint(RowFunction function, Architecture architecture, Seed seed);
    }

    private void forEachCase(Case test) {
        for (Architecture architecture : architectures()) {
            try (RowFunction function = function(architecture)) {
                for (int i = 0; i < CASES; i++) {
                    Seed seed = seed().split(i);
                    String complaint = test.complaint(function, architecture, seed);
                    assertTrue(complaint.isEmpty(), () -> architecture + ", " + seed + ": " + complaint);
                }
            }
        }
    }
}
