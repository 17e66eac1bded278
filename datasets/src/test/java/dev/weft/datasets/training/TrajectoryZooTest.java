package dev.weft.datasets.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import dev.weft.checkpoints.Split;
import dev.weft.checkpoints.Zoo;
import dev.weft.checkpoints.ZooWriter;
import dev.weft.datasets.image.Digits;
import dev.weft.metanets.nowcast.baseline.StateCombination;
import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import dev.weft.network.train.LearningRate;
import dev.weft.network.train.OptimizerRule;
import dev.weft.network.train.ParameterInit;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Five runs of a tiny network on the digits, two side by side, 12 steps, every 2 of which are kept. */
class TrajectoryZooTest {

    private static final int STATES = 7;

    private static NDManager manager;
    private static ImageClassification task;
    private static Architecture network;

    @TempDir
    Path folder;

    @BeforeAll
    static void readTheDigits() throws IOException {
        manager = NDManager.newBaseManager();
        task = ImageClassification.read(Digits.load(), new ImageClassification.Settings(0.2, 0, null, new Seed(0)));
        network = NetworkName.parse("mlp-6").forImages(task.imageShape(), task.classes());
    }

    @AfterAll
    static void close() {
        manager.close();
    }

    private static TrajectoryZoo zoo(long seed, int sideBySide) {
        TrainingRecipe recipe = new TrainingRecipe(
                ParameterInit.TORCH, 32, OptimizerRule.AdamW.adam(), LearningRate.constant(0.02), 12);
        return new TrajectoryZoo(
                task,
                network,
                new TrajectoryZoo.Settings(
                        recipe, 5, 2, sideBySide, 100, 0.2, 0.2, new Seed(seed), Map.of("weft", "test")));
    }

    private Path written(String name, TrajectoryZoo job) throws IOException {
        Path zoo = folder.resolve(name);
        job.write(manager, ZooWriter.create(zoo, job.header()), progress -> {});
        return zoo;
    }

    @Test
    void rowsAreTheStatesOfEachRun() throws IOException {
        List<TrajectoryZoo.Progress> progress = new ArrayList<>();
        TrajectoryZoo job = zoo(0, 2);
        job.write(manager, ZooWriter.create(folder.resolve("zoo"), job.header()), progress::add);
        try (Zoo zoo = Zoo.open(folder.resolve("zoo"))) {
            assertEquals(5 * STATES, zoo.size());
            assertEquals(3, zoo.manifest().parts().size());
            for (int row = 0; row < zoo.size(); row++) {
                assertEquals("digits-0000" + row / STATES, zoo.runId(row));
                assertEquals(2 * (row % STATES), zoo.step(row));
                assertEquals(zoo.split(row - row % STATES), zoo.split(row), "a split holds whole runs");
            }
            assertEquals("digits-00003-s12", zoo.id(3 * STATES + 6));
            assertEquals(STATES, zoo.rows(Split.TEST).length);
            assertArrayEquals(
                    ParameterInit.TORCH.draw(network, new Seed(zoo.seed(STATES)).split("init")),
                    zoo.parameters(STATES),
                    "a run begins with its start");
            assertTrue(zoo.metric("train_loss", 6) < zoo.metric("train_loss", 0));
            assertTrue(zoo.metric("test_loss", 6) < zoo.metric("test_loss", 0));
            assertTrue(zoo.metric("test_accuracy", 6) > zoo.metric("test_accuracy", 0));
            assertEquals("adamw", zoo.header().provenance().get("recipe.optimizer.name"));
            assertEquals("100", zoo.header().provenance().get("test_examples"));
        }
        assertEquals(5 * STATES, progress.get(progress.size() - 1).done());
    }

    @Test
    void aRunTakesTheStepsThatItsSeedSays() throws IOException {
        try (Zoo zoo = Zoo.open(written("zoo", zoo(0, 1)));
                NetworkTraining alone = new NetworkTraining(
                        manager,
                        task,
                        network,
                        new TrainingRecipe(
                                ParameterInit.TORCH, 32, OptimizerRule.AdamW.adam(), LearningRate.constant(0.02), 12),
                        List.of(new Seed(zoo.seed(2 * STATES))))) {
            for (int step = 0; step < 4; step++) {
                alone.step();
            }
            assertArrayEquals(alone.parameters().get(0), zoo.parameters(2 * STATES + 2));
            assertEquals(alone.test(100).get(0).loss(), zoo.metric("test_loss", 2 * STATES + 2));
        }
    }

    @Test
    void aStoppedJobEndsWithTheSameBytes() throws IOException {
        Path whole = written("whole", zoo(0, 2));
        TrajectoryZoo job = zoo(0, 2);
        for (int stopAt : new int[] {4, 2 * STATES + 6, 5 * STATES}) {
            Path zoo = folder.resolve("stopped" + stopAt);
            assertThrows(
                    IllegalStateException.class,
                    () -> job.write(manager, ZooWriter.create(zoo, job.header()), progress -> {
                        if (progress.done() == stopAt) {
                            throw new IllegalStateException("killed");
                        }
                    }));
            List<TrajectoryZoo.Progress> progress = new ArrayList<>();
            job.write(manager, ZooWriter.resume(zoo, job.header()), progress::add);
            assertEquals(bytes(whole), bytes(zoo));
            assertTrue(progress.get(0).done() >= stopAt - 2 * STATES, "parts that are written are not trained again");
        }
    }

    private static Map<String, String> bytes(Path zoo) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(zoo)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(zoo.relativize(file).toString(), Arrays.toString(Files.readAllBytes(file)));
            }
        }
        return files;
    }

    @Test
    void anInterruptedJobSaysThatItCanBeResumed() throws IOException {
        TrajectoryZoo job = zoo(0, 2);
        ZooWriter writer = ZooWriter.create(folder.resolve("zoo"), job.header());
        String message = assertThrows(
                        InterruptedIOException.class,
                        () -> job.write(manager, writer, progress -> {
                            if (progress.done() > 2 * STATES) {
                                Thread.currentThread().interrupt();
                            }
                        }))
                .getMessage();
        assertTrue(Thread.interrupted(), "the flag stays for the caller");
        assertTrue(message.contains("behind 14 rows; resume"), message);
        assertTrue(writer.isWritten(0) && !writer.isWritten(1));
    }

    @Test
    void otherSettingsDoNotResume() throws IOException {
        ZooWriter.create(folder.resolve("zoo"), zoo(0, 2).header());
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> ZooWriter.resume(folder.resolve("zoo"), zoo(1, 2).header()))
                .getMessage();
        assertTrue(message.contains("provenance 'seed' was 0 and is now 1"), message);
    }

    @Test
    void refusesSettingsThatDoNotFit() {
        TrainingRecipe recipe = TrainingRecipe.ninoVision();
        String message = assertThrows(IllegalArgumentException.class, () -> settings(recipe, 1, 7))
                .getMessage();
        assertEquals("expected a number of steps that is divided by the 7 steps between two rows, got 10000", message);
        String memory = assertThrows(
                        IllegalArgumentException.class,
                        () -> new TrajectoryZoo(
                                task,
                                NetworkName.parse("conv-16-32-32").forImages(task.imageShape(), 10),
                                settings(recipe, 8, 4)))
                .getMessage();
        assertTrue(memory.contains("8 runs side by side with 2501 rows of 14378 parameters"), memory);
    }

    private static TrajectoryZoo.Settings settings(TrainingRecipe recipe, int sideBySide, long every) {
        return new TrajectoryZoo.Settings(recipe, 10, every, sideBySide, 100, 0.1, 0.1, new Seed(0), Map.of());
    }

    @Test
    void forecastsAreComparedWithWhatCame() throws IOException {
        try (Zoo zoo = Zoo.open(written("zoo", zoo(0, 2)))) {
            ForecastEvaluation.Settings settings =
                    new ForecastEvaluation.Settings(Split.TEST, 3, 1, List.of(1, 2), 2, 100);
            ForecastEvaluation evaluation = new ForecastEvaluation(zoo, task, settings);
            List<ForecastEvaluation.Result> results = evaluation.evaluate(
                    manager, List.of(forecaster(StateCombination.LAST), forecaster(StateCombination.LINEAR)));
            List<ForecastEvaluation.Result> last = results.subList(0, 2);
            assertEquals(1, last.get(0).error(), 1e-12);
            assertEquals(2, last.get(0).windows());
            int run = zoo.rows(Split.TEST)[0]; // windows begin at its rows 0 and 2
            assertEquals(
                    (zoo.metric("test_loss", run + 2) + zoo.metric("test_loss", run + 4)) / 2,
                    last.get(1).loss(),
                    1e-9);
            assertEquals(
                    (zoo.metric("test_loss", run + 4) + zoo.metric("test_loss", run + 6)) / 2,
                    last.get(1).trueLoss(),
                    1e-9);
            ForecastEvaluation.Result linear = results.get(2);
            assertTrue(linear.error() < 0.9, "early training goes on as it went: " + linear);
            assertTrue(linear.loss() < last.get(0).loss(), linear.toString());
            assertEquals(2, linear.closest() + last.get(0).closest());
            assertEquals(2, linear.lowestLoss() + last.get(0).lowestLoss());

            ForecastEvaluation.Forecaster lost = new ForecastEvaluation.Forecaster() {
                @Override
                public String name() {
                    return "lost";
                }

                @Override
                public float[] forecast(List<float[]> states, int horizon) {
                    float[] row = new float[states.get(0).length];
                    Arrays.fill(row, Float.NaN);
                    return row;
                }
            };
            List<ForecastEvaluation.Result> withLost =
                    evaluation.evaluate(manager, List.of(forecaster(StateCombination.LAST), lost));
            assertEquals(2, withLost.get(0).closest(), "one forecast without a number takes no win from others");
            assertEquals(0, withLost.get(2).closest());
        }
    }

    private static ForecastEvaluation.Forecaster forecaster(StateCombination combination) {
        return new ForecastEvaluation.Forecaster() {
            @Override
            public String name() {
                return combination.label();
            }

            @Override
            public float[] forecast(List<float[]> states, int horizon) {
                return combination.forecast(states, horizon);
            }
        };
    }

    @Test
    void saysIfNoRunIsLongEnough() throws IOException {
        try (Zoo zoo = Zoo.open(written("zoo", zoo(0, 5)))) {
            String message = assertThrows(
                            IllegalArgumentException.class,
                            () -> new ForecastEvaluation(
                                    zoo, task, new ForecastEvaluation.Settings(Split.VAL, 5, 1, List.of(3), 1, 10)))
                    .getMessage();
            assertEquals(
                    "no run of the split val has the 8 rows that 5 states 1 rows apart and the horizon 3 need",
                    message);
        }
    }
}
