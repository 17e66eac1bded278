package dev.weft.metanets.nowcast.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.checkpoints.Zoo;
import dev.weft.metanets.nowcast.NowcastModel;
import dev.weft.metanets.nowcast.train.ForecasterConfig.Name;
import dev.weft.metanets.nowcast.train.ForecasterConfig.Wiring;
import dev.weft.metanets.task.RoundLoop;
import dev.weft.network.Architecture;
import dev.weft.network.FormatException;
import dev.weft.network.family.Families;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NowcastTrainerTest {

    private static final Architecture CNN =
            Families.named("small-cnn-zoo").small().get();
    private static final int STATES = 16;

    @TempDir
    private Path temporary;

    private Zoo open(String name, Architecture architecture) throws IOException {
        Path folder = temporary.resolve(name);
        return Zoo.open(Files.exists(folder) ? folder : TinyTrajectories.write(folder, architecture, STATES));
    }

    private RoundLoop.Outcome train(NowcastRun run, BooleanSupplier interrupted) throws IOException {
        try (Zoo perceptrons = open("perceptrons", TinyTrajectories.MLP);
                Zoo cnns = open("cnns", CNN)) {
            NowcastTrainer trainer = new NowcastTrainer(run, List.of(perceptrons, cnns));
            if (!Files.exists(run.files().config())) {
                run.begin();
            }
            return trainer.train(new TinyTrajectories.Silent(), interrupted);
        }
    }

    private NowcastRun plan(String name, int steps) {
        return TinyTrajectories.plan(
                temporary.resolve(name),
                new ForecasterConfig(Name.NINO, 6, 9, 3, Wiring.CORRECTED),
                TinyTrajectories.training(steps, 4, 2));
    }

    private static List<JsonNode> metricsWithoutSeconds(NowcastRun run) throws IOException {
        List<JsonNode> metrics = run.files().metrics().read();
        for (String time : List.of("seconds", "cpu_seconds")) {
            metrics.forEach(line -> assertTrue(((ObjectNode) line).remove(time).isNumber()));
        }
        return metrics;
    }

    @ParameterizedTest
    @EnumSource
    void learnsDecayBetterThanTheLastState(Name name) throws IOException {
        NowcastRun run = TinyTrajectories.plan(
                temporary.resolve("run"),
                new ForecasterConfig(name, 8, 4, 3, Wiring.REFERENCE),
                TinyTrajectories.training(60, 30, 1));
        try (Zoo zoo = open("perceptrons", TinyTrajectories.MLP)) {
            NowcastTrainer trainer = new NowcastTrainer(run, List.of(zoo));
            run.begin();
            RoundLoop.Outcome outcome = trainer.train(new TinyTrajectories.Silent(), () -> false);
            JsonNode last = run.files().metrics().read().get(1);
            assertTrue(outcome.bestScore() < 0.5 * last.get("val_last_error").asDouble(), last.toString());
        }
        assertTrue(run.files().finished());
        NowcastModel model = NowcastModel.load(run.folder());
        assertEquals(name.text(), model.name());
        assertEquals(3, model.horizons());
        assertTrue(NowcastRun.isIn(run.folder()));
        assertEquals(run.config(), NowcastRun.open(run.folder()).config());
    }

    @Test
    void takesSomeWordsOfALanguageModel() throws IOException {
        NowcastRun run = TinyTrajectories.plan(
                temporary.resolve("run"), TinyTrajectories.nino(), TinyTrajectories.training(4, 2, 1));
        try (Zoo zoo = open("texts", VocabularySampleTest.gpt2())) {
            NowcastTrainer trainer = new NowcastTrainer(run, List.of(zoo));
            run.begin();
            assertTrue(trainer.train(new TinyTrajectories.Silent(), () -> false).finished());
        }
        List<JsonNode> metrics = run.files().metrics().read();
        double lastError = metrics.get(0).get("val_last_error").asDouble();
        assertEquals(lastError, metrics.get(1).get("val_last_error").asDouble(), "the same words each time");
        assertTrue(lastError > 0);
    }

    @Test
    void aRunThatWasStoppedEndsWithTheSameBytes() throws IOException {
        NowcastRun whole = plan("whole", 10);
        RoundLoop.Outcome expected = train(whole, () -> false);
        assertEquals(3, expected.rounds(), "rounds of 4, 4 and 2 steps");
        NowcastRun stopped = plan("stopped", 10);
        int[] left = {6};
        assertFalse(train(stopped, () -> --left[0] == 0).finished());
        assertFalse(stopped.files().finished());
        assertEquals(1, stopped.files().metrics().read().size(), "the round that was interrupted is dropped");
        assertEquals(expected, train(NowcastRun.open(stopped.folder()), () -> false));
        assertArrayEquals(
                Files.readAllBytes(whole.files().model()),
                Files.readAllBytes(stopped.files().model()));
        assertEquals(metricsWithoutSeconds(whole), metricsWithoutSeconds(stopped));
        assertFalse(Files.exists(stopped.files().state()));
    }

    @Test
    void howManyWindowsGoTogetherDoesNotMatter() throws IOException {
        NowcastRun together = plan("together", 4);
        train(together, () -> false);
        NowcastTraining one = new NowcastTraining(4, 4, 2, 2, 1, 2, 1, 3, 4, 1e-2, 1e-6, 1e-2, 5);
        NowcastRun apart = TinyTrajectories.plan(
                temporary.resolve("apart"), together.config().model(), one);
        train(apart, () -> false);
        double loss = together.files().metrics().read().get(0).get("train_loss").asDouble();
        assertEquals(
                loss, apart.files().metrics().read().get(0).get("train_loss").asDouble(), 1e-5 * loss);
        assertNotEquals(0, loss);
    }

    @Test
    void aLossThatIsNotFiniteEndsTrainingAndKeepsTheRoundsBefore() throws IOException {
        NowcastTraining steep = new NowcastTraining(8, 4, 2, 2, 3, 1, 1, 3, 4, 1e30, 1e30, 0, 0);
        NowcastRun run = TinyTrajectories.plan(
                temporary.resolve("run"), plan("x", 1).config().model(), steep);
        String message = assertThrows(IllegalStateException.class, () -> train(run, () -> false))
                .getMessage();
        assertTrue(
                message.matches("the training (loss|gradient's norm) is (NaN|Infinity) at step \\d; try a lower.*"),
                message);
        assertTrue(Files.exists(run.files().state()));
    }

    @Test
    void aScoreThatIsNotFiniteEndsTrainingBeforeItsRoundIsKept() throws IOException {
        NowcastTraining steep = new NowcastTraining(1, 1, 2, 2, 3, 1, 1, 3, 4, 3e38, 3e38, 0, 0);
        NowcastRun run = TinyTrajectories.plan(
                temporary.resolve("run"), plan("x", 1).config().model(), steep);
        String message = assertThrows(IllegalStateException.class, () -> train(run, () -> false))
                .getMessage();
        assertTrue(message.matches("the validation error is (NaN|Infinity) at step 1; try a lower.*"), message);
        assertTrue(
                Files.exists(run.files().state()) && !Files.exists(run.files().model()));
    }

    @Test
    void aRunTellsItsWiring() throws IOException {
        NowcastRun corrected = plan("corrected", 1);
        corrected.begin();
        assertEquals(Wiring.CORRECTED, NowcastRun.wiring(corrected.folder()));
        assertEquals(
                corrected.folder() + ": was trained with the corrected wiring; expected the reference's here",
                assertThrows(FormatException.class, () -> NowcastRun.loadForReference(corrected.folder()))
                        .getMessage());
        NowcastRun reference = TinyTrajectories.plan(
                temporary.resolve("reference"),
                new ForecasterConfig(Name.NINO, 6, 9, 3, Wiring.REFERENCE),
                corrected.config().training());
        reference.begin();
        assertEquals(Wiring.REFERENCE, NowcastRun.wiring(reference.folder()));
        assertEquals(Wiring.REFERENCE, NowcastRun.wiring(temporary.resolve("released.pt")));
    }

    @Test
    void whatCannotBeTrainedOnIsRefusedBeforeAnythingIsWritten() throws IOException {
        NowcastRun small = TinyTrajectories.plan(
                temporary.resolve("run"), TinyTrajectories.nino(), TinyTrajectories.training(4, 2, 1));
        String kernel = assertThrows(IllegalArgumentException.class, () -> train(small, () -> false))
                .getMessage();
        assertTrue(kernel.contains("its kernel has 9 values, the forecasting network allows 4"), kernel);
        NowcastRun wide = TinyTrajectories.plan(
                temporary.resolve("run"), plan("x", 1).config().model(), TinyTrajectories.training(4, 2, 3));
        String rows = assertThrows(IllegalArgumentException.class, () -> train(wide, () -> false))
                .getMessage();
        assertTrue(rows.contains("tiny: no run of the split train has the 19 rows"), rows);
        assertFalse(Files.exists(temporary.resolve("run")));
    }

    @Test
    void aDamagedRunIsRefusedByName() throws IOException {
        NowcastRun run = plan("run", 4);
        run.begin();
        assertThrows(IllegalArgumentException.class, run::begin);
        String text = Files.readString(run.files().config());
        Files.writeString(run.files().config(), text.replace("\"width\" : 6", "\"width\" : 0"));
        String message = assertThrows(FormatException.Corrupt.class, () -> NowcastRun.open(run.folder()))
                .getMessage();
        assertTrue(message.contains("model: nowcast: width: expected 1 to 4096, got 0"), message);
    }
}
