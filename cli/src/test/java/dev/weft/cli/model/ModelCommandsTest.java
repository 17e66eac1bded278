package dev.weft.cli.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.checkpoints.format.SafetensorsWriter;
import dev.weft.cli.Execution;
import dev.weft.cli.SmallZoo;
import dev.weft.cli.exit.Interruption;
import dev.weft.network.Architecture;
import dev.weft.network.ParameterTensor;
import dev.weft.network.Seed;
import dev.weft.network.Siren;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sun.misc.Signal;

/** {@code weft train}, {@code evaluate} and {@code predict} on a zoo whose classes are easy to tell. */
class ModelCommandsTest {

    /** Epochs enough for a signal to arrive before the last. */
    private static final String MANY = "250";

    @TempDir
    private Path temporary;

    private Path zoo;
    private Path run;

    @BeforeEach
    void writeTheZoo() throws IOException {
        zoo = LabelledZoo.write(temporary.resolve("zoo"), new Seed(1));
        run = temporary.resolve("run");
    }

    private Execution train(String... more) {
        List<String> args = new ArrayList<>(List.of("train", zoo.toString(), "--out", run.toString(), "--no-progress"));
        args.addAll(List.of(more));
        return Execution.of(args.toArray(String[]::new));
    }

    /** Trains a small MLP, which learns the classes in a second. */
    private Execution trainMlp(String... more) {
        List<String> args = new ArrayList<>(List.of("--model", "mlp", "--set", "training.epochs=25"));
        args.addAll(List.of("--set", "model.hidden=16", "--set", "model.layers=1", "--set", "model.dropout=0"));
        args.addAll(List.of("--set", "training.learningRate=2e-2", "--set", "training.batchSize=8"));
        args.addAll(List.of("--set", "training.warmupSteps=0"));
        args.addAll(List.of(more));
        return train(args.toArray(String[]::new));
    }

    private static JsonNode json(Execution execution) throws IOException {
        assertEquals(0, execution.exitCode(), execution.err());
        return JsonMapper.builder().build().readTree(execution.out());
    }

    private static List<String> keys(JsonNode object) {
        List<String> keys = new ArrayList<>();
        object.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    private static void matches(String pattern, String found) {
        assertTrue(Pattern.matches(pattern, found), found);
    }

    private Path network(String name, Architecture architecture, float[] row, double w0) throws IOException {
        SafetensorsWriter writer =
                new SafetensorsWriter().metadata("w0", Double.toString(w0)).metadata("offset", "0.5");
        for (ParameterTensor tensor : architecture.parameters()) {
            writer.add(
                    tensor.name(),
                    tensor.shape().stream().map(Integer::longValue).toList(),
                    Arrays.copyOfRange(row, (int) tensor.offset(), (int) tensor.end()));
        }
        Path file = temporary.resolve(name);
        writer.write(file);
        return file;
    }

    @Test
    void trainEvaluateAndPredictAgree() throws IOException {
        JsonNode trained = json(trainMlp("--json", "--seed", "7"));
        assertEquals(
                List.of("run", "model", "epochs", "best_epoch", "validation_accuracy", "seconds_per_epoch", "test"),
                keys(trained));
        assertEquals("mlp", trained.get("model").asText());
        assertEquals(25, trained.get("epochs").asInt());
        JsonNode test = trained.get("test");
        assertEquals(
                List.of("run", "zoo", "split", "networks", "metrics", "classes", "confusion", "parameters"),
                keys(test));
        assertTrue(test.at("/metrics/accuracy").asDouble() > 0.9, test.toString());
        assertEquals(20, test.get("networks").asInt());
        assertEquals(17 * 16 + 16 + 16 * 3 + 3, test.get("parameters").asInt());

        JsonNode evaluated = json(Execution.of("evaluate", run.toString(), zoo.toString(), "--json"));
        assertEquals(test, evaluated);

        List<String> args = new ArrayList<>(List.of("predict", run.toString(), "--json"));
        for (int label = 0; label < 3; label++) {
            float[] row = LabelledZoo.parameters(label, new Seed(50 + label));
            args.add(network("net-" + label + ".safetensors", LabelledZoo.SIREN, row, 30)
                    .toString());
        }
        JsonNode predicted = json(Execution.of(args.toArray(String[]::new)));
        assertEquals(List.of("run", "predictions"), keys(predicted));
        List<String> answers = predicted.get("predictions").findValuesAsText("answer");
        assertEquals(List.of("low", "middle", "high"), answers);
        JsonNode first = predicted.at("/predictions/0");
        assertEquals(List.of("file", "answer", "probability", "probabilities"), keys(first));
        assertEquals("low", keys(first.get("probabilities")).get(0));
        assertEquals(first.get("probability"), first.at("/probabilities/low"));
        double sum = 0;
        for (JsonNode probability : first.get("probabilities")) {
            sum += probability.asDouble();
        }
        assertEquals(1, sum, 1e-9);
    }

    @Test
    void peopleAreToldTheSame() throws IOException {
        Execution trained = trainMlp();
        assertEquals(0, trained.exitCode(), trained.err());
        assertEquals("", trained.err());
        matches(
                "mlp: test accuracy \\d+\\.\\d\\d % on 20 networks \\(best of 25 epochs: \\d+, "
                        + "validation \\d+\\.\\d\\d %\\), 339 parameters, \\d\\.\\d\\d s an epoch\n"
                        + "The run is in .*run\n",
                trained.out());
        String evaluated = Execution.of("evaluate", run.toString(), zoo.toString(), "--split", "val")
                .out();
        matches(
                "(?s).*run on 20 networks of signs \\(val\\): accuracy \\d+\\.\\d\\d %, loss \\d\\.\\d{4}\n\n"
                        + ".*class .*networks .*right .*accuracy.*low .*7 .*middle .*7 .*high .*6 .*",
                evaluated);
        Path file = network("a.safetensors", LabelledZoo.SIREN, LabelledZoo.parameters(2, new Seed(9)), 30);
        matches(
                "(?s)file .*class .*probability.*a\\.safetensors .*high .*[01]\\.\\d\\d\\d.*",
                Execution.of("predict", run.toString(), file.toString()).out());
        JsonNode config =
                JsonMapper.builder().build().readTree(run.resolve("config.json").toFile());
        matches(
                "weft train \\S+zoo --out \\S+run --no-progress --model mlp --set .*",
                config.at("/provenance/command").asText());
        String card = Files.readString(run.resolve("card.md"));
        assertTrue(card.contains("# mlp for inr-classification") && card.contains("low, middle, high"), card);
        assertTrue(card.contains("Accuracy ") && card.contains("on 20 networks of the test split"), card);
    }

    @ParameterizedTest
    @CsvSource({
        "statnn, model.hidden=8, model.layers=1",
        "probegen, model.probes=4, model.hidden=8",
        "ng-gnn, model.hidden=4, model.layers=2",
    })
    void everyModelTrains(String model, String first, String second) throws IOException {
        JsonNode trained = json(train("--model", model, "--epochs", "1", "--set", first, "--set", second, "--json"));
        assertEquals(model, trained.get("model").asText());
        assertTrue(Files.exists(run.resolve("model.safetensors")));
        assertFalse(Files.exists(run.resolve("state.safetensors")));
    }

    @Test
    void theSeedDecidesTheModel() throws IOException {
        trainMlp("--epochs", "1", "--seed", "3");
        byte[] first = Files.readAllBytes(run.resolve("model.safetensors"));
        run = temporary.resolve("again");
        trainMlp("--epochs", "1", "--seed", "3");
        assertArrayEquals(first, Files.readAllBytes(run.resolve("model.safetensors")));
        run = temporary.resolve("other");
        trainMlp("--epochs", "1", "--seed", "4");
        assertFalse(Arrays.equals(first, Files.readAllBytes(run.resolve("model.safetensors"))));
    }

    @Test
    void anUnknownSettingNamesTheNearest() {
        assertEquals(
                new Execution(
                        2,
                        "",
                        "weft train: --set training.epoch=4: unknown key 'training.epoch'; did you mean 'epochs'? Known:"
                                + " epochs, batchSize, microBatchSize, learningRate, weightDecay, amsgrad, warmupSteps,"
                                + " schedule, clipNorm, patience\n"),
                train("--set", "training.epoch=4"));
        assertFalse(Files.exists(run));
    }

    @Test
    void valuesOutOfRangeAreRefusedBeforeAnythingIsWritten() {
        assertEquals(
                new Execution(2, "", "weft train: ng-gnn: hidden: expected 1 to 16384, got 1000000000\n"),
                train("--set", "model.hidden=1000000000"));
        assertEquals(
                new Execution(2, "", "weft train: training: epochs: expected at least 1, got 0\n"),
                train("--epochs", "0"));
        assertFalse(Files.exists(run));
    }

    @Test
    void aHypernetworkIsNotTrainedOnAGpu() {
        assertEquals(
                new Execution(2, "", "weft train: --device is not for ghn, which trains on the CPU\n"),
                train("--task", "ghn", "--device", "gpu"));
    }

    @Test
    void anUnknownModelIsRefused() {
        assertEquals(
                new Execution(2, "", "weft train: no model 'gnn'; there are [mlp, statnn, probegen, ng-gnn]\n"),
                train("--model", "gnn"));
    }

    @Test
    void aMissingZooIsNotFound() {
        Path nowhere = temporary.resolve("nowhere");
        Execution missing = Execution.of("train", nowhere.toString(), "--out", run.toString());
        assertEquals(4, missing.exitCode());
        assertTrue(missing.err().startsWith("weft train: " + nowhere), missing.err());
    }

    @Test
    void aMissingRunIsNotFound() {
        String message = ": " + run.resolve("config.json") + ": no run there\n";
        assertEquals(
                new Execution(4, "", "weft evaluate" + message),
                Execution.of("evaluate", run.toString(), zoo.toString()));
        assertEquals(
                new Execution(4, "", "weft predict" + message),
                Execution.of("predict", run.toString(), "a.safetensors"));
    }

    @Test
    void aRunThatIsThereIsNotOverwrittenButMayBeResumed() throws IOException {
        JsonNode first = json(trainMlp("--json"));
        byte[] model = Files.readAllBytes(run.resolve("model.safetensors"));
        assertEquals(
                new Execution(2, "", "weft train: " + run + " has a run already; resume it or choose another folder\n"),
                trainMlp());
        assertEquals(first, json(trainMlp("--json", "--resume")), "a finished run reports again");
        assertArrayEquals(model, Files.readAllBytes(run.resolve("model.safetensors")));
    }

    @Test
    void anInterruptedRunGoesOnToTheSameModel() throws IOException {
        assertEquals(0, trainMlp("--epochs", MANY).exitCode());
        byte[] expected = Files.readAllBytes(run.resolve("model.safetensors"));
        run = temporary.resolve("interrupted");
        Execution stopped;
        try (Interruption outer = Interruption.watch()) {
            assertFalse(outer.getAsBoolean());
            Thread killer = new Thread(() -> {
                while (!Files.exists(run.resolve("state.safetensors"))) {
                    Thread.onSpinWait();
                }
                Signal.raise(new Signal("INT"));
            });
            killer.start();
            stopped = trainMlp("--epochs", MANY);
        }
        assertEquals(5, stopped.exitCode(), stopped.err());
        matches(
                "weft train: interrupted; \\d+ of " + MANY + " epochs are kept; to go on, "
                        + "run the same command with --resume\n",
                stopped.err());
        assertEquals(0, trainMlp("--epochs", MANY, "--resume").exitCode());
        assertArrayEquals(expected, Files.readAllBytes(run.resolve("model.safetensors")));
    }

    @Test
    void aRunIsResumedWithItsZooOnly() throws IOException {
        trainMlp();
        zoo = LabelledZoo.write(temporary.resolve("other-zoo"), new Seed(2));
        Execution other = trainMlp("--resume");
        assertEquals(2, other.exitCode());
        matches(
                "weft train: \\S+run was begun with another zoo: digest [0-9a-f]{64}, "
                        + "but \\S+other-zoo has [0-9a-f]{64}\n",
                other.err());
    }

    @Test
    void networksOfAnotherArchitectureAreRefused() throws IOException {
        trainMlp("--epochs", "1");
        Architecture wide = Siren.of(List.of(2, 5, 1), 30, 0.5);
        Path file = network("wide.safetensors", wide, new float[21], 30);
        assertEquals(
                new Execution(
                        3,
                        "",
                        "weft predict: " + file + ": the run reads siren 2-4-1 (w0 30.0, offset 0.5),"
                                + " found siren 2-5-1 (w0 30.0, offset 0.5)\n"),
                Execution.of("predict", run.toString(), file.toString()));
        Path slow = network("slow.safetensors", LabelledZoo.SIREN, new float[17], 20);
        assertEquals(
                new Execution(
                        3,
                        "",
                        "weft predict: " + slow + ": the run reads siren 2-4-1 (w0 30.0, offset 0.5),"
                                + " found siren 2-4-1 (w0 20.0, offset 0.5)\n"),
                Execution.of("predict", run.toString(), slow.toString()));
    }

    @Test
    void aTruncatedNetworkIsABadFile() throws IOException {
        trainMlp("--epochs", "1");
        Path file = network("cut.safetensors", LabelledZoo.SIREN, new float[17], 30);
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 10));
        Execution cut = Execution.of("predict", run.toString(), file.toString());
        assertEquals(3, cut.exitCode());
        assertTrue(cut.err().startsWith("weft predict: " + file + ": "), cut.err());
        Path nowhere = temporary.resolve("nowhere.safetensors");
        assertEquals(
                new Execution(4, "", "weft predict: " + nowhere + ": no such file or directory\n"),
                Execution.of("predict", run.toString(), nowhere.toString()));
    }

    @Test
    void aZooOfAnotherArchitectureCannotBeEvaluated() throws IOException {
        trainMlp("--epochs", "1");
        Path other = SmallZoo.write(temporary.resolve("small"));
        Execution refused = Execution.of("evaluate", run.toString(), other.toString());
        assertEquals(2, refused.exitCode());
        matches(
                "weft evaluate: the run reads siren 2-4-1, but the zoo has siren 2-3-1 "
                        + "\\(fingerprints [0-9a-f]{12} and [0-9a-f]{12}\\)\n",
                refused.err());
    }

    @Test
    void aZooWithoutLabelsCannotBeLearnt() throws IOException {
        zoo = SmallZoo.write(temporary.resolve("small"));
        assertEquals(new Execution(2, "", "weft train: row 4: label -1 is outside [0, 2)\n"), train("--model", "mlp"));
    }
}
