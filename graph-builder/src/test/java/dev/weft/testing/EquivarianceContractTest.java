package dev.weft.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.weft.network.Architecture;
import dev.weft.network.Layer;
import dev.weft.network.Mlp;
import dev.weft.network.Seed;
import dev.weft.network.run.FunctionalNetwork;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The contract accepts what is right and notices what is wrong. */
class EquivarianceContractTest {

    /** A network's own outputs on fixed inputs do not change when its hidden neurons are permuted. */
    @Nested
    class NetworkOutputsAreInvariant extends EquivarianceContract {
        @Override
        protected RowFunction function(Architecture architecture) {
            return rows -> {
                try (NDManager manager = NDManager.newBaseManager()) {
                    return lists(outputs(architecture, Rows.array(manager, rows)), rows.length);
                }
            };
        }

        @Override
        protected Output output() {
            return Output.INVARIANT;
        }
    }

    /** The gradient of an invariant function is equivariant. */
    @Nested
    class GradientsAreEquivariant extends EquivarianceContract {
        @Override
        protected RowFunction function(Architecture architecture) {
            return rows -> {
                try (NDManager manager = NDManager.newBaseManager()) {
                    NDArray array = Rows.array(manager, rows);
                    array.setRequiresGradient(true);
                    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                        collector.backward(outputs(architecture, array).square().sum());
                    }
                    return lists(array.getGradient(), rows.length);
                }
            };
        }

        @Override
        protected Output output() {
            return Output.EQUIVARIANT;
        }
    }

    /** Mean and deviation of each row do not see which axes belong together. */
    @Nested
    class StatisticsDoNotSeeCoupling extends EquivarianceContract {
        @Override
        protected RowFunction function(Architecture architecture) {
            return each(EquivarianceContractTest::moments);
        }

        @Override
        protected Output output() {
            return Output.INVARIANT;
        }

        @Override
        protected boolean seesCoupling() {
            return false;
        }
    }

    @Test
    void refusesAFunctionThatReadsPositions() {
        EquivarianceContract contract = contract(each(row -> new double[] {weightedSum(row)}));
        assertRefused("does not commute with the function", contract::commutesWithHiddenPermutations);
    }

    @Test
    void refusesAFunctionThatIsBlindToCoupling() {
        EquivarianceContract contract = contract(each(EquivarianceContractTest::moments));
        assertRefused("permuted each in its own way make no difference", contract::decoupledPermutationsAreNoticed);
    }

    @Test
    void refusesAFunctionThatSubtractsTheBatchMean() {
        EquivarianceContract contract = contract(rows -> {
            double mean = Arrays.stream(rows)
                    .flatMapToDouble(Arrays::stream)
                    .average()
                    .orElse(0);
            return Arrays.stream(rows)
                    .map(row -> new double[] {Arrays.stream(row).sum() - mean})
                    .toArray(double[][]::new);
        });
        assertRefused("sample 0 of 3 depends on its neighbours", contract::samplesDoNotDependOnTheirNeighbours);
    }

    @Test
    void refusesAConstantAndAnythingNotANumber() {
        EquivarianceContract constant = contract(each(row -> new double[] {1}));
        assertRefused("constant", constant::differentNetworksGiveDifferentOutputs);
        EquivarianceContract nan = contract(each(row -> new double[] {Double.NaN}));
        assertRefused("does not commute", nan::commutesWithHiddenPermutations);
    }

    /** 1-2-1 without bias: both tensors are labelled with one hidden block of two, each turned by one place. */
    @Test
    void decouplingMovesEachTensorInItsOwnWay() {
        Architecture architecture = Mlp.of(List.of(1, 2, 1), new Layer.Relu(), false);
        double[] decoupled = Decoupling.decoupled(architecture, new double[] {1, 2, 3, 4}, new Seed(1));
        assertArrayEquals(new double[] {2, 1, 3, 4}, decoupled);
    }

    @Test
    void decouplingNeedsTwoHiddenNeurons() {
        Architecture architecture = Mlp.of(List.of(3, 1, 2), new Layer.Relu(), false);
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> Decoupling.decoupled(architecture, new double[5], new Seed(1)))
                .getMessage();
        assertEquals("mlp 3-1-2 has no two hidden neurons of one block to decouple", message);
    }

    private static EquivarianceContract contract(EquivarianceContract.RowFunction function) {
        return new EquivarianceContract() {
            @Override
            protected RowFunction function(Architecture architecture) {
                return function;
            }

            @Override
            protected Output output() {
                return Output.INVARIANT;
            }
        };
    }

    private static void assertRefused(String part, Runnable test) {
        String message = assertThrows(AssertionError.class, test::run).getMessage();
        assertTrue(message.contains(part) && message.contains("Seed["), message);
    }

    private static EquivarianceContract.RowFunction each(UnaryOperator<double[]> function) {
        return rows -> Arrays.stream(rows).map(function).toArray(double[][]::new);
    }

    private static double[] moments(double[] row) {
        double mean = Arrays.stream(row).average().orElse(0);
        return new double[] {
            mean, Arrays.stream(row).map(x -> (x - mean) * (x - mean)).sum()
        };
    }

    private static double weightedSum(double[] row) {
        double sum = 0;
        for (int i = 0; i < row.length; i++) {
            sum += i * row[i];
        }
        return sum;
    }

    private static NDArray outputs(Architecture architecture, NDArray rows) {
        NDArray inputs = rows.getManager()
                .linspace(-1f, 1f, 4 * architecture.inputSize())
                .toType(rows.getDataType(), false)
                .reshape(new Shape(4, architecture.inputSize()));
        return new FunctionalNetwork(architecture).forward(rows, inputs);
    }

    private static double[][] lists(NDArray array, int n) {
        double[] flat = array.toDoubleArray();
        int k = flat.length / n;
        double[][] rows = new double[n][];
        for (int i = 0; i < n; i++) {
            rows[i] = Arrays.copyOfRange(flat, i * k, (i + 1) * k);
        }
        return rows;
    }
}
