package dev.weft.datasets.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.weft.hypernets.ghn.LabelledImages;
import dev.weft.network.Architecture;
import dev.weft.network.Convolution;
import dev.weft.network.Input;
import dev.weft.network.Layer;
import dev.weft.network.Pooling;
import dev.weft.network.Seed;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScratchTrainingTest {

    /** Images of one grey; the class is whether it is above 0. The image with number {@code blown} is not finite. */
    private record Greys(int size, int blown) implements LabelledImages {
        @Override
        public NDArray images(NDManager manager, int[] numbers) {
            float[] pixels = new float[numbers.length * 9];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = numbers[i / 9] == blown ? Float.POSITIVE_INFINITY : label(numbers[i / 9]) == 1 ? 1 : -1;
            }
            return manager.create(pixels, new Shape(numbers.length, 1, 3, 3));
        }

        @Override
        public int label(int number) {
            return number % 2;
        }
    }

    private static Architecture network(int classes) {
        return Architecture.builder("test", new Input.Image(1, 3, 3))
                .add("conv", Convolution.square(1, 4, 3, 1, 1, true))
                .add("relu", new Layer.Relu())
                .add("pool", new Pooling.GlobalAvgPool())
                .add("fc", new Layer.Linear(4, classes, true))
                .build();
    }

    private static ScratchTraining training(int epochs) {
        return new ScratchTraining(new Greys(320, -1), new Greys(40, -1), 2, epochs);
    }

    @Test
    void networksLearnAndAreTestedBehindEachEpoch() {
        try (NDManager manager = NDManager.newBaseManager()) {
            ScratchTraining.Outcome outcome = training(3)
                    .train(manager, network(2), new Seed(1), () -> false)
                    .orElseThrow();
            assertEquals(3, outcome.accuracies().size());
            assertEquals(1, outcome.accuracies().get(2));
            assertEquals(
                    outcome,
                    training(3)
                            .train(manager, network(2), new Seed(1), () -> false)
                            .orElseThrow());
            assertTrue(training(3)
                    .train(manager, network(2), new Seed(1), () -> true)
                    .isEmpty());
            assertThrows(
                    IllegalArgumentException.class,
                    () -> training(3).train(manager, network(3), new Seed(1), () -> false));
        }
    }

    @Test
    void aNetworkThatDivergesCountsAsGuessingFromThereOn() {
        assertEquals(
                new ScratchTraining.Outcome(List.of(0.5, 0.5, 0.5), true),
                outcome(new ScratchTraining(new Greys(320, 7), new Greys(40, -1), 2, 3)),
                "a step's loss is not finite");
        assertEquals(
                new ScratchTraining.Outcome(List.of(0.5, 0.5, 0.5), true),
                outcome(new ScratchTraining(new Greys(320, -1), new Greys(40, 7), 2, 3)),
                "the loss behind an epoch is not finite");
    }

    private static ScratchTraining.Outcome outcome(ScratchTraining training) {
        try (NDManager manager = NDManager.newBaseManager()) {
            return training.train(manager, network(2), new Seed(1), () -> false).orElseThrow();
        }
    }
}
