package dev.weft.symmetry.canonical;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.weft.network.Architecture;
import dev.weft.network.Layer;
import dev.weft.network.Mlp;
import dev.weft.network.Seed;
import dev.weft.network.family.Families;
import dev.weft.network.run.FunctionalNetwork;
import dev.weft.symmetry.RandomInputs;
import dev.weft.symmetry.RandomParameters;
import dev.weft.symmetry.SymmetryGroup;
import dev.weft.symmetry.SymmetryKind;
import dev.weft.testing.Rows;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CanonicalFormTest {

    static List<String> families() {
        return Families.all().stream().map(Families.Family::name).toList();
    }

    /** A random element of every kind, one after another, is applied first. */
    @ParameterizedTest
    @MethodSource("families")
    void isTheSameForAllNetworksOfAnOrbit(String family) {
        Architecture architecture = Families.named(family).small().get();
        double[] row = RandomParameters.row(architecture, new Seed(1));
        CanonicalForm.Result form = CanonicalForm.of(architecture, row);
        assertTrue(form.stability().isUnique(), () -> form.stability().toString());
        SymmetryGroup group = new SymmetryGroup(architecture);
        for (int k = 0; k < 5; k++) {
            double[] moved = row;
            for (SymmetryKind kind : group.kinds()) {
                moved = group.random(kind, new Seed(k).split(kind.name())).apply(moved);
            }
            double[] other = CanonicalForm.of(architecture, moved).row();
            assertEquals(0, Rows.relativeDifference(form.row(), other), 1e-10, family + " seed " + k);
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void isIdempotentAndKeepsTheFunction(String family) {
        Architecture architecture = Families.named(family).small().get();
        double[] row = RandomParameters.row(architecture, new Seed(1));
        CanonicalForm.Result form = CanonicalForm.of(architecture, row);
        assertArrayEquals(form.row(), CanonicalForm.of(architecture, form.row()).row());
        assertArrayEquals(form.row(), form.element().apply(row));
        assertEquals(0, Rows.relativeDifference(outputs(architecture, row), outputs(architecture, form.row())), 1e-9);
    }

    private static double[] outputs(Architecture architecture, double[] row) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray inputs = RandomInputs.of(manager, architecture, 3, DataType.FLOAT64, new Seed(9));
            return new FunctionalNetwork(architecture)
                    .forward(Rows.array(manager, row), inputs)
                    .toDoubleArray();
        }
    }

    /** Two equal neurons, and one that reads nothing. */
    @Test
    void reportsTiesAndDeadNeurons() {
        Architecture architecture = Mlp.of(List.of(2, 4, 1), new Layer.Tanh(), true);
        double[] row = {1, 2, 1, 2, 3, 4, 0, 0, 5, 5, 6, 0, 1, 1, 2, 3, 7};
        Stability stability = CanonicalForm.of(architecture, row).stability();
        assertFalse(stability.isUnique());
        Stability.BlockMargin block = stability.blocks().get(0);
        assertEquals("seq.0", block.name());
        assertEquals(1, block.ties());
        assertEquals(1, block.nearZero());
    }

    /** tanh: the sign of each neuron; ReLU: rows of norm one with their biases. */
    @Test
    void hasTheFormThatItsNameSays() {
        Architecture relu = Mlp.of(List.of(2, 3, 1), new Layer.Relu(), true);
        double[] row =
                CanonicalForm.of(relu, RandomParameters.row(relu, new Seed(1))).row();
        for (int k = 0; k < 3; k++) {
            double norm =
                    Math.sqrt(row[2 * k] * row[2 * k] + row[2 * k + 1] * row[2 * k + 1] + row[6 + k] * row[6 + k]);
            assertEquals(1, norm, 1e-12);
        }
    }
}
