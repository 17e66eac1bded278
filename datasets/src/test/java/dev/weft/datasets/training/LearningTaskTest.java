package dev.weft.datasets.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.weft.datasets.image.ImageSource;
import dev.weft.datasets.image.JoinedImages;
import dev.weft.datasets.image.NumberedImages;
import dev.weft.datasets.text.CharacterText;
import dev.weft.network.Architecture;
import dev.weft.network.Layer;
import dev.weft.network.Mlp;
import dev.weft.network.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Which examples networks see. */
class LearningTaskTest {

    @TempDir
    Path folder;

    private static ImageClassification.Settings settings(double test, double heldOut) {
        return new ImageClassification.Settings(test, heldOut, null, new Seed(3));
    }

    @Test
    void anEpochShowsEveryExampleOnce() {
        BatchSampler sampler = new BatchSampler(10, 4, new Seed(1));
        for (int epoch = 0; epoch < 3; epoch++) {
            long first = 3L * epoch;
            int[] seen = IntStream.range(0, 3)
                    .mapToObj(step -> sampler.at(first + step))
                    .flatMapToInt(Arrays::stream)
                    .toArray();
            assertEquals(2, sampler.at(first + 2).length, "the last batch is smaller");
            assertArrayEquals(
                    IntStream.range(0, 10).toArray(),
                    Arrays.stream(seen).sorted().toArray());
        }
        int[] late = sampler.at(301);
        sampler.at(5);
        assertArrayEquals(late, sampler.at(301), "a step's examples do not depend on what was asked before");
        assertArrayEquals(late, new BatchSampler(10, 4, new Seed(1)).at(301));
        assertTrue(!Arrays.equals(sampler.at(0), sampler.at(3)), "epochs differ");
        assertTrue(!Arrays.equals(sampler.at(0), new BatchSampler(10, 4, new Seed(2)).at(0)), "runs differ");
    }

    @Test
    void imagesAreNormalisedWithWhatTrainingImagesHave() throws IOException {
        // Images of one value each: 0 to 7 of 255 for training, 8 and 9 held out, 0 and 1 for testing.
        ImageSource joined = new JoinedImages(
                new NumberedImages("set-train", 2, 3, 1, 0, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0),
                new NumberedImages("set-test", 2, 3, 1, 0, 2, 2));
        ImageClassification task = ImageClassification.read(joined, settings(0, 0.2));
        Architecture network = Mlp.of(List.of(6, 10), new Layer.Relu(), true);
        assertEquals(8, task.size());
        assertEquals(2, task.testSize());
        try (NDManager manager = NDManager.newBaseManager()) {
            Examples examples = task.training(manager, network, new int[][] {{0, 7}, {3, 4}});
            assertEquals(new Shape(2, 2, 6), examples.inputs().getShape());
            assertArrayEquals(new long[] {0, 1, 0, 1}, examples.answers().toLongArray());
            double deviation = Math.sqrt(5.25); // of 0, ..., 7
            float[] pixels = examples.inputs().toFloatArray();
            assertEquals(-3.5 / deviation, pixels[0], 1e-5);
            assertEquals(3.5 / deviation, pixels[6], 1e-5);
            Examples tested = task.testing(manager, network, 1, 2);
            assertEquals(new Shape(1, 6), tested.inputs().getShape());
            assertEquals(-2.5 / deviation, tested.inputs().toFloatArray()[0], 1e-5);
            assertArrayEquals(new long[] {2}, tested.answers().toLongArray());
        }
        assertEquals("given", task.provenance().get("images.test"));
    }

    @Test
    void channelsComeFirst() {
        float[] planes =
                new PixelNormalisation(List.of(0.0, 1.0), List.of(1.0, 2.0)).apply(new float[] {1, 11, 2, 21, 3, 31});
        assertArrayEquals(new float[] {1, 2, 3, 5, 10, 15}, planes);
    }

    @Test
    void imagesForTestingAreDrawnOnceForAll() throws IOException {
        NumberedImages source = new NumberedImages("set", 1, 2, 1, 0, new int[20]);
        ImageClassification task = ImageClassification.read(source, settings(0.25, 0));
        assertEquals("15 5", task.size() + " " + task.testSize());
        ImageClassification again = ImageClassification.read(source, settings(0.25, 0));
        assertEquals(task.provenance(), again.provenance());
    }

    @Test
    void refusesSharesThatLeaveNothing() {
        NumberedImages source = new NumberedImages("set", 1, 2, 1, 0, new int[20]);
        assertMessage("leaves 20 and 0", () -> ImageClassification.read(source, settings(0, 0)));
        assertMessage("must be at least 0 and below 1, got 1.0", () -> settings(1, 0));
        ImageSource joined = new JoinedImages(source, new NumberedImages("set-test", 1, 2, 1, 0, 0));
        assertMessage("has images for testing of its own", () -> ImageClassification.read(joined, settings(0.5, 0)));
        assertMessage(
                "expected positive deviations of pixels",
                () -> ImageClassification.read(new NumberedImages("one", 1, 1, 1, 0, 0, 0), settings(0.5, 0)));
    }

    private static void assertMessage(String part, Executable call) {
        String message = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void textsAreCutIntoBlocksAndTheCharactersBehindThem() throws IOException {
        Path file = Files.writeString(folder.resolve("text.txt"), "abcdefghijklmnopqrst"); // 20 characters
        TextModelling task = new TextModelling(CharacterText.read(file), 3, 0.4);
        assertEquals(9, task.size(), "blocks at 0 to 8 in the first 12 characters");
        assertEquals(2, task.testSize(), "blocks at 12 and 15");
        Architecture network = NetworkName.parse("gpt-1-4-2").forText(20, 3);
        task.check(network);
        try (NDManager manager = NDManager.newBaseManager()) {
            Examples examples = task.training(manager, network, new int[][] {{8}, {0}});
            assertEquals(new Shape(2, 1, 3), examples.inputs().getShape());
            assertArrayEquals(new long[] {8, 9, 10, 0, 1, 2}, examples.inputs().toLongArray());
            assertArrayEquals(
                    new long[] {9, 10, 11, 1, 2, 3}, examples.answers().toLongArray());
            Examples tested = task.testing(manager, network, 0, 2);
            assertArrayEquals(
                    new long[] {12, 13, 14, 15, 16, 17}, tested.inputs().toLongArray());
            assertArrayEquals(
                    new long[] {13, 14, 15, 16, 17, 18}, tested.answers().toLongArray());
        }
        assertEquals("abcdefghijklmnopqrst", task.provenance().get("text.vocabulary"));
        assertMessage("20 characters are too few for blocks of 12", () -> new TextModelling(task.text(), 12, 0.4));
    }

    @Test
    void networksHaveNames() {
        assertEquals("conv-16-32-32", NetworkName.parse("conv-16-32-32").toString());
        assertEquals(
                14_378,
                NetworkName.parse("conv-16-32-32")
                        .forImages(new Shape(1, 28, 28), 10)
                        .parameterCount());
        assertEquals(
                "mlp 64-32-10",
                NetworkName.parse("mlp-32").forImages(new Shape(1, 8, 8), 10).toString());
        assertMessage("no network 'conv'; expected a name like", () -> NetworkName.parse("conv"));
        assertMessage("expected layers, width and heads", () -> NetworkName.parse("gpt-2-32"));
        assertMessage("got 32 and 3", () -> NetworkName.parse("gpt-2-32-3"));
        assertMessage("mlp-32 reads images", () -> NetworkName.parse("mlp-32").forText(9, 9));
        assertMessage(
                "gpt-1-8-2 reads texts", () -> NetworkName.parse("gpt-1-8-2").forImages(new Shape(1, 8, 8), 10));
    }
}
