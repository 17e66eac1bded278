package dev.weft.symmetry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.network.Architecture;
import dev.weft.network.Layer;
import dev.weft.network.Mlp;
import dev.weft.network.NeuronBlock;
import dev.weft.network.Seed;
import dev.weft.network.Siren;
import dev.weft.testing.Rows;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NeuronPermutationTest {

    /** 2-3-1: W0 [3, 2], b0 [3], W1 [1, 3], b1 [1]. */
    private static final Architecture TINY = Siren.of(List.of(2, 3, 1), 30, 0);

    private static final Architecture DEEP = Mlp.of(List.of(3, 5, 4, 6, 2), new Layer.Relu(), true);

    @Test
    void movesRowsBiasesAndColumnsOfAHiddenNeuronTogether() {
        float[] row = {1, 2, 3, 4, 5, 6, 10, 20, 30, 100, 200, 300, 7};
        NeuronPermutation turn = of(TINY, new int[] {2, 0, 1}); // new neuron 0 is old neuron 2
        assertArrayEquals(new float[] {5, 6, 1, 2, 3, 4, 30, 10, 20, 300, 100, 200, 7}, turn.apply(row));
        assertArrayEquals(new int[] {4, 5, 0, 1, 2, 3, 8, 6, 7, 11, 9, 10, 12}, turn.gather());
        assertArrayEquals(new int[] {2, 0, 1}, turn.permutation(TINY.blocks().get(1)));
    }

    @Test
    void inverseUndoes() {
        double[] row = Rows.random(DEEP, 1, 1, new Seed(1))[0];
        for (int i = 0; i < 10; i++) {
            NeuronPermutation element = NeuronPermutation.random(DEEP, new Seed(i));
            assertArrayEquals(row, element.inverse().apply(element.apply(row)), "seed " + i);
            assertArrayEquals(row, element.apply(element.inverse().apply(row)), "seed " + i);
            assertSame(NeuronPermutation.identity(DEEP), element.compose(element.inverse()));
        }
    }

    @Test
    void compositionActsInOrder() {
        double[] row = Rows.random(DEEP, 1, 1, new Seed(1))[0];
        for (int i = 0; i < 10; i++) {
            NeuronPermutation a = NeuronPermutation.random(DEEP, new Seed(i).split("a"));
            NeuronPermutation b = NeuronPermutation.random(DEEP, new Seed(i).split("b"));
            NeuronPermutation c = NeuronPermutation.random(DEEP, new Seed(i).split("c"));
            assertArrayEquals(a.apply(b.apply(row)), a.compose(b).apply(row), "seed " + i);
            assertSame(a.compose(b).compose(c), a.compose(b.compose(c)));
            assertSame(a.compose(b).inverse(), b.inverse().compose(a.inverse()));
        }
    }

    @Test
    void identityLeavesRowsAlone() {
        double[] row = Rows.random(DEEP, 1, 1, new Seed(1))[0];
        NeuronPermutation identity = NeuronPermutation.identity(DEEP);
        assertArrayEquals(row, identity.apply(row));
        NeuronPermutation element = NeuronPermutation.random(DEEP, new Seed(3));
        assertSame(element, identity.compose(element));
        assertSame(element, element.compose(identity));
        assertSame(element, NeuronPermutation.of(DEEP, permutations(element)));
    }

    /** Six permutations of three neurons, 6,000 draws: 1,000 each, deviation 29. */
    @Test
    void randomElementsAreUniform() {
        Map<String, Integer> counts = new HashMap<>();
        NeuronBlock hidden = TINY.blocks().get(1);
        for (int i = 0; i < 6_000; i++) {
            int[] drawn = NeuronPermutation.random(TINY, new Seed(5).split(i)).permutation(hidden);
            counts.merge(Arrays.toString(drawn), 1, Integer::sum);
        }
        assertEquals(6, counts.size());
        counts.forEach((drawn, count) -> assertTrue(Math.abs(count - 1_000) < 150, drawn + " came " + count));
    }

    @Test
    void inputsAndOutputsStay() {
        NeuronPermutation element = NeuronPermutation.random(DEEP, new Seed(8));
        assertArrayEquals(new int[] {0, 1, 2}, element.permutation(DEEP.inputBlock()));
        assertArrayEquals(new int[] {0, 1}, element.permutation(DEEP.outputBlock()));
    }

    @Test
    void ownsItsPermutations() {
        int[] given = {2, 0, 1};
        NeuronPermutation element = of(TINY, given);
        given[0] = 0;
        element.permutation(TINY.blocks().get(1))[0] = 0;
        assertEquals(2, element.permutation(TINY.blocks().get(1))[0]);
    }

    @Test
    void refusesWhatIsNoPermutation() {
        assertMessage(
                "expected 3 permutations, one a block, got 1",
                () -> NeuronPermutation.of(TINY, List.of(new int[] {0, 1})));
        assertMessage("block 'seq.0': expected a permutation of 3 neurons, got 2", () -> of(TINY, new int[] {0, 1}));
        assertMessage("block 'seq.0': place 2 gets neuron 1 a second time", () -> of(TINY, new int[] {0, 1, 1}));
        assertMessage("block 'seq.0': place 1 gets neuron 3, outside [0, 3)", () -> of(TINY, new int[] {0, 3, 1}));
        assertMessage("block 'seq.0': place 0 gets neuron -1, outside [0, 3)", () -> of(TINY, new int[] {-1, 3, 1}));
        assertMessage(
                "block 'input': INPUT neurons can't be permuted",
                () -> NeuronPermutation.of(TINY, List.of(new int[] {1, 0}, new int[] {0, 1, 2}, new int[] {0})));
    }

    @Test
    void refusesStrangers() {
        assertMessage(
                "a row of siren 2-3-1 has 13 values, got 12",
                () -> NeuronPermutation.identity(TINY).apply(new float[12]));
        assertMessage(
                "a row of siren 2-3-1 has 13 values, got 14",
                () -> NeuronPermutation.identity(TINY).apply(new double[14]));
        assertMessage(
                "can't compose a permutation of siren 2-3-1 with one of mlp 3-5-4-6-2",
                () -> NeuronPermutation.identity(TINY).compose(NeuronPermutation.identity(DEEP)));
    }

    private static NeuronPermutation of(Architecture architecture, int[] hidden) {
        return NeuronPermutation.of(architecture, List.of(new int[] {0, 1}, hidden, new int[] {0}));
    }

    private static List<int[]> permutations(NeuronPermutation element) {
        return element.architecture().blocks().stream()
                .map(element::permutation)
                .toList();
    }

    private static void assertSame(NeuronPermutation expected, NeuronPermutation actual) {
        IntStream.range(0, expected.architecture().blocks().size())
                .forEach(b -> assertArrayEquals(
                        permutations(expected).get(b), permutations(actual).get(b), "block " + b));
    }

    private static void assertMessage(String expected, Runnable action) {
        assertEquals(
                expected,
                assertThrows(IllegalArgumentException.class, action::run).getMessage());
    }
}
