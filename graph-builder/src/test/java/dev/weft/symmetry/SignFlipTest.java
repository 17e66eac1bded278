package dev.weft.symmetry;

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
import java.util.List;
import org.junit.jupiter.api.Test;

class SignFlipTest {

    /** 2-3-1: W0 [3, 2], b0 [3], W1 [1, 3], b1 [1]. */
    private static final Architecture TINY = Siren.of(List.of(2, 3, 1), 30, 0.5);

    private static final Architecture SIREN = Siren.of(List.of(2, 6, 5, 3), 3, 0.5);

    private static final Architecture TANH = Mlp.of(List.of(2, 5, 4, 2), new Layer.Tanh(), false);

    private static final Architecture RELU = Mlp.of(List.of(2, 3, 1), new Layer.Relu(), true);

    @Test
    void negatesWhatGoesIntoAndOutOfANeuron() {
        SignFlip flip = of(TINY, false, true, false);
        assertArrayEquals(new float[] {1, 1, -1, -1, 1, 1, 1, -1, 1, 1, -1, 1, 1}, flip.factors());
        float[] row = {1, 2, 3, 4, 5, 6, 10, 20, 30, 100, 200, 300, 7};
        assertArrayEquals(new float[] {1, 2, -3, -4, 5, 6, 10, -20, 30, 100, -200, 300, 7}, flip.apply(row));
    }

    /** 1-1-1-1 with both hidden neurons negated: the weight between them is negated twice. */
    @Test
    void signsOfBothEndsMultiply() {
        Architecture chain = Siren.of(List.of(1, 1, 1, 1), 30, 0);
        boolean[] yes = {true};
        boolean[] no = {false};
        SignFlip flip = SignFlip.of(chain, List.of(no, yes, yes, no));
        assertArrayEquals(new float[] {-1, -1, 1, -1, -1, 1}, flip.factors()); // w0 b0 w1 b1 w2 b2
    }

    @Test
    void keepsTheFunction() {
        for (Architecture architecture : List.of(SIREN, TANH)) {
            double[] row = Rows.random(architecture, 1, 0.7, new Seed(1))[0];
            double[] expected = outputs(architecture, row);
            for (int i = 0; i < 5; i++) {
                SignFlip flip = SignFlip.random(architecture, new Seed(i));
                double difference = Rows.relativeDifference(expected, outputs(architecture, flip.apply(row)));
                assertTrue(difference < 1e-12, architecture + ", seed " + i + ": " + difference);
            }
        }
    }

    @Test
    void oneForgottenTensorChangesTheFunction() {
        double[] row = Rows.random(TINY, 1, 0.7, new Seed(1))[0];
        double[] flipped = of(TINY, true, false, true).apply(row);
        flipped[6] = row[6]; // the first bias keeps its sign
        assertTrue(Rows.relativeDifference(outputs(TINY, row), outputs(TINY, flipped)) > 1e-3);
    }

    @Test
    void isItsOwnInverse() {
        double[] row = Rows.random(SIREN, 1, 1, new Seed(1))[0];
        SignFlip flip = SignFlip.random(SIREN, new Seed(2));
        assertTrue(Rows.relativeDifference(row, flip.apply(row)) > 0.1);
        assertArrayEquals(row, flip.apply(flip.apply(row)));
    }

    @Test
    void onlyHiddenNeuronsBehindOddActivationsMayFlip() {
        assertFalse(SignFlip.flippable(SIREN, SIREN.inputBlock()) || SignFlip.flippable(SIREN, SIREN.outputBlock()));
        assertTrue(SignFlip.flippable(SIREN, SIREN.blocks().get(1)));
        assertTrue(SignFlip.flippable(TANH, TANH.blocks().get(2)));
        assertFalse(SignFlip.flippable(RELU, RELU.blocks().get(1)));
        Architecture shifted = Architecture.builder("x", 2)
                .add("a", new Layer.Linear(2, 3, true))
                .add("shift", new Layer.Offset(1)) // no longer odd
                .add("sine", new Layer.Sine(1))
                .add("b", new Layer.Linear(3, 1, true))
                .build();
        assertFalse(SignFlip.flippable(shifted, shifted.blocks().get(1)));
    }

    @Test
    void randomFlipsOfOtherNetworksDoNothing() {
        SignFlip flip = SignFlip.random(RELU, new Seed(1));
        for (float factor : flip.factors()) {
            assertEquals(1, factor);
        }
    }

    @Test
    void refusesFlipsThatChangeTheFunction() {
        assertMessage(
                "block 'seq.0': neuron 1 can't be negated, only hidden neurons behind odd activations (sine, tanh) can",
                () -> of(RELU, false, true, false));
        assertMessage("block 'seq.0': expected 3 flips, got 2", () -> of(TINY, true, true));
        assertMessage("expected flips for 3 blocks, got 1", () -> SignFlip.of(TINY, List.of(new boolean[2])));
        assertMessage(
                "a row of siren 2-3-1 has 13 values, got 12",
                () -> of(TINY, true, true, true).apply(new float[12]));
    }

    private static SignFlip of(Architecture architecture, boolean... hidden) {
        return SignFlip.of(architecture, List.of(new boolean[2], hidden, new boolean[1]));
    }

    private static double[] outputs(Architecture architecture, double[] row) {
        try (NDManager manager = NDManager.newBaseManager()) {
            return new FunctionalNetwork(architecture)
                    .forward(
                            Rows.array(manager, row),
                            manager.create(new double[] {0.3, -1, 2, 0.1, 0.7, 0.2}, new Shape(3, 2)))
                    .toDoubleArray();
        }
    }

    private static void assertMessage(String expected, Runnable action) {
        assertEquals(
                expected,
                assertThrows(IllegalArgumentException.class, action::run).getMessage());
    }
}
