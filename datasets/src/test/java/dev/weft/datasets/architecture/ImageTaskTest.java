package dev.weft.datasets.architecture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.weft.checkpoints.Split;
import dev.weft.datasets.image.Digits;
import dev.weft.datasets.image.ImageSource;
import dev.weft.datasets.training.Examples;
import dev.weft.datasets.training.NetworkTraining;
import dev.weft.datasets.training.TrainingRecipe;
import dev.weft.network.Architecture;
import dev.weft.network.Input;
import dev.weft.network.Seed;
import dev.weft.network.family.PlainCnn;
import dev.weft.network.train.LearningRate;
import dev.weft.network.train.OptimizerRule;
import dev.weft.network.train.ParameterInit;
import dev.weft.network.train.WeightDecay;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ImageTaskTest {

    private static final Architecture NETWORK = PlainCnn.nino(new Input.Image(3, 8, 8), List.of(2, 3), 10);
    private static final TrainingRecipe RECIPE = new TrainingRecipe(
            ParameterInit.TORCH, 8, new OptimizerRule.Sgd(0.9, false, WeightDecay.NONE), LearningRate.constant(0.1), 4);

    private static Map<Split, NetworkImages> images;

    @BeforeAll
    static void read() throws IOException {
        try (ImageSource digits = Digits.load()) {
            images = NetworkImages.of(digits, new Input.Image(3, 8, 8), 1.0 / 6, 1.0 / 6, new Seed(1));
        }
    }

    @Test
    void examplesAreImagesWithTheirClasses() {
        ImageTask task = new ImageTask(images.get(Split.TRAIN), images.get(Split.TEST), 10);
        NetworkImages training = images.get(Split.TRAIN);
        try (NDManager manager = NDManager.newBaseManager()) {
            Examples two = task.training(manager, NETWORK, new int[][] {{5, 1}, {0, 2}});
            assertEquals(new Shape(2, 2, 3, 8, 8), two.inputs().getShape());
            assertArrayEquals(
                    new long[] {training.label(5), training.label(1), training.label(0), training.label(2)},
                    two.answers().toLongArray());
            assertEquals(
                    training.images(manager, new int[] {0}).get(0), two.inputs().get("1, 0"));
            Examples tests = task.testing(manager, NETWORK, 2, 5);
            assertEquals(new Shape(3, 3, 8, 8), tests.inputs().getShape());
            assertEquals(images.get(Split.TEST).label(3), tests.answers().getLong(0, 1));
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> task.check(PlainCnn.nino(new Input.Image(3, 9, 9), List.of(2, 3), 10)));
        assertThrows(
                IllegalArgumentException.class,
                () -> task.check(PlainCnn.nino(new Input.Image(3, 8, 8), List.of(2, 3), 9)));
    }

    @Test
    void trainingGoesOnFromAGivenStart() {
        ImageTask task = new ImageTask(images.get(Split.TRAIN), images.get(Split.TEST), 10);
        List<Seed> runs = List.of(new Seed(3));
        float[] start = ParameterInit.TORCH.draw(NETWORK, runs.get(0).split("init"));
        try (NDManager manager = NDManager.newBaseManager();
                NetworkTraining drawn = new NetworkTraining(manager, task, NETWORK, RECIPE, runs);
                NetworkTraining given = NetworkTraining.from(manager, task, NETWORK, RECIPE, runs, List.of(start))) {
            assertArrayEquals(start, given.parameters().get(0));
            for (int step = 0; step < 3; step++) {
                drawn.step();
                given.step();
            }
            assertArrayEquals(drawn.parameters().get(0), given.parameters().get(0), 1e-6f);
            IllegalArgumentException refused = assertThrows(
                    IllegalArgumentException.class,
                    () -> NetworkTraining.from(manager, task, NETWORK, RECIPE, runs, List.of(new float[3])));
            assertTrue(refused.getMessage().endsWith("has " + start.length + " values, got 3"), refused.getMessage());
        }
    }
}
