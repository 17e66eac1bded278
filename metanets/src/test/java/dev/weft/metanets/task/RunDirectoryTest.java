package dev.weft.metanets.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.weft.checkpoints.format.Safetensors;
import dev.weft.checkpoints.format.SafetensorsWriter;
import dev.weft.metanets.model.FlatMlp;
import dev.weft.metanets.model.Metanet;
import dev.weft.metanets.model.MetanetConfig;
import dev.weft.metanets.model.NgGnn;
import dev.weft.metanets.model.ProbeGen;
import dev.weft.metanets.model.StatNn;
import dev.weft.metanets.nn.NodeNorm;
import dev.weft.network.FormatException;
import dev.weft.network.Seed;
import dev.weft.testing.Mutations;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RunDirectoryTest {

    private static final MetanetConfig TINY = new FlatMlp.Config(2, 1, 0);

    @TempDir
    private Path temporary;

    private Path folder;

    @BeforeEach
    void nameTheFolder() {
        folder = temporary.resolve("run");
    }

    static Stream<MetanetConfig> models() {
        return Stream.of(
                TINY,
                new StatNn.Config(4, 2, 0.1),
                new ProbeGen.Config(3, 2, 4, 1, 0),
                new NgGnn.Config(4, 2, 2, 0.3, true, 2, NodeNorm.Over.NODE, true, 1, 0.1),
                new NgGnn.Config(4, 1, 0, 1, false, 0, NodeNorm.Over.BATCH, false, 1, 0));
    }

    private static RunConfig config(MetanetConfig model) {
        return TinyRuns.config(model, TinyRuns.training(1, 64, 64), 1);
    }

    private static float[][] outputs(RunDirectory run) throws IOException {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            return new Evaluator(run.load(manager), manager, 2).outputs(TinyRuns.rows(), new int[] {0, 1, 2, 3, 4});
        }
    }

    /** Writes a run whose model has its first values. */
    private RunDirectory written(MetanetConfig model) throws IOException {
        RunDirectory run = RunDirectory.create(folder, config(model));
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            Metanet metanet = run.config().build();
            metanet.initialize(manager, DataType.FLOAT32);
            ModelFile.write(folder.resolve(RunDirectory.MODEL), metanet, ModelFile.values(metanet));
        }
        return run;
    }

    @ParameterizedTest
    @MethodSource("models")
    void whatIsWrittenIsRead(MetanetConfig model) throws IOException {
        RunDirectory run = RunDirectory.create(folder, config(model));
        Trainer.Outcome outcome = TinyRuns.trainer(run, TinyRuns.task()).train(new TinyRuns.Silent(), () -> false);
        RunDirectory opened = RunDirectory.open(folder);
        assertEquals(run.config(), opened.config());
        assertEquals(TinyRuns.SIREN, opened.config().architecture());
        assertTrue(opened.finished());
        float[][] first = outputs(opened);
        float[][] second = outputs(opened);
        for (int i = 0; i < first.length; i++) {
            assertArrayEquals(first[i], second[i]);
        }
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            float[][] validation =
                    new Evaluator(opened.load(manager), manager, 7).outputs(TinyRuns.rows(), TinyRuns.VALIDATION);
            var score = TinyRuns.task().score(validation, TinyRuns.VALIDATION);
            assertEquals(outcome.bestScore(), score.get("accuracy"), 1e-12);
        }
    }

    private static <T extends Throwable> void refused(Class<T> type, String message, Executable reading) {
        assertEquals(message, assertThrows(type, reading).getMessage());
    }

    @Test
    void aFolderHasOneRun() throws IOException {
        RunDirectory.create(folder, config(TINY));
        refused(
                IllegalArgumentException.class,
                folder + " has a run already; resume it or choose another folder",
                () -> RunDirectory.create(folder, config(TINY)));
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        NoSuchFileException none = assertThrows(NoSuchFileException.class, () -> RunDirectory.open(folder));
        assertEquals(
                folder.resolve("config.json") + ": no run there",
                none.getMessage().replace(" -> null", ""));
        RunDirectory run = RunDirectory.create(folder, config(TINY));
        assertFalse(run.finished());
        assertEquals(List.of(), run.metrics());
        NoSuchFileException untrained = assertThrows(NoSuchFileException.class, () -> outputs(run));
        assertEquals("training has not come to a first evaluation", untrained.getReason());
    }

    @Test
    void aModelTooLargeForMemoryIsRefusedBeforeAFolderIsMade() {
        MetanetConfig huge = new FlatMlp.Config(16_000, 3, 0);
        refused(
                IllegalArgumentException.class,
                "mlp for siren 2-4-1 has 512352002 values; at most 268435456 fit",
                () -> RunDirectory.create(folder, config(huge)));
        assertFalse(Files.exists(folder));
    }

    private void damagedConfig(String message, String expected, String replacement) throws IOException {
        Path file = folder.resolve(RunDirectory.CONFIG);
        if (!Files.exists(file)) {
            RunDirectory.create(folder, config(TINY));
        }
        String valid = Files.readString(file);
        String damaged = valid.replaceFirst(expected, replacement);
        assertFalse(valid.equals(damaged), expected);
        Files.writeString(file, damaged);
        String found = assertThrows(FormatException.class, () -> RunDirectory.open(folder))
                .getMessage();
        Files.writeString(file, valid);
        assertTrue(found.startsWith(file + ": " + message), found);
    }

    @Test
    void damagedConfigsSayWhatIsWrong() throws IOException {
        damagedConfig("expected format 'weft-run', found 'weft-zoo'", "weft-run", "weft-zoo");
        damagedConfig(
                "format version 2 is too new; this release reads up to version 1",
                "\"version\" : 1",
                "\"version\" : 2");
        damagedConfig(
                "format version 0 is too old; this release reads from version 1", "\"version\" : 1", "\"version\" : 0");
        damagedConfig("expected a version number, found \"1\"", "\"version\" : 1", "\"version\" : \"1\"");
        damagedConfig(
                "model: mlp: hidden: expected 1 to 16384, got 1000000000", "\"hidden\" : 2", "\"hidden\" : 1000000000");
        damagedConfig("model.layers: Numeric value (2147483648)", "\"layers\" : 1", "\"layers\" : 2147483648");
        damagedConfig(
                "target: architecture: format version 7 is too new",
                "(\"weft-architecture\",\\s*\"version\" : )1",
                "$17");
        damagedConfig(
                "normalization: expected 4 tensors, found 3", "0.0, 0.0, 0.0, 0.0(.*\\s*.*)1.0,", "0.0, 0.0, 0.0$1");
        damagedConfig("training: training: epochs: expected at least 1, got -1", "\"epochs\" : 1", "\"epochs\" : -1");
        damagedConfig("provenance.seed: ", "\"seed\" : 1", "\"seed\" : null");
        damagedConfig("no JSON: ", "\\{", "");
    }

    @Test
    void damagedConfigsAreRefusedAndNothingElse() throws IOException {
        RunDirectory run = written(TINY);
        byte[] valid = Files.readAllBytes(folder.resolve(RunDirectory.CONFIG));
        Mutations.fuzz(valid, 2_000, new Seed(41), damaged -> {
            Files.write(folder.resolve(RunDirectory.CONFIG), damaged);
            RunDirectory opened = RunDirectory.open(folder);
            opened.augmentation(TinyRuns.NoSettings.class);
            outputs(opened);
        });
        assertEquals(TINY, run.config().model());
    }

    @Test
    void damagedModelsAndStatesAreRefusedAndNothingElse() throws IOException {
        RunDirectory run = written(TINY);
        Path model = folder.resolve(RunDirectory.MODEL);
        Mutations.fuzz(Files.readAllBytes(model), 1_000, new Seed(42), damaged -> {
            Files.write(model, damaged);
            outputs(run);
        });
        RunDirectory begun = RunDirectory.create(temporary.resolve("begun"), config(TINY));
        TinyRuns.trainer(begun, TinyRuns.task()).train(new TinyRuns.Silent(), () -> true);
        Path state = begun.folder().resolve(RunDirectory.STATE);
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            Metanet metanet = begun.config().build();
            metanet.initialize(manager, DataType.FLOAT32);
            AdamW optimizer = new AdamW(manager, metanet.namedParameters().values(), 0, true);
            Mutations.fuzz(Files.readAllBytes(state), 1_000, new Seed(43), damaged -> {
                Files.write(state, damaged);
                TrainingState.read(state, metanet, optimizer);
            });
        }
    }

    private void rewriteModel(String tensor, SafetensorsWriter changed) throws IOException {
        Path file = folder.resolve(RunDirectory.MODEL);
        try (Safetensors valid = Safetensors.open(file)) {
            for (Safetensors.Tensor each : valid.tensors().values()) {
                if (!each.name().equals(tensor)) {
                    changed.add(each.name(), each.shape(), valid.floats(each.name()));
                }
            }
        }
        changed.write(file);
    }

    @Test
    void aMissingTensorIsNamed() throws IOException {
        RunDirectory run = written(TINY);
        rewriteModel("perceptron.1.bias", new SafetensorsWriter());
        refused(
                FormatException.Corrupt.class,
                folder.resolve(RunDirectory.MODEL)
                        + ": expected tensors [perceptron.1.bias], which are not in the file",
                () -> outputs(run));
    }

    @Test
    void aTensorOfAnotherShapeIsNamed() throws IOException {
        RunDirectory run = written(TINY);
        rewriteModel(
                "perceptron.1.weight",
                new SafetensorsWriter().add("perceptron.1.weight", new long[] {2, 3}, new float[6]));
        refused(
                FormatException.Corrupt.class,
                folder.resolve(RunDirectory.MODEL)
                        + ": tensor 'perceptron.1.weight': expected shape [2, 2], found [2, 3]",
                () -> outputs(run));
    }

    @Test
    void valuesThatAreNoNumbersAreNamed() throws IOException {
        RunDirectory run = written(TINY);
        rewriteModel("perceptron.1.bias", new SafetensorsWriter().add("perceptron.1.bias", new long[] {2}, new float[] {
                    0, Float.NaN
                }));
        refused(
                FormatException.Corrupt.class,
                folder.resolve(RunDirectory.MODEL)
                        + ": tensor 'perceptron.1.bias': expected finite values, found NaN at 1",
                () -> outputs(run));
    }

    @Test
    void statesThatContradictThemselvesAreRefused() throws IOException {
        RunDirectory run = RunDirectory.create(folder, config(TINY));
        Trainer trainer = TinyRuns.trainer(run, TinyRuns.task());
        trainer.train(new TinyRuns.Silent(), () -> true);
        Path file = folder.resolve(RunDirectory.STATE);
        byte[] valid = Files.readAllBytes(file);
        String[][] damages = {
            {"\"epoch\":\"0\"", "\"epoch\":\"x\"", "metadata 'epoch': expected a number, found x"},
            {"\"best_epoch\":\"0\"", "\"best_epoch\":\"5\"", "metadata contradicts itself: epoch 0, best epoch 5"},
            {"\"step\"", "\"stop\"", "metadata 'step': expected a number, found (nothing)"},
            {"adam.2", "adam.7", "expected a tensor 'adam.2', found "},
        };
        for (String[] damage : damages) {
            String text = new String(valid, StandardCharsets.ISO_8859_1).replace(damage[0], damage[1]);
            Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));
            String message = assertThrows(FormatException.class, () -> trainer.train(new TinyRuns.Silent(), () -> true))
                    .getMessage();
            assertTrue(message.startsWith(file + ": " + damage[2]), message);
        }
    }

    @Test
    void damagedMetricsAreRefusedByLine() throws IOException {
        RunDirectory run = RunDirectory.create(folder, config(TINY));
        Path file = Files.writeString(folder.resolve(RunDirectory.METRICS), "{\"epoch\":1}\n{\"epoch\"\n");
        String message =
                assertThrows(FormatException.Corrupt.class, run::metrics).getMessage();
        assertTrue(message.startsWith(file + ": line 2: no JSON: "), message);
    }

    /** NG-GNN with two probes, one epoch on the tiny task, written by the first release. */
    @Test
    void aRunOfVersion1GivesTheSameOutputs() throws IOException, URISyntaxException {
        Path old = Path.of(Objects.requireNonNull(RunDirectoryTest.class.getResource("/run-v1"), "run-v1")
                .toURI());
        RunDirectory run = RunDirectory.open(old);
        assertEquals(
                new NgGnn.Config(4, 2, 2, 0.3, true, 2, NodeNorm.Over.NODE, true, 1, 0.1),
                run.config().model());
        assertEquals(List.of("negative", "positive"), run.config().outputNames());
        assertEquals(1, run.metrics().size());
        float[][] expected = {
            {-0.44103104f, 0.34198117f},
            {-0.43292302f, 0.35432926f},
            {-0.43154883f, 0.32337832f},
            {-0.44427648f, 0.38541391f},
            {-0.4488532f, 0.39794445f}
        };
        float[][] found = outputs(run);
        for (int i = 0; i < expected.length; i++) {
            assertArrayEquals(expected[i], found[i], 1e-5f);
        }
    }
}
