package dev.weft.hypernets.ghn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.weft.graph.ComputationGraph;
import dev.weft.network.Architecture;
import dev.weft.network.Convolution;
import dev.weft.network.Input;
import dev.weft.network.Layer;
import dev.weft.network.Norm;
import dev.weft.network.ParameterTensor;
import dev.weft.network.Pooling;
import dev.weft.network.Seed;
import dev.weft.network.run.FunctionalNetwork;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TieBreakingTest {

    private static final int M = 8;

    /** Twice as many channels as the hypernetwork decodes, and more. */
    private static final Architecture WIDE = Architecture.builder("test", new Input.Image(3, 8, 8))
            .add("conv", Convolution.square(3, 20, 3, 1, 1, false))
            .add("bn", new Norm.BatchNorm(20, 1e-5, true, false))
            .add("relu", new Layer.Relu())
            .add("next", Convolution.square(20, 16, 3, 1, 1, true))
            .add("pool", new Pooling.GlobalAvgPool())
            .add("fc", new Layer.Linear(16, 3, true))
            .build();

    private static float[] predicted(TieBreaking ties, long seed) {
        try (NDManager manager = NDManager.newBaseManager()) {
            GraphHyperNetwork model = new GraphHyperNetwork(GhnConfig.ghn2(8, M, 3, 3), new Seed(1));
            model.initialize(manager, DataType.FLOAT32);
            return PredictedNetwork.of(model, manager, WIDE, false, ties, new Seed(seed))
                    .row();
        }
    }

    private static float[] tensor(String name, float[] row) {
        ParameterTensor tensor = WIDE.parameters().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
        return Arrays.copyOfRange(row, (int) tensor.offset(), (int) tensor.end());
    }

    /** Returns whether output channels 0 and M of a weight with that many values each are the same. */
    private static boolean copied(String name, int values, float[] row) {
        float[] weight = tensor(name, row);
        return Arrays.equals(weight, 0, values, weight, M * values, (M + 1) * values);
    }

    private static double norm(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }

    @Test
    void withoutItCopiesStayCopies() {
        float[] row = predicted(TieBreaking.NONE, 1);
        assertTrue(copied("conv.weight", 27, row));
        assertTrue(copied("next.weight", 180, row));
    }

    @Test
    void noiseTellsCopiesApartAndHardlyChangesNorms() {
        float[] before = predicted(TieBreaking.NONE, 1);
        float[] after = predicted(TieBreaking.of(TieBreaking.Mode.NOISE, 1), 1);
        assertFalse(copied("conv.weight", 27, after));
        assertFalse(copied("next.weight", 180, after));
        for (ParameterTensor tensor : WIDE.parameters()) {
            float[] was = tensor(tensor.name(), before);
            float[] is = tensor(tensor.name(), after);
            boolean changed = tensor.shape().size() == 4;
            assertNotEquals(changed, Arrays.equals(was, is), tensor.name());
            assertEquals(norm(was), norm(is), 1e-3 * norm(was), tensor.name());
        }
        assertArrayEquals(after, predicted(TieBreaking.of(TieBreaking.Mode.NOISE, 1), 1));
        assertFalse(Arrays.equals(after, predicted(TieBreaking.of(TieBreaking.Mode.NOISE, 1), 2)));
    }

    /** What training starts with: two channels that are copies have different gradients only once they differ. */
    @Test
    void noiseHardlyChangesTheFunction() {
        try (NDManager manager = NDManager.newBaseManager()) {
            FunctionalNetwork network = new FunctionalNetwork(WIDE);
            float[] before = network.forward(rows(manager, TieBreaking.NONE), images(manager))
                    .toFloatArray();
            float[] after = network.forward(rows(manager, TieBreaking.of(TieBreaking.Mode.NOISE, 1)), images(manager))
                    .toFloatArray();
            assertArrayEquals(before, after, 1e-3f);
        }
    }

    private static NDArray rows(NDManager manager, TieBreaking ties) {
        return manager.create(predicted(ties, 1)).expandDims(0);
    }

    private static NDArray images(NDManager manager) {
        return manager.arange(0f, 768f).reshape(4, 3, 8, 8).mul(0.01f).sin();
    }

    @Test
    void orthogonalisedWeightsHaveOrthonormalColumns() {
        float[] before = predicted(TieBreaking.NONE, 1);
        float[] after = predicted(TieBreaking.of(TieBreaking.Mode.ORTHOGONAL, 1), 1);
        requireOrthonormal(tensor("conv.weight", after), 20, 27);
        requireOrthonormal(tensor("next.weight", after), 16, 180);
        for (String name : new String[] {"bn.weight", "bn.bias", "next.bias", "fc.weight", "fc.bias"}) {
            assertArrayEquals(tensor(name, before), tensor(name, after), name);
        }
    }

    private static void requireOrthonormal(float[] weight, int rows, int length) {
        for (int a = 0; a < rows; a++) {
            for (int b = 0; b < rows; b++) {
                double product = 0;
                for (int i = 0; i < length; i++) {
                    product += weight[a * length + i] * weight[b * length + i];
                }
                assertEquals(a == b ? 1 : 0, product, 1e-5);
            }
        }
    }

    @Test
    void firstWeightsCanBeLeft() {
        float[] before = predicted(TieBreaking.NONE, 1);
        float[] after = predicted(TieBreaking.of(TieBreaking.Mode.ORTHOGONAL, 2), 1);
        assertArrayEquals(tensor("conv.weight", before), tensor("conv.weight", after));
        assertFalse(Arrays.equals(tensor("next.weight", before), tensor("next.weight", after)));
    }

    /** PyTorch: {@code torch.corrcoef(w.t()).std()} is 0.99679784 for the matrix here. */
    @Test
    void noiseIsScaledByTheDeviationOfCorrelations() {
        Architecture two = Architecture.builder("test", 4)
                .add("first", new Layer.Linear(4, 3, false))
                .add("last", new Layer.Linear(3, 2, false))
                .build();
        float[] before = {1, 2, 0, -1, 3, -1, 1, 2, 1, 2, 0, -1.5f, 0, 0, 0, 0, 0, 0};
        float[] after = before.clone();
        try (NDManager manager = NDManager.newBaseManager()) {
            new TieBreaking(TieBreaking.Mode.NOISE, 1, 1).apply(manager, ComputationGraph.of(two), after, new Seed(5));
        }
        double gaussian = new Seed(5).split("first.weight").random().nextGaussian();
        assertEquals(0.99679784, (after[0] - before[0]) / gaussian, 1e-5);
        assertArrayEquals(Arrays.copyOfRange(before, 12, 18), Arrays.copyOfRange(after, 12, 18));
    }

    /** PyTorch: {@code q, r = torch.linalg.qr(w.t()); q *= r.diag().sign()} for the same matrix. */
    @Test
    void columnsAreThoseOfTheQrDecomposition() {
        double[][] columns = OrthonormalColumns.of(new double[][] {{1, 2, 0, -1}, {3, -1, 1, 2}, {1, 2, 0, -1.5}});
        assertArrayEquals(new double[] {0.40824829, 0.81649658, 0, -0.40824829}, columns[0], 1e-8);
        assertArrayEquals(new double[] {0.82221041, -0.17309693, 0.25964539, 0.47601655}, columns[1], 1e-8);
        assertArrayEquals(new double[] {0.28849488, -0.53371553, 0.15867218, -0.77893618}, columns[2], 1e-8);
    }
}
