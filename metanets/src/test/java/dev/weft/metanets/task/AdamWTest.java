package dev.weft.metanets.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import dev.weft.network.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** One vector of three values and one matrix of one. */
class AdamWTest {

    private static final float[][] GRADIENTS = {
        {1, -2, 0.25f, 4}, {0.5f, 3, -1, -0.5f}, {0.01f, 0.02f, 0, 0.1f}, {-0.01f, 0, 0.3f, 0}
    };
    private static final float[] START = {1, -2, 0.5f, 3};

    /** The optimizer under test with its parameters. */
    private static final class Case implements AutoCloseable {
        final NDManager manager = NDManager.newBaseManager();
        final List<Parameter> parameters = new ArrayList<>();
        final AdamW optimizer;

        Case(float[] start, double weightDecay, boolean amsgrad) {
            add("vector", manager.create(new float[] {start[0], start[1], start[2]}));
            add("matrix", manager.create(new float[] {start[3]}, new Shape(1, 1)));
            Parameter frozen = Parameter.builder()
                    .setName("frozen")
                    .setType(Parameter.Type.OTHER)
                    .optRequiresGrad(false)
                    .build();
            frozen.setArray(manager.create(new float[] {7}));
            parameters.add(frozen);
            optimizer = new AdamW(manager, parameters, weightDecay, amsgrad);
        }

        private void add(String name, NDArray value) {
            Parameter parameter = Parameter.builder()
                    .setName(name)
                    .setType(Parameter.Type.OTHER)
                    .build();
            parameter.setArray(value);
            value.setRequiresGradient(true);
            parameters.add(parameter);
        }

        /** Adds to the gradients what the derivative of a weighted sum is: its weights. */
        void accumulate(float... gradient) {
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                NDArray vector = manager.create(new float[] {gradient[0], gradient[1], gradient[2]});
                NDArray matrix = manager.create(new float[] {gradient[3]}, new Shape(1, 1));
                NDArray sum = parameters.get(0).getArray().mul(vector).sum();
                collector.backward(
                        sum.add(parameters.get(1).getArray().mul(matrix).sum()));
            }
        }

        double step(double learningRate, double clipNorm, float... gradient) {
            accumulate(gradient);
            return optimizer.step(learningRate, clipNorm);
        }

        float[] values() {
            float[] vector = parameters.get(0).getArray().toFloatArray();
            return new float[] {
                vector[0], vector[1], vector[2], parameters.get(1).getArray().toFloatArray()[0]
            };
        }

        float[] gradients() {
            float[] vector = parameters.get(0).getArray().getGradient().toFloatArray();
            return new float[] {
                vector[0],
                vector[1],
                vector[2],
                parameters.get(1).getArray().getGradient().toFloatArray()[0]
            };
        }

        @Override
        public void close() {
            optimizer.close();
            manager.close();
        }
    }

    /** The published formulas, in double precision, one value after the other. */
    private static final class Formulas {
        final double[] values;
        private final double[] mean;
        private final double[] square;
        private final double[] largest;
        private int step;

        Formulas(float[] start) {
            values = new double[start.length];
            mean = new double[start.length];
            square = new double[start.length];
            largest = new double[start.length];
            for (int i = 0; i < start.length; i++) {
                values[i] = start[i];
            }
        }

        void step(double rate, double decay, boolean amsgrad, double clip, float... raw) {
            step++;
            double norm = 0;
            for (float g : raw) {
                norm += (double) g * g;
            }
            double factor = clip > 0 ? Math.min(1, clip / (Math.sqrt(norm) + 1e-6)) : 1;
            for (int i = 0; i < values.length; i++) {
                double g = factor * raw[i];
                values[i] -= rate * decay * values[i];
                mean[i] = 0.9 * mean[i] + 0.1 * g;
                square[i] = 0.999 * square[i] + 0.001 * g * g;
                largest[i] = Math.max(largest[i], square[i]);
                double second = (amsgrad ? largest[i] : square[i]) / (1 - Math.pow(0.999, step));
                values[i] -= rate * mean[i] / (1 - Math.pow(0.9, step)) / (Math.sqrt(second) + 1e-8);
            }
        }
    }

    private static void compareWithFormulas(double decay, boolean amsgrad, double clip) {
        RandomGenerator random = new Seed(11).random();
        Formulas formulas = new Formulas(START);
        try (Case test = new Case(START, decay, amsgrad)) {
            for (int step = 0; step < 30; step++) {
                float[] gradient = new float[4];
                for (int i = 0; i < 4; i++) { // falling, so that the largest second moment is not the latest
                    gradient[i] = (float) (random.nextGaussian() * 5 / (1 + step));
                }
                double rate = 0.05 / (1 + step);
                test.step(rate, clip, gradient);
                formulas.step(rate, decay, amsgrad, clip, gradient);
                float[] expected = new float[4];
                for (int i = 0; i < 4; i++) {
                    expected[i] = (float) formulas.values[i];
                }
                assertArrayEquals(expected, test.values(), 3e-6f, "step " + step);
            }
            assertEquals(30, test.optimizer.step());
            assertEquals(7, test.parameters.get(2).getArray().getFloat(), "what is not trained stays");
        }
    }

    @Test
    void isAdam() {
        compareWithFormulas(0, false, 0);
    }

    @Test
    void decaysWeightsApartFromTheGradient() {
        compareWithFormulas(0.3, false, 0);
    }

    @Test
    void keepsTheLargestSecondMoment() {
        compareWithFormulas(0.3, true, 0);
    }

    @Test
    void clipsTheWholeGradient() {
        compareWithFormulas(0.3, true, 0.7);
    }

    /** Computed with torch.optim.AdamW (lr=0.1, weight_decay=0.05) behind torch.nn.utils.clip_grad_norm_ (2.0). */
    @Test
    void givesTheNumbersOfPyTorch() {
        float[][] plain = {
            {0.894999981f, -1.88999999f, 0.397500008f, 2.88500023f},
            {0.79283154f, -1.91935909f, 0.457152694f, 2.81757522f},
            {0.712166309f, -1.94038498f, 0.502514958f, 2.75897694f},
            {0.646876931f, -1.95576727f, 0.510090232f, 2.70872188f}
        };
        float[][] amsgrad = {
            {0.894999981f, -1.88999999f, 0.397500008f, 2.88500023f},
            {0.79283154f, -1.91935909f, 0.457152694f, 2.81757522f},
            {0.712191224f, -1.94037104f, 0.502491117f, 2.75897694f},
            {0.646941781f, -1.95572948f, 0.510066509f, 2.70874023f}
        };
        double[] norms = {4.5893898, 3.24037027, 0.102469504, 0.300166637};
        for (boolean option : new boolean[] {false, true}) {
            try (Case test = new Case(START, 0.05, option)) {
                for (int i = 0; i < GRADIENTS.length; i++) {
                    assertEquals(norms[i], test.step(0.1, 2, GRADIENTS[i]), 1e-6);
                    assertArrayEquals((option ? amsgrad : plain)[i], test.values(), 1e-6f, "step " + i + " " + option);
                }
            }
        }
    }

    @Test
    void gradientsAddUpUntilAStepClearsThem() {
        try (Case test = new Case(START, 0, false);
                Case whole = new Case(START, 0, false)) {
            test.accumulate(1, 2, 3, 4);
            test.accumulate(10, 20, 30, 40);
            assertArrayEquals(new float[] {11, 22, 33, 44}, test.gradients());
            test.optimizer.step(0.1, 0);
            assertArrayEquals(new float[4], test.gradients());
            whole.step(0.1, 0, 11, 22, 33, 44);
            assertArrayEquals(whole.values(), test.values());
        }
    }

    @Test
    void goesOnToTheSameValuesFromSavedMoments() {
        for (boolean amsgrad : new boolean[] {false, true}) {
            try (Case first = new Case(START, 0.1, amsgrad)) {
                first.step(0.1, 1, GRADIENTS[0]);
                first.step(0.1, 1, GRADIENTS[1]);
                List<float[]> moments = first.optimizer.moments().stream()
                        .map(NDArray::toFloatArray)
                        .toList();
                try (Case second = new Case(first.values(), 0.1, amsgrad)) {
                    second.optimizer.restore(first.optimizer.step(), moments);
                    first.step(0.1, 1, GRADIENTS[2]);
                    second.step(0.1, 1, GRADIENTS[2]);
                    assertArrayEquals(first.values(), second.values());
                    assertEquals(3, second.optimizer.step());
                }
            }
        }
    }
}
