package dev.weft.network.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.weft.network.Architecture;
import dev.weft.network.Equivariant;
import dev.weft.network.Input;
import dev.weft.network.Layer;
import dev.weft.network.Seed;
import dev.weft.symmetry.SymmetryGroup;
import dev.weft.symmetry.SymmetryKind;
import dev.weft.symmetry.SymmetryVerifier;
import dev.weft.testing.Rows;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Layers whose weights a group shares: what the group does to the positions it does to the output. */
class EquivariantLayersTest {

    private static final int LENGTH = 4;
    private static final int WIDTH = 3;

    private static Architecture cyclic() {
        return Architecture.builder("cyclic", new Input.Sequence(LENGTH, WIDTH))
                .add("a", new Equivariant.Cyclic(LENGTH, WIDTH, 5, true))
                .add("r", new Layer.Relu())
                .add("b", new Equivariant.Cyclic(LENGTH, 5, 2, false))
                .build();
    }

    private static Architecture set() {
        return Architecture.builder("set", new Input.Sequence(LENGTH, WIDTH))
                .add("a", new Equivariant.Symmetric(WIDTH, 5, true))
                .add("t", new Layer.Tanh())
                .add("b", new Equivariant.Symmetric(5, 2, true))
                .build();
    }

    private static double[] row(Architecture architecture) {
        return Rows.random(architecture, 1, 0.7, new Seed(3))[0];
    }

    /** [LENGTH * width], position-major. */
    private static double[] run(Architecture architecture, double[] row, double[] input) {
        try (NDManager manager = NDManager.newBaseManager()) {
            return new FunctionalNetwork(architecture)
                    .forward(Rows.array(manager, row), manager.create(input, new Shape(1, LENGTH, WIDTH)))
                    .toDoubleArray();
        }
    }

    private static double[] input() {
        RandomGenerator random = new Seed(7).random();
        return random.doubles(LENGTH * WIDTH, -1, 1).toArray();
    }

    /** Position i of the result is position order[i]. */
    private static double[] moved(double[] values, int... order) {
        int width = values.length / LENGTH;
        double[] moved = new double[values.length];
        for (int i = 0; i < LENGTH; i++) {
            System.arraycopy(values, order[i] * width, moved, i * width, width);
        }
        return moved;
    }

    /** One layer, two neurons in, one out: y_i = sum over j of W_j x_(i + j) + b. */
    @Test
    void aCyclicLayerIsItsFormula() {
        Architecture one = Architecture.builder("one", new Input.Sequence(LENGTH, WIDTH))
                .add("a", new Equivariant.Cyclic(LENGTH, WIDTH, 2, true))
                .build();
        double[] row = row(one);
        double[] x = input();
        double[] expected = new double[LENGTH * 2];
        for (int i = 0; i < LENGTH; i++) {
            for (int o = 0; o < 2; o++) {
                double sum = row[LENGTH * 2 * WIDTH + o]; // the bias stands behind the weight
                for (int j = 0; j < LENGTH; j++) {
                    for (int k = 0; k < WIDTH; k++) {
                        sum += row[(j * 2 + o) * WIDTH + k] * x[(i + j) % LENGTH * WIDTH + k];
                    }
                }
                expected[i * 2 + o] = sum;
            }
        }
        assertArrayEquals(expected, run(one, row, x), 1e-12);
    }

    @Test
    void turningTheInputOfCyclicLayersTurnsTheirOutput() {
        double[] row = row(cyclic());
        double[] expected = moved(run(cyclic(), row, input()), 1, 2, 3, 0);
        assertArrayEquals(expected, run(cyclic(), row, moved(input(), 1, 2, 3, 0)), 1e-12);
    }

    @Test
    void anotherPermutationOfPositionsIsNoneOfTheCyclicGroup() {
        double[] row = row(cyclic());
        double[] swapped = moved(run(cyclic(), row, input()), 1, 0, 2, 3);
        assertTrue(Rows.relativeDifference(swapped, run(cyclic(), row, moved(input(), 1, 0, 2, 3))) > 1e-3);
    }

    @Test
    void setLayersTakeAnyPermutationOfPositions() {
        double[] row = row(set());
        double[] expected = moved(run(set(), row, input()), 2, 0, 3, 1);
        assertArrayEquals(expected, run(set(), row, moved(input(), 2, 0, 3, 1)), 1e-12);
    }

    /** The five hidden neurons move freely, once for all positions. */
    @Test
    void hiddenNeuronsOfSharedWeightsAreSymmetric() {
        for (Architecture architecture : new Architecture[] {cyclic(), set()}) {
            SymmetryGroup group = new SymmetryGroup(architecture);
            assertEquals(Math.log10(120), group.size(SymmetryKind.NEURONS).log10(), 1e-12, architecture.toString());
            SymmetryVerifier.Report report = SymmetryVerifier.verify(
                    architecture, row(architecture), new Seed(5), SymmetryVerifier.Settings.DEFAULT);
            assertTrue(report.passed(), report::toString);
        }
    }
}
