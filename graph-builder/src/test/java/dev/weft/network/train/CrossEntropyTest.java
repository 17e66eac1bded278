package dev.weft.network.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.weft.network.Architecture;
import dev.weft.network.Input;
import dev.weft.network.Layer;
import dev.weft.network.Seed;
import dev.weft.network.family.Gpt2;
import dev.weft.network.family.PlainCnn;
import dev.weft.network.run.FunctionalNetwork;
import dev.weft.testing.Rows;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class CrossEntropyTest {

    @Test
    void isMinusTheLogOfTheRightAnswersProbability() {
        try (NDManager manager = NDManager.newBaseManager()) {
            // Two networks, two inputs, three classes; the second network is undecided.
            NDArray scores = manager.create(new double[] {2, 1, 0, 0, 5, 0, 1, 1, 1, 1, 1, 1}, new Shape(2, 2, 3));
            NDArray answers = manager.create(new long[] {0, 2}, new Shape(1, 2));
            double first = -(2 - Math.log(Math.exp(2) + Math.E + 1));
            double second = -(0 - Math.log(2 + Math.exp(5)));
            assertArrayEquals(
                    new double[] {(first + second) / 2, Math.log(3)},
                    CrossEntropy.losses(scores, answers).toDoubleArray(),
                    1e-12);
            assertArrayEquals(
                    new double[] {0.5, 0.5},
                    CrossEntropy.accuracies(scores, answers).toDoubleArray());
        }
    }

    @Test
    void gradientOfAConvolutionalNetworkIsThatOfDifferences() {
        Architecture network = PlainCnn.nino(new Input.Image(1, 7, 7), List.of(3, 4), 3);
        try (NDManager manager = NDManager.newBaseManager()) {
            RandomGenerator random = new Seed(5).random();
            double[] pixels = random.doubles(2 * 4 * 49).toArray();
            NDArray inputs = manager.create(pixels, new Shape(2, 4, 1, 7, 7));
            NDArray answers = manager.create(new long[] {0, 1, 2, 0, 2, 2, 1, 0}, new Shape(2, 4));
            checkGradient(manager, network, inputs, answers);
        }
    }

    @Test
    void gradientOfATransformerIsThatOfDifferences() {
        Gpt2.Config config = new Gpt2.Config(new Input.Tokens(7, 5), 8, 1, 2, true, false, new Layer.GeluTanh());
        try (NDManager manager = NDManager.newBaseManager()) {
            RandomGenerator random = new Seed(6).random();
            NDArray inputs = manager.create(random.longs(2 * 3 * 5, 0, 7).toArray(), new Shape(2, 3, 5));
            NDArray answers = manager.create(random.longs(2 * 3 * 5, 0, 7).toArray(), new Shape(2, 3, 5));
            checkGradient(manager, Gpt2.of(config), inputs, answers);
        }
    }

    /** Compares some coordinates of the gradient, in double precision. */
    private static void checkGradient(NDManager manager, Architecture network, NDArray inputs, NDArray answers) {
        double[][] values = Rows.random(network, 2, 0.3, new Seed(1));
        NDArray rows = Rows.array(manager, values);
        rows.setRequiresGradient(true);
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            collector.backward(losses(network, rows, inputs, answers).sum());
        }
        double[] gradient = rows.getGradient().toDoubleArray();
        RandomGenerator random = new Seed(2).random();
        double moved = 0;
        int p = values[0].length;
        for (int trial = 0; trial < 24; trial++) {
            int at = random.nextInt(2 * p);
            double step = 1e-6;
            values[at / p][at % p] += step;
            double[] above = losses(network, Rows.array(manager, values), inputs, answers)
                    .toDoubleArray();
            values[at / p][at % p] -= 2 * step;
            double[] below = losses(network, Rows.array(manager, values), inputs, answers)
                    .toDoubleArray();
            values[at / p][at % p] += step;
            double difference = (above[at / p] - below[at / p]) / (2 * step);
            assertEquals(difference, gradient[at], 1e-7 + 1e-5 * Math.abs(difference), "parameter " + at);
            moved = Math.max(moved, Math.abs(difference));
        }
        assertTrue(moved > 1e-3, "the parameters that were tried have no influence");
    }

    private static NDArray losses(Architecture network, NDArray rows, NDArray inputs, NDArray answers) {
        return CrossEntropy.losses(new FunctionalNetwork(network).forward(rows, inputs), answers);
    }
}
