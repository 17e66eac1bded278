package dev.weft.hypernets.ghn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.weft.metanets.task.Provenance;
import dev.weft.metanets.task.RoundLoop;
import dev.weft.network.Architecture;
import dev.weft.network.Convolution;
import dev.weft.network.FormatException;
import dev.weft.network.Input;
import dev.weft.network.Layer;
import dev.weft.network.Norm;
import dev.weft.network.Reshaping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GhnTrainerTest {

    private static final GhnConfig MODEL = GhnConfig.ghn2(8, 8, 3, 2);
    private static final GhnTraining TRAINING = new GhnTraining(40, 10, 2, 16, 500, 1e-2, 0, 5, 1e-5);

    private static final RoundLoop.Listener SILENT = new RoundLoop.Listener() {
        @Override
        public void stepDone(long steps, double loss) {}

        @Override
        public void roundDone(RoundLoop.Round round) {}
    };

    @TempDir
    private Path folder;

    /** Images that are bright on the left or on the right. */
    private record Sides(int size) implements LabelledImages {
        @Override
        public NDArray images(NDManager manager, int[] numbers) {
            float[] pixels = new float[numbers.length * 16];
            for (int i = 0; i < pixels.length; i++) {
                boolean left = i % 4 < 2;
                pixels[i] = (left == (label(numbers[i / 16]) == 0) ? 1 : -1) + 0.01f * (numbers[i / 16] + i % 16);
            }
            return manager.create(pixels, new Shape(numbers.length, 1, 4, 4));
        }

        @Override
        public int label(int number) {
            return number % 2;
        }
    }

    private static Architecture network(int width) {
        return Architecture.builder("test", new Input.Image(1, 4, 4))
                .add("conv", Convolution.square(1, width, 3, 1, 1, false))
                .add("bn", new Norm.BatchNorm(width, 1e-5, true, false))
                .add("relu", new Layer.Relu())
                .add("flat", new Reshaping.Flatten())
                .add("fc", new Layer.Linear(16 * width, 2, true))
                .build();
    }

    private GhnRun create(String name) throws IOException {
        return GhnRun.create(
                folder.resolve(name),
                MODEL,
                TRAINING,
                JsonNodeFactory.instance.objectNode(),
                Provenance.of("test", "none", "none", 3));
    }

    private static GhnTrainer trainer(GhnRun run) {
        return new GhnTrainer(
                run, seed -> network(seed.random().nextInt(2, 6)), new Sides(40), List.of(network(7)), new Sides(20));
    }

    private static BooleanSupplier after(int steps) {
        AtomicInteger asked = new AtomicInteger();
        return () -> asked.incrementAndGet() >= steps;
    }

    @Test
    void lossFallsAndNetworksNeverSeenAreRight() throws IOException {
        GhnRun run = create("run");
        RoundLoop.Outcome outcome = trainer(run).train(SILENT, () -> false);
        assertTrue(outcome.finished() && run.finished());
        assertEquals(4, outcome.rounds());
        assertEquals(4, run.metrics().read().size());
        double first = run.metrics().read().get(0).path("train_loss").asDouble();
        double last = run.metrics().read().get(3).path("train_loss").asDouble();
        assertTrue(last < 0.5 * first, first + " to " + last);
        assertTrue(outcome.bestScore() > 0.9, "accuracy " + outcome.bestScore());
        try (NDManager manager = NDManager.newBaseManager()) {
            PredictedAccuracy again =
                    PredictedAccuracy.of(GhnRun.open(run.folder()).load(manager), manager, network(7), new Sides(20));
            assertEquals(outcome.bestScore(), again.accuracy());
            double lowest = run.metrics().read().stream()
                    .mapToDouble(line -> Math.abs(line.path("val_loss").asDouble() - again.loss()))
                    .min()
                    .orElseThrow();
            assertEquals(0, lowest, 1e-6, "the loss of the round that was kept is noted");
        }
        IllegalArgumentException finished =
                assertThrows(IllegalArgumentException.class, () -> trainer(run).train(SILENT, () -> false));
        assertTrue(
                finished.getMessage()
                        .contains("this run is finished, its model is "
                                + run.files().model()),
                finished.getMessage());
    }

    @Test
    void aResumedRunComesToTheSameBytes() throws IOException {
        GhnRun whole = create("whole");
        trainer(whole).train(SILENT, () -> false);
        GhnRun cut = create("cut");
        assertFalse(trainer(cut).train(SILENT, after(15)).finished());
        assertFalse(cut.finished());
        assertTrue(trainer(GhnRun.open(cut.folder())).train(SILENT, () -> false).finished());
        assertArrayEquals(
                Files.readAllBytes(whole.files().model()),
                Files.readAllBytes(cut.files().model()));
    }

    @Test
    void damagedConfigsAreRefused() throws IOException {
        GhnRun run = create("run");
        assertThrows(IllegalArgumentException.class, () -> create("run"));
        Path config = run.folder().resolve("config.json");
        String text = Files.readString(config);
        Files.writeString(config, text.replace("\"hidden\" : 8", "\"hidden\" : 7"));
        FormatException refused = assertThrows(FormatException.class, () -> GhnRun.open(run.folder()));
        assertTrue(refused.getMessage().contains("hidden: expected a multiple of 4, got 7"), refused.getMessage());
        Files.writeString(config, text.replace("\"version\" : 1", "\"version\" : 2"));
        assertThrows(FormatException.TooNew.class, () -> GhnRun.open(run.folder()));
        assertTrue(GhnRun.isIn(run.folder()));
        assertFalse(GhnRun.isIn(folder));
    }
}
