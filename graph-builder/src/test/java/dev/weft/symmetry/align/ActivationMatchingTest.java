package dev.weft.symmetry.align;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.weft.network.Architecture;
import dev.weft.network.Input;
import dev.weft.network.Layer;
import dev.weft.network.Mlp;
import dev.weft.network.Seed;
import dev.weft.network.Siren;
import dev.weft.network.family.Gpt2;
import dev.weft.network.family.PlainCnn;
import dev.weft.network.family.ResNet;
import dev.weft.symmetry.NeuronPermutation;
import dev.weft.symmetry.RandomInputs;
import dev.weft.symmetry.RandomParameters;
import dev.weft.symmetry.SymmetryGroup;
import dev.weft.symmetry.SymmetryKind;
import dev.weft.testing.Rows;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ActivationMatchingTest {

    private static final Input.Image IMAGE = new Input.Image(3, 12, 12);

    static List<Architecture> networks() {
        return List.of(
                Mlp.of(List.of(10, 16, 12, 5), new Layer.Tanh(), true),
                PlainCnn.of(new PlainCnn.Config(IMAGE, List.of(8, 6), 3, 1, 1, true, new Layer.Relu(), 10)),
                ResNet.of(new ResNet.Config(IMAGE, false, List.of(1, 1), 6, false, 10)),
                Gpt2.of(new Gpt2.Config(new Input.Tokens(31, 6), 24, 1, 4, true, true, new Layer.GeluTanh())));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void recoversAPlantedPermutation(Architecture architecture) {
        double[] a = RandomParameters.row(architecture, new Seed(1));
        double[] b = NeuronPermutation.random(architecture, new Seed(2)).apply(a);
        Alignment found = match(architecture, a, b, false);
        assertArrayEquals(a, found.element().apply(b));
        assertTrue(found.before() < 0.5 && found.after() > 0.99, found::toString);
    }

    @Test
    void recoversSignsBehindSines() {
        Architecture siren = Siren.of(List.of(2, 12, 12, 1), 3, 0);
        SymmetryGroup group = new SymmetryGroup(siren);
        double[] a = RandomParameters.row(siren, new Seed(1));
        double[] b = group.random(SymmetryKind.SIGNS, new Seed(2)).apply(a);
        b = group.random(SymmetryKind.NEURONS, new Seed(3)).apply(b);
        assertEquals(
                0, Rows.relativeDifference(a, match(siren, a, b, true).element().apply(b)));
    }

    private static Alignment match(Architecture architecture, double[] a, double[] b, boolean signs) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray inputs = RandomInputs.of(manager, architecture, 64, DataType.FLOAT64, new Seed(9));
            return ActivationMatching.match(architecture, a, b, inputs, signs);
        }
    }

    /** Five copies of one network in orders of their own become one again. */
    @Test
    void manyNetworksAreMerged() {
        Architecture architecture = Mlp.of(List.of(6, 12, 10, 3), new Layer.Relu(), true);
        double[] a = RandomParameters.row(architecture, new Seed(1));
        List<double[]> rows = List.of(
                a,
                NeuronPermutation.random(architecture, new Seed(2)).apply(a),
                NeuronPermutation.random(architecture, new Seed(3)).apply(a));
        WeightMatching.Settings settings = new WeightMatching.Settings(2, 100, false, false);
        Merging.Result merged = Merging.merge(architecture, rows, new Seed(4), settings, Merging.MAX_ROUNDS_DEFAULT);
        for (int i = 0; i < rows.size(); i++) {
            assertArrayEquals(merged.rows().get(0), merged.rows().get(i), "network " + i);
            assertArrayEquals(merged.rows().get(i), merged.elements().get(i).apply(rows.get(i)));
        }
        assertEquals(0, Rows.relativeDifference(merged.rows().get(0), merged.mean()), 1e-12);
    }

    /** f(x) = x^2 along the way from -1 to 1: loss 1 at the ends, 0 in the middle; and from 0 to 2, 1 below the chord. */
    @Test
    void barriersAreExcessOverTheChord() {
        Interpolation valley = Interpolation.of(new double[] {-1}, new double[] {1}, 3, row -> row[0] * row[0]);
        assertArrayEquals(new double[] {1, 0, 1}, valley.losses());
        assertEquals(0, valley.barrier());
        assertEquals(-0.5, valley.area());
        Interpolation hill = Interpolation.of(new double[] {0}, new double[] {2}, 5, row -> row[0] * (4 - row[0]));
        assertArrayEquals(new double[] {0, 0.75, 1, 0.75, 0}, hill.excess());
        assertEquals(1, hill.barrier());
        assertEquals(0.625, hill.area());
    }
}
