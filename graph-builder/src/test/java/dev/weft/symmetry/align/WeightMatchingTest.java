package dev.weft.symmetry.align;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.weft.network.Architecture;
import dev.weft.network.Attention;
import dev.weft.network.Convolution;
import dev.weft.network.Input;
import dev.weft.network.Layer;
import dev.weft.network.Mlp;
import dev.weft.network.Norm;
import dev.weft.network.Pooling;
import dev.weft.network.Recurrence;
import dev.weft.network.Reshaping;
import dev.weft.network.Seed;
import dev.weft.network.Siren;
import dev.weft.network.family.Bert;
import dev.weft.network.family.Gpt2;
import dev.weft.network.family.Llama;
import dev.weft.network.family.PlainCnn;
import dev.weft.network.family.ResNet;
import dev.weft.network.run.FunctionalNetwork;
import dev.weft.symmetry.NeuronPermutation;
import dev.weft.symmetry.RandomInputs;
import dev.weft.symmetry.RandomParameters;
import dev.weft.symmetry.SymmetryElement;
import dev.weft.symmetry.SymmetryGroup;
import dev.weft.symmetry.SymmetryKind;
import dev.weft.symmetry.align.WeightMatching.Settings;
import dev.weft.testing.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WeightMatchingTest {

    private static final Settings PLAIN = new Settings(2, 100, false, false);
    private static final Input.Image IMAGE = new Input.Image(3, 16, 16);
    private static final Input.Tokens TEXT = new Input.Tokens(31, 6);

    static List<Architecture> networks() {
        return List.of(
                Mlp.of(List.of(10, 24, 20, 16, 5), new Layer.Relu(), true),
                PlainCnn.of(new PlainCnn.Config(IMAGE, List.of(12, 16, 12), 3, 1, 1, true, new Layer.Relu(), 10)),
                ResNet.of(new ResNet.Config(IMAGE, false, List.of(2, 2), 12, false, 10)),
                ResNet.of(new ResNet.Config(IMAGE, true, List.of(1, 1), 8, true, 10)),
                Gpt2.of(new Gpt2.Config(TEXT, 24, 2, 4, true, true, new Layer.GeluTanh())),
                Bert.of(new Bert.Config(TEXT, 24, 2, 4, 32, 2)),
                Llama.of(new Llama.Config(TEXT, 24, 2, 6, 2, 4, 20, 100, 1e-5, false, false, false)),
                Llama.of(new Llama.Config(TEXT, 24, 2, 6, 3, 4, 20, 100, 1e-5, true, true, true)),
                queryGroups(),
                Architecture.builder("gru", new Input.Sequence(4, 12))
                        .add("gru", new Recurrence.Gru(12, 10, 1, true))
                        .add("last", new Reshaping.Position(-1))
                        .add("out", new Layer.Linear(10, 6, true))
                        .build(),
                groups());
    }

    /** Three key heads, each read by two query heads, without rotary positions. */
    private static Architecture queryGroups() {
        return Architecture.builder("grouped-query", new Input.Sequence(4, 20))
                .add("q", new Layer.Linear(20, 30, true), "input")
                .add("k", new Layer.Linear(20, 15, true), "input")
                .add("v", new Layer.Linear(20, 12, true), "input")
                .add("a", new Attention.Heads(6, 3, false), "q", "k", "v")
                .add("o", new Layer.Linear(24, 8, true))
                .build();
    }

    private static Architecture groups() {
        return Architecture.builder("grouped", new Input.Image(3, 6, 6))
                .add("a", Convolution.square(3, 16, 3, 1, 1, true))
                .add("relu", new Layer.Relu())
                .add("b", Convolution.grouped(16, 16, 3, 1, 1, 4, true))
                .add("norm", new Norm.GroupNorm(4, 16, 1e-5, true))
                .add("tanh", new Layer.Relu())
                .add("depth", Convolution.grouped(16, 16, 3, 1, 1, 16, true))
                .add("pool", new Pooling.GlobalAvgPool())
                .add("out", new Layer.Linear(16, 5, true))
                .build();
    }

    @ParameterizedTest
    @MethodSource("networks")
    void recoversAPlantedPermutation(Architecture architecture) {
        double[] a = RandomParameters.row(architecture, new Seed(1));
        for (int k = 0; k < 2; k++) {
            NeuronPermutation planted = NeuronPermutation.random(architecture, new Seed(k));
            double[] b = planted.apply(a);
            Alignment found = WeightMatching.match(architecture, a, b, new Seed(k), PLAIN);
            assertArrayEquals(a, found.element().apply(b), architecture + " seed " + k);
            assertEquals(1, found.after(), 1e-12);
            assertTrue(found.before() < 0.9, () -> "before " + found.before());
        }
    }

    /** The values differ by a tenth, as those of networks that were trained on from one start. */
    @ParameterizedTest
    @MethodSource("networks")
    void recoversItUnderNoise(Architecture architecture) {
        double[] a = RandomParameters.row(architecture, new Seed(1));
        NeuronPermutation planted = NeuronPermutation.random(architecture, new Seed(2));
        double[] noise = Rows.random(architecture, 1, 0.02, new Seed(3))[0];
        double[] b = planted.apply(a);
        for (int i = 0; i < b.length; i++) {
            b[i] += noise[i];
        }
        NeuronPermutation found =
                WeightMatching.match(architecture, a, b, new Seed(4), PLAIN).permutation();
        assertArrayEquals(a, found.apply(planted.apply(a)));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void keepsTheFunctionOfWhatItMoves(Architecture architecture) {
        double[] a = RandomParameters.row(architecture, new Seed(1));
        double[] b = RandomParameters.row(architecture, new Seed(2));
        Alignment found = WeightMatching.match(architecture, a, b, new Seed(3), PLAIN);
        assertTrue(found.after() > found.before(), found::toString);
        double[] moved = found.element().apply(b);
        assertEquals(0, Rows.relativeDifference(outputs(architecture, b), outputs(architecture, moved)), 1e-9);
    }

    static double[] outputs(Architecture architecture, double[] row) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray inputs = RandomInputs.of(manager, architecture, 3, DataType.FLOAT64, new Seed(9));
            return new FunctionalNetwork(architecture)
                    .forward(Rows.array(manager, row), inputs)
                    .toDoubleArray();
        }
    }

    /** One hidden layer is one assignment: the best of all 720 orders. */
    @Test
    void oneHiddenLayerIsSolvedExactly() {
        Architecture architecture = Mlp.of(List.of(2, 6, 2), new Layer.Relu(), true);
        double[] a = RandomParameters.row(architecture, new Seed(1));
        double[] b = RandomParameters.row(architecture, new Seed(2));
        double best = Double.NEGATIVE_INFINITY;
        for (int[] order : orders(6)) {
            double[] moved = NeuronPermutation.moving(
                            architecture, Map.of(architecture.blocks().get(1), order))
                    .apply(b);
            best = Math.max(best, product(a, moved));
        }
        double[] found = WeightMatching.match(architecture, a, b, new Seed(3), PLAIN)
                .element()
                .apply(b);
        assertEquals(best, product(a, found), 1e-12);
    }

    private static List<int[]> orders(int n) {
        List<int[]> all = new ArrayList<>(List.of(new int[0]));
        for (int k = 0; k < n; k++) {
            List<int[]> longer = new ArrayList<>();
            for (int[] order : all) {
                for (int at = 0; at <= order.length; at++) {
                    int[] next = new int[order.length + 1];
                    System.arraycopy(order, 0, next, 0, at);
                    next[at] = k;
                    System.arraycopy(order, at, next, at + 1, order.length - at);
                    longer.add(next);
                }
            }
            all = longer;
        }
        return all;
    }

    private static double product(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** Sine networks: permutation, signs and half periods at once; ReLU networks: permutation and scales. */
    @Test
    void recoversSignsPhasesAndScales() {
        Architecture siren = Siren.of(List.of(2, 16, 16, 1), 30, 0);
        recovers(siren, 1e-11, SymmetryKind.NEURONS, SymmetryKind.SIGNS, SymmetryKind.PHASES);
        Architecture tanh = Mlp.of(List.of(4, 12, 12, 2), new Layer.Tanh(), true);
        recovers(tanh, 1e-11, SymmetryKind.NEURONS, SymmetryKind.SIGNS);
        Architecture relu = Mlp.of(List.of(4, 12, 12, 2), new Layer.Relu(), true);
        recovers(relu, 1e-11, SymmetryKind.NEURONS, SymmetryKind.SCALES);
    }

    private static void recovers(Architecture architecture, double tolerance, SymmetryKind... kinds) {
        double[] a = RandomParameters.row(architecture, new Seed(1));
        double[] b = a;
        for (SymmetryKind kind : kinds) {
            SymmetryElement element = new SymmetryGroup(architecture).random(kind, new Seed(2).split(kind.name()));
            b = element.apply(b);
        }
        Settings all = new Settings(3, 100, true, true);
        Alignment found = WeightMatching.match(architecture, a, b, new Seed(3), all);
        assertEquals(0, Rows.relativeDifference(a, found.element().apply(b)), tolerance, architecture.toString());
    }

    @Test
    void theSameSeedGivesTheSameElement() {
        Architecture architecture = networks().get(2);
        double[] a = RandomParameters.row(architecture, new Seed(1));
        double[] b = RandomParameters.row(architecture, new Seed(2));
        double[] once = WeightMatching.match(architecture, a, b, new Seed(3), PLAIN)
                .element()
                .apply(b);
        assertArrayEquals(
                once,
                WeightMatching.match(architecture, a, b, new Seed(3), PLAIN)
                        .element()
                        .apply(b));
    }

    @Test
    void aValueThatIsNoNumberIsRefusedByName() {
        Architecture architecture = Mlp.of(List.of(2, 3, 1), new Layer.Relu(), true);
        double[] a = RandomParameters.row(architecture, new Seed(1));
        double[] b = a.clone();
        b[7] = Double.NaN;
        assertEquals(
                "network B, 'seq.0.bias': expected finite values, got NaN at 1",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> WeightMatching.match(architecture, a, b, new Seed(1), PLAIN))
                        .getMessage());
    }
}
