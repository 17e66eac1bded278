package dev.weft.metanets.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.checkpoints.format.Safetensors;
import dev.weft.metanets.model.FlatMlp;
import dev.weft.metanets.model.ProbeGen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {

    @TempDir
    private Path temporary;

    private static byte[] model(Path folder) throws IOException {
        return Files.readAllBytes(folder.resolve(RunDirectory.MODEL));
    }

    private static List<JsonNode> metricsWithoutSeconds(Path folder) throws IOException {
        List<JsonNode> metrics = RunDirectory.open(folder).metrics();
        metrics.forEach(line -> assertTrue(((ObjectNode) line).remove("seconds").isNumber()));
        return metrics;
    }

    private static RunConfig mlp(TrainingConfig training) {
        return TinyRuns.config(TinyRuns.MLP, training, 1);
    }

    @Test
    void learnsTheSignOfTheOutputAtTheOrigin() throws IOException {
        ProbeGen.Config probeGen = new ProbeGen.Config(4, 4, 16, 1, 0);
        Trainer.Outcome outcome = TinyRuns.train(temporary, TinyRuns.config(probeGen, TinyRuns.training(20, 8, 8), 1));
        assertTrue(outcome.finished());
        assertEquals(20, outcome.epochs());
        assertTrue(outcome.bestScore() > 0.9, outcome.toString());
        List<JsonNode> metrics = RunDirectory.open(temporary).metrics();
        assertTrue(metrics.get(19).get("train_loss").asDouble()
                < 0.5 * metrics.get(0).get("train_loss").asDouble());
    }

    @Test
    void gradientsOfMicroBatchesAddUpToTheBatch() throws IOException {
        FlatMlp.Config config = new FlatMlp.Config(8, 1, 0);
        List<Path> folders = new ArrayList<>();
        for (int microBatch : new int[] {8, 3, 1}) {
            Path folder = temporary.resolve("micro-" + microBatch);
            RunDirectory run =
                    RunDirectory.create(folder, TinyRuns.config(config, TinyRuns.training(1, 8, microBatch), 1));
            new Trainer(run, TinyRuns.task(), TinyRuns.rows(), TinyRuns.rows(), TinyRuns.TRAINING, TinyRuns.VALIDATION)
                    .train(new TinyRuns.Silent(), () -> false);
            folders.add(folder.resolve(RunDirectory.MODEL));
        }
        try (Safetensors whole = Safetensors.open(folders.get(0));
                Safetensors uneven = Safetensors.open(folders.get(1));
                Safetensors single = Safetensors.open(folders.get(2))) {
            for (String name : whole.tensors().keySet()) {
                assertArrayEquals(whole.floats(name), uneven.floats(name), 1e-5f, name);
                assertArrayEquals(whole.floats(name), single.floats(name), 1e-5f, name);
            }
        }
    }

    @Test
    void theSeedDecidesEveryByte() throws IOException {
        List<byte[]> models = new ArrayList<>();
        List<List<JsonNode>> metrics = new ArrayList<>();
        for (long seed : new long[] {1, 1, 2}) {
            Path folder = temporary.resolve("run-" + models.size());
            TinyRuns.train(folder, TinyRuns.config(TinyRuns.MLP, TinyRuns.training(2, 16, 8), seed));
            models.add(model(folder));
            metrics.add(metricsWithoutSeconds(folder));
        }
        assertArrayEquals(models.get(0), models.get(1));
        assertEquals(metrics.get(0), metrics.get(1));
        assertFalse(Arrays.equals(models.get(0), models.get(2)));
        assertNotEquals(
                metrics.get(0).get(0).get("train_loss"), metrics.get(2).get(0).get("train_loss"));
    }

    /** 15 batches an epoch: stopped in the first, at the end of the second, in the third, and again in the third. */
    @Test
    void anInterruptedRunEndsLikeAnUndisturbedOne() throws IOException {
        RunConfig config = mlp(TinyRuns.training(5, 16, 8));
        Path undisturbed = temporary.resolve("undisturbed");
        Path disturbed = temporary.resolve("disturbed");
        Trainer.Outcome expected = TinyRuns.train(undisturbed, config);
        RunDirectory.create(disturbed, config);
        int[][] stops = {{4, 0}, {30, 1}, {20, 2}, {3, 2}};
        for (int[] stop : stops) {
            Trainer.Outcome outcome = TinyRuns.trainer(RunDirectory.open(disturbed), TinyRuns.task())
                    .train(new TinyRuns.Silent(), TinyRuns.interruptionAt(stop[0]));
            assertFalse(outcome.finished());
            assertEquals(stop[1], outcome.epochs());
            assertFalse(RunDirectory.open(disturbed).finished());
        }
        Trainer.Outcome found = TinyRuns.trainer(RunDirectory.open(disturbed), TinyRuns.task())
                .train(new TinyRuns.Silent(), () -> false);
        assertTrue(RunDirectory.open(disturbed).finished());
        assertEquals(expected.bestEpoch(), found.bestEpoch());
        assertEquals(expected.bestScore(), found.bestScore());
        assertArrayEquals(model(undisturbed), model(disturbed));
        assertEquals(metricsWithoutSeconds(undisturbed), metricsWithoutSeconds(disturbed));
        assertEquals(files(undisturbed), files(disturbed));
    }

    private static Set<String> files(Path folder) {
        return new HashSet<>(List.of(Objects.requireNonNull(folder.toFile().list())));
    }

    /** What is left if the process dies behind the first model and half a line of metrics, before the state. */
    @Test
    void aRunKilledBetweenTwoFilesIsNotTakenForFinished() throws IOException {
        RunConfig config = mlp(TinyRuns.training(2, 16, 8));
        Path undisturbed = temporary.resolve("undisturbed");
        Path killed = temporary.resolve("killed");
        TinyRuns.train(undisturbed, config);
        RunDirectory run = RunDirectory.create(killed, config);
        TinyRuns.trainer(run, TinyRuns.task()).train(new TinyRuns.Silent(), TinyRuns.interruptionAt(2));
        Files.write(killed.resolve(RunDirectory.MODEL), new byte[3]);
        Files.writeString(killed.resolve(RunDirectory.METRICS), "{\"epoch\":1}\n{\"epo", StandardOpenOption.CREATE);
        assertFalse(run.finished());
        assertEquals(1, run.metrics().size());
        TinyRuns.trainer(RunDirectory.open(killed), TinyRuns.task()).train(new TinyRuns.Silent(), () -> false);
        assertArrayEquals(model(undisturbed), model(killed));
        assertEquals(metricsWithoutSeconds(undisturbed), metricsWithoutSeconds(killed));
    }

    @Test
    void keepsTheBestEpochAndNotTheLast() throws IOException {
        Path four = temporary.resolve("four");
        Path two = temporary.resolve("two");
        Trainer.Outcome outcome = TinyRuns.trainer(
                        RunDirectory.create(four, mlp(TinyRuns.training(4, 16, 16))),
                        new ScriptedTask(true, 0.1, 0.5, 0.5, 0.2))
                .train(new TinyRuns.Silent(), () -> false);
        assertEquals(4, outcome.epochs());
        assertEquals(2, outcome.bestEpoch());
        assertEquals(0.5, outcome.bestScore());
        TinyRuns.trainer(RunDirectory.create(two, mlp(TinyRuns.training(2, 16, 16))), new ScriptedTask(true, 0.1, 0.2))
                .train(new TinyRuns.Silent(), () -> false);
        assertArrayEquals(model(two), model(four));
    }

    @Test
    void lessMayBeBetter() throws IOException {
        Trainer.Outcome outcome = TinyRuns.trainer(
                        RunDirectory.create(temporary, mlp(TinyRuns.training(3, 64, 64))),
                        new ScriptedTask(false, 0.5, 0.1, 0.4))
                .train(new TinyRuns.Silent(), () -> false);
        assertEquals(2, outcome.bestEpoch());
        assertEquals(0.1, outcome.bestScore());
    }

    @Test
    void runsOutOfPatience() throws IOException {
        TrainingConfig patient = new TrainingConfig(9, 64, 64, 1e-3, 0, false, 0, TrainingConfig.Schedule.COSINE, 0, 2);
        Trainer.Outcome outcome = TinyRuns.trainer(
                        RunDirectory.create(temporary, mlp(patient)),
                        new ScriptedTask(true, 0.1, 0.3, 0.3, 0.2, 0.9, 0.9, 0.9, 0.9, 0.9))
                .train(new TinyRuns.Silent(), () -> false);
        assertTrue(outcome.finished());
        assertEquals(4, outcome.epochs());
        assertEquals(2, outcome.bestEpoch());
        assertTrue(RunDirectory.open(temporary).finished());
    }

    @Test
    void aLossThatIsNoNumberIsSaidClearly() throws IOException {
        RunDirectory run = RunDirectory.create(temporary, mlp(TinyRuns.training(2, 16, 16)));
        RowSource broken = (manager, rows, seed) ->
                TinyRuns.rows().rows(manager, rows, seed).mul(Float.NaN);
        Trainer trainer =
                new Trainer(run, TinyRuns.task(), broken, TinyRuns.rows(), TinyRuns.TRAINING, TinyRuns.VALIDATION);
        String message = assertThrows(
                        IllegalStateException.class, () -> trainer.train(new TinyRuns.Silent(), () -> false))
                .getMessage();
        assertEquals("the training loss is NaN at step 0; try a lower learning rate or a longer warm-up", message);
    }

    @Test
    void refusesToTrainOnNothing() throws IOException {
        RunDirectory run = RunDirectory.create(temporary, mlp(TinyRuns.training(2, 16, 16)));
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> new Trainer(
                                run, TinyRuns.task(), TinyRuns.rows(), TinyRuns.rows(), new int[2], new int[0]))
                .getMessage();
        assertEquals("expected training and validation rows, got 2 and 0", message);
    }

    @Test
    void refusesToTrainAFinishedRun() throws IOException {
        RunConfig config = mlp(TinyRuns.training(1, 64, 64));
        TinyRuns.train(temporary, config);
        Trainer again = TinyRuns.trainer(RunDirectory.open(temporary), TinyRuns.task());
        byte[] before = model(temporary);
        String message = assertThrows(
                        IllegalStateException.class, () -> again.train(new TinyRuns.Silent(), () -> false))
                .getMessage();
        assertEquals(temporary + ": this run is finished", message);
        assertArrayEquals(before, model(temporary));
    }

    /** Which rows and seeds the loop asks for. */
    @Test
    void everyEpochSeesEachTrainingRowOnceInAnotherOrder() throws IOException {
        List<Integer> trained = new ArrayList<>();
        List<Integer> scored = new ArrayList<>();
        Set<Long> seeds = new HashSet<>();
        RowSource training = (manager, rows, seed) -> {
            Arrays.stream(rows).forEach(trained::add);
            seeds.add(seed.value());
            return TinyRuns.rows().rows(manager, rows, seed);
        };
        RowSource plain = (manager, rows, seed) -> {
            Arrays.stream(rows).forEach(scored::add);
            return TinyRuns.rows().rows(manager, rows, seed);
        };
        int[] trainingRows = Arrays.copyOfRange(TinyRuns.TRAINING, 0, 21);
        RunDirectory run = RunDirectory.create(temporary, mlp(TinyRuns.training(2, 8, 3)));
        new Trainer(run, TinyRuns.task(), training, plain, trainingRows, TinyRuns.VALIDATION)
                .train(new TinyRuns.Silent(), () -> false);
        List<Integer> first = trained.subList(0, 21);
        List<Integer> second = trained.subList(21, 42);
        List<Integer> all = Arrays.stream(trainingRows).boxed().toList();
        assertEquals(all, first.stream().sorted().toList());
        assertEquals(all, second.stream().sorted().toList());
        assertNotEquals(first, second);
        assertNotEquals(all, first);
        assertEquals(2 * 8, seeds.size(), "batches of 8, 8 and 5 in micro-batches of 3: a seed for each");
        List<Integer> validation = Arrays.stream(TinyRuns.VALIDATION).boxed().toList();
        assertEquals(validation, scored.subList(0, validation.size()));
        assertEquals(2 * validation.size(), scored.size());
    }

    @Test
    void theSeedDecidesOrderAndNoise() throws IOException {
        List<List<Integer>> orders = new ArrayList<>();
        List<List<Long>> noises = new ArrayList<>();
        for (long seed : new long[] {1, 1, 2}) {
            List<Integer> order = new ArrayList<>();
            List<Long> noise = new ArrayList<>();
            RowSource training = (manager, rows, rowSeed) -> {
                Arrays.stream(rows).forEach(order::add);
                noise.add(rowSeed.value());
                return TinyRuns.rows().rows(manager, rows, rowSeed);
            };
            RunDirectory run = RunDirectory.create(
                    temporary.resolve("run-" + orders.size()),
                    TinyRuns.config(TinyRuns.MLP, TinyRuns.training(1, 16, 16), seed));
            new Trainer(run, TinyRuns.task(), training, TinyRuns.rows(), TinyRuns.TRAINING, TinyRuns.VALIDATION)
                    .train(new TinyRuns.Silent(), () -> false);
            orders.add(order);
            noises.add(noise);
        }
        assertEquals(orders.get(0), orders.get(1));
        assertEquals(noises.get(0), noises.get(1));
        assertNotEquals(orders.get(0), orders.get(2));
        assertNotEquals(noises.get(0).get(0), noises.get(2).get(0));
    }

    @Test
    void theListenerHearsOfEveryBatchAndEpoch() throws IOException {
        List<String> heard = new ArrayList<>();
        Trainer.Listener listener = new Trainer.Listener() {
            @Override
            public void advanced(int epoch, int rowsDone, int rows) {
                heard.add(epoch + ": " + rowsDone + "/" + rows);
            }

            @Override
            public void epochDone(Trainer.Epoch epoch) {
                assertTrue(epoch.gradientNorm() > 0 && epoch.trainingLoss() > 0 && epoch.learningRate() > 0);
                heard.add(epoch.epoch() + " of " + epoch.epochs() + " " + epoch.best() + " " + epoch.validation());
            }
        };
        RunDirectory run = RunDirectory.create(temporary, mlp(TinyRuns.training(2, 100, 64)));
        TinyRuns.trainer(run, new ScriptedTask(true, 0.5, 0.25)).train(listener, () -> false);
        assertEquals(
                List.of(
                        "1: 100/240",
                        "1: 200/240",
                        "1: 240/240",
                        "1 of 2 true {figure=0.5}",
                        "2: 100/240",
                        "2: 200/240",
                        "2: 240/240",
                        "2 of 2 false {figure=0.25}"),
                heard);
        assertEquals(0.25, run.metrics().get(1).get("val_figure").asDouble());
    }

    @Test
    void nativeMemoryDoesNotGrowOverEpochs() throws IOException {
        List<Integer> arrays = new ArrayList<>();
        NDManager[] owner = new NDManager[1];
        RowSource source = (manager, rows, seed) -> {
            owner[0] = manager.getParentManager();
            return TinyRuns.noisyRows().rows(manager, rows, seed);
        };
        Trainer.Listener listener = new TinyRuns.Silent() {
            @Override
            public void epochDone(Trainer.Epoch epoch) {
                arrays.add(owner[0].getManagedArrays().size());
            }
        };
        RunDirectory run = RunDirectory.create(
                temporary, TinyRuns.config(new ProbeGen.Config(3, 2, 4, 1, 0.1), TinyRuns.training(4, 32, 16), 1));
        new Trainer(run, TinyRuns.task(), source, TinyRuns.rows(), TinyRuns.TRAINING, TinyRuns.VALIDATION)
                .train(listener, () -> false);
        assertEquals(4, arrays.size());
        assertEquals(Set.of(arrays.get(0)), new HashSet<>(arrays), "live arrays behind each epoch: " + arrays);
        assertFalse(owner[0].isOpen(), "training closes its manager");
    }
}
