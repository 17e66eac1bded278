package dev.weft.datasets.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.weft.network.Architecture;
import dev.weft.network.Layer;
import dev.weft.network.Mlp;
import dev.weft.network.Seed;
import dev.weft.network.Siren;
import dev.weft.network.run.FunctionalNetwork;
import dev.weft.testing.Rows;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class AugmentationTest {

    private static final Architecture SIREN = Siren.of(List.of(2, 6, 5, 3), 3, 0.5);
    private static final double[] ROW = Rows.random(SIREN, 1, 0.4, new Seed(1))[0];
    private static final int POINTS = 20;

    private static double[] points(Seed seed) {
        RandomGenerator random = seed.random();
        return random.doubles(2 * POINTS, -1, 1).toArray();
    }

    /** Outputs of a network at points [20, 2], in double precision. */
    private static double[] outputs(double[] row, double[] points) {
        try (NDManager manager = NDManager.newBaseManager()) {
            return new FunctionalNetwork(SIREN)
                    .forward(Rows.array(manager, row), manager.create(points, new Shape(POINTS, 2)))
                    .toDoubleArray();
        }
    }

    private static double[] moved(CoordinateMove move, double[] points) {
        double[] moved = new double[points.length];
        for (int i = 0; i < points.length; i += 2) {
            System.arraycopy(move.apply(points[i], points[i + 1]), 0, moved, i, 2);
        }
        return moved;
    }

    @Test
    void movesPointsByHand() {
        // A quarter turn takes the first axis to the second; then twice as large, then 0.5 along the second axis.
        assertArrayEquals(new double[] {0, 2.5}, new CoordinateMove(Math.PI / 2, 2, 0, 0.5).apply(1, 0), 1e-15);
    }

    @Test
    void movedNetworkShowsAtMovedPointsWhatTheOldOneShowed() {
        double[] points = points(new Seed(2));
        List<CoordinateMove> moves = List.of(
                new CoordinateMove(0, 1, 0.2, -0.1),
                new CoordinateMove(0.7, 1, 0, 0),
                new CoordinateMove(0, 1.3, 0, 0),
                new CoordinateMove(-0.4, 0.8, -0.25, 0.15));
        for (CoordinateMove move : moves) {
            double[] expected = outputs(ROW, points);
            double[] actual = outputs(move.apply(SIREN, ROW), moved(move, points));
            assertTrue(Rows.relativeDifference(expected, actual) < 1e-12, move.toString());
            assertTrue(Rows.relativeDifference(expected, outputs(ROW, moved(move, points))) > 1e-3, "the move matters");
        }
    }

    @Test
    void symmetriesKeepTheFunctionAndChangeTheRow() {
        Augmentation symmetries = new Augmentation(SIREN, AugmentationConfig.SYMMETRIES);
        double[] points = points(new Seed(3));
        for (int i = 0; i < 5; i++) {
            double[] varied = symmetries.apply(ROW, new Seed(i));
            assertFalse(Arrays.equals(ROW, varied));
            assertTrue(Rows.relativeDifference(outputs(ROW, points), outputs(varied, points)) < 1e-12);
        }
    }

    @Test
    void drawsStayWithinTheLimits() {
        AugmentationConfig config = new AugmentationConfig(0.25, 45, 0.2, false, false, 0, 0);
        Augmentation augmentation = new Augmentation(SIREN, config);
        double norm = Math.hypot(ROW[0], ROW[1]);
        double least = 10;
        double most = 0;
        double turned = 0;
        for (int i = 0; i < 500; i++) {
            double[] varied = augmentation.apply(ROW, new Seed(i));
            double length = Math.hypot(varied[0], varied[1]) / norm;
            least = Math.min(least, length);
            most = Math.max(most, length);
            double cosine = (ROW[0] * varied[0] + ROW[1] * varied[1]) / (norm * norm * length);
            turned = Math.max(turned, Math.toDegrees(Math.acos(Math.min(1, cosine))));
        }
        assertTrue(least >= 0.8 && least < 0.81 && most <= 1.2 && most > 1.19, least + " to " + most);
        assertTrue(turned <= 45 && turned > 44, turned + " degrees");
    }

    @Test
    void noiseIsAShareOfEachTensorsDeviation() {
        AugmentationConfig config = new AugmentationConfig(0, 0, 0, false, false, 0.1, 0);
        double[] varied = new Augmentation(SIREN, config).apply(ROW, new Seed(1));
        int start = (int) SIREN.parameters().get(2).offset(); // 30 weights of deviation 0.4
        double squares = 0;
        for (int i = start; i < start + 30; i++) {
            squares += Math.pow(varied[i] - ROW[i], 2);
        }
        assertEquals(0.04, Math.sqrt(squares / 30), 0.015);
    }

    @Test
    void dropoutZeroesAndRescales() {
        AugmentationConfig config = new AugmentationConfig(0, 0, 0, false, false, 0, 0.5);
        double[] varied = new Augmentation(SIREN, config).apply(ROW, new Seed(1));
        int zeros = 0;
        for (int i = 0; i < ROW.length; i++) {
            if (varied[i] == 0) {
                zeros++;
            } else {
                assertEquals(2 * ROW[i], varied[i], 1e-15);
            }
        }
        assertTrue(zeros > 20 && zeros < 50, zeros + " of " + ROW.length);
    }

    @Test
    void rowsOfABatchAreVariedEachForItself() {
        Augmentation augmentation = new Augmentation(SIREN, AugmentationConfig.DWS);
        int p = ROW.length;
        float[] rows = new float[2 * p];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) ROW[i % p];
        }
        float[] varied = augmentation.applyAll(rows, new Seed(9));
        assertArrayEquals(varied, augmentation.applyAll(rows, new Seed(9)));
        assertArrayEquals(
                Arrays.copyOf(varied, p), augmentation.applyAll(Arrays.copyOf(rows, p), new Seed(9)), "first alone");
        assertFalse(Arrays.equals(Arrays.copyOf(varied, p), Arrays.copyOfRange(varied, p, 2 * p)));
        assertArrayEquals(rows, new Augmentation(SIREN, AugmentationConfig.NONE).applyAll(rows, new Seed(9)));
    }

    @Test
    void refusesWhatCannotBeVaried() {
        Architecture tabular = Mlp.of(List.of(4, 3, 1), new Layer.Relu(), true);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new Augmentation(tabular, AugmentationConfig.DWS))
                .getMessage()
                .contains("linear from 2 inputs with a bias, mlp 4-3-1 begins with"));
        assertEquals(
                "dropout must be at least 0 and below 1, got 1.0",
                assertThrows(IllegalArgumentException.class, () -> new AugmentationConfig(0, 0, 0, false, false, 0, 1))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> new CoordinateMove(0, 0, 0, 0));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Augmentation(SIREN, AugmentationConfig.NONE).applyAll(new float[7], new Seed(1)));
    }
}
