package dev.weft.cli.ghn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.checkpoints.format.Safetensors;
import dev.weft.cli.Execution;
import dev.weft.datasets.architecture.ArchitectureFile;
import dev.weft.network.Architecture;
import dev.weft.network.family.Families;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From drawing architectures to a network with predicted parameters, on next to nothing. */
class GhnCommandsTest {

    @TempDir
    private Path folder;

    private Path file;
    private Path run;

    private static JsonNode json(Execution execution) throws IOException {
        assertEquals(0, execution.exitCode(), execution.err());
        return JsonMapper.builder().build().readTree(execution.out());
    }

    private Execution draw() {
        return draw("--train", "3", "--val", "1", "--test", "2");
    }

    private Execution draw(String... counts) {
        file = folder.resolve("a.arrow");
        List<String> args = new ArrayList<>(List.of("zoo", "architectures", "--out", file.toString()));
        args.addAll(List.of("--other", "0", "--no-progress", "--json"));
        args.addAll(List.of(counts));
        return Execution.of(args.toArray(String[]::new));
    }

    private Execution train(String model, String... more) {
        run = folder.resolve("run-" + model);
        List<String> args = new ArrayList<>(List.of("train", file.toString(), "--task", "ghn", "--model", model));
        args.addAll(List.of("--out", run.toString(), "--no-progress", "--json", "--set", "hidden=8"));
        args.addAll(List.of("--set", "channels=8", "--set", "training.steps=2", "--set", "training.stepsPerRound=1"));
        args.addAll(List.of("--set", "training.networks=1", "--set", "training.images=8"));
        args.addAll(List.of(more));
        return Execution.of(args.toArray(String[]::new));
    }

    @Test
    void fromArchitecturesToAPredictedNetwork() throws IOException {
        JsonNode drawn = json(draw());
        assertEquals(3, drawn.get("splits").get(0).get("networks").asInt());
        assertEquals(
                2,
                Execution.of("zoo", "architectures", "--out", file.toString()).exitCode(),
                "there already");
        for (String model : List.of("ghn-2", "logah")) {
            assertEquals(2, json(train(model)).get("rounds").asInt());
            JsonNode scores = json(Execution.of("evaluate", run.toString(), file.toString(), "--json"));
            assertEquals(2, scores.get("splits").size());
            assertEquals("val", scores.get("splits").get(0).get("split").asText());
            predict();
        }
    }

    private void predict() throws IOException {
        Architecture architecture =
                ArchitectureFile.read(file).networks().get(0).architecture();
        Path description = Files.writeString(folder.resolve("net.json"), architecture.toJson());
        Path out = folder.resolve("net.safetensors");
        JsonNode report = json(Execution.of(
                "init",
                "--arch",
                description.toString(),
                "--weights",
                run.toString(),
                "--out",
                out.toString(),
                "--force",
                "--json"));
        assertEquals(architecture.parameters().size(), report.get("predicted").asInt());
        assertEquals(0, report.get("left").size());
        try (Safetensors network = Safetensors.open(out)) {
            assertEquals(architecture.parameters().size(), network.tensors().size());
        }
    }

    /** Writes n images of 6 x 6 pixels, the class in the brightness, as IDX. */
    private List<String> idx(int n, String name) throws IOException {
        ByteBuffer images = ByteBuffer.allocate(16 + 36 * n)
                .putInt(0x803)
                .putInt(n)
                .putInt(6)
                .putInt(6);
        ByteBuffer labels = ByteBuffer.allocate(8 + n).putInt(0x801).putInt(n);
        for (int i = 0; i < n; i++) {
            labels.put((byte) (i % 4));
            for (int pixel = 0; pixel < 36; pixel++) {
                images.put((byte) (60 * (i % 4) + pixel));
            }
        }
        Path pixels = Files.write(folder.resolve(name + "-images"), images.array());
        Path classes = Files.write(folder.resolve(name + "-labels"), labels.array());
        return List.of("--images", pixels.toString(), "--labels", classes.toString());
    }

    private Execution evaluate(List<String> images) {
        List<String> args = new ArrayList<>(List.of("evaluate", run.toString(), file.toString(), "--json"));
        args.addAll(images);
        return Execution.of(args.toArray(String[]::new));
    }

    @Test
    void trainsOnGivenImagesAtAGivenSize() throws IOException {
        draw();
        List<String> images = idx(24, "a");
        List<String> options = new ArrayList<>(images);
        options.addAll(List.of("--set", "size=8"));
        assertEquals(
                2,
                json(train("nodes", options.toArray(String[]::new)))
                        .get("rounds")
                        .asInt());
        String config = Files.readString(run.resolve("config.json"));
        assertTrue(config.contains("\"size\" : 8") || config.contains("\"size\":8"), config);
        assertEquals(4, json(evaluate(images)).get("images").asInt(), "a sixth of 24");
        Execution digits = evaluate(List.of());
        assertEquals(2, digits.exitCode());
        assertTrue(digits.err().contains("was begun with other data"), digits.err());
        Execution others = evaluate(idx(25, "b"));
        assertEquals(2, others.exitCode(), others.err());
        Execution none = evaluate(List.of("--images", "none", "--labels", "none"));
        assertEquals(4, none.exitCode(), none.err());
    }

    @Test
    void sizesThatCannotBeAreRefused() {
        draw();
        Execution refused = train("ghn-2", "--set", "size=-1");
        assertEquals(2, refused.exitCode());
        assertTrue(refused.err().contains("size: expected 0 to 1024 pixels, got -1"), refused.err());
        assertFalse(Files.exists(run));
    }

    @Test
    void whatIsNotPredictedIsSaid() throws IOException {
        draw();
        assertEquals(0, train("ghn-3").exitCode());
        Architecture residual = Families.named("resnet18").small().get();
        Path description = Files.writeString(folder.resolve("net.json"), residual.toJson());
        Path out = folder.resolve("net.safetensors");
        List<String> init =
                List.of("init", "--arch", description.toString(), "--weights", run.toString(), "--out", out.toString());
        Execution refused = Execution.of(init.toArray(String[]::new));
        assertEquals(2, refused.exitCode());
        assertTrue(
                refused.err().contains("'fc': the network has 3 outputs, but the hypernetwork writes layers for 10"),
                refused.err());
        assertFalse(Files.exists(out));
        List<String> renewed = new ArrayList<>(init);
        renewed.add("--new-classes");
        Execution done = Execution.of(renewed.toArray(String[]::new));
        assertEquals(0, done.exitCode(), done.err());
        assertTrue(done.out().contains("Not predicted: bn1.running_mean, bn1.running_var"), done.out());
        try (Safetensors network = Safetensors.open(out)) {
            assertEquals(List.of(), network.tensor("bn1.num_batches_tracked").shape());
            assertEquals(1, network.floats("bn1.running_var")[0]);
        }
    }

    private float[] initialised(String... more) throws IOException {
        Path description = Files.writeString(
                folder.resolve("net.json"),
                Families.named("resnet18").small().get().toJson());
        Path out = folder.resolve("net.safetensors");
        List<String> init =
                new ArrayList<>(List.of("init", "--arch", description.toString(), "--weights", run.toString()));
        init.addAll(List.of("--out", out.toString(), "--force", "--new-classes"));
        init.addAll(List.of(more));
        Execution done = Execution.of(init.toArray(String[]::new));
        assertEquals(0, done.exitCode(), done.err());
        try (Safetensors network = Safetensors.open(out)) {
            return network.floats("layer1.0.conv1.weight");
        }
    }

    @Test
    void tiesAreBrokenAsAskedFor() throws IOException {
        draw();
        assertEquals(0, train("ghn-3").exitCode());
        float[] raw = initialised("--break-ties", "none");
        float[] noisy = initialised();
        assertArrayEquals(raw, noisy, 1e-3f);
        assertFalse(Arrays.equals(raw, noisy));
        assertArrayEquals(noisy, initialised("--break-ties", "noise"));
        assertFalse(Arrays.equals(noisy, initialised("--seed", "1")));
        assertArrayEquals(raw, initialised("--break-ties-from", "1000"));
        double squares = 0;
        for (float value : initialised("--break-ties", "orthogonal")) {
            squares += (double) value * value;
        }
        assertEquals(4, squares, 1e-4); // channels
        assertEquals(
                2,
                Execution.of("init", "--family", "resnet18", "--weights", "x", "--out", "y", "--break-ties", "some")
                        .exitCode());
    }

    private Execution rank(String... more) {
        List<String> args = new ArrayList<>(List.of("results", "property-prediction", file.toString(), "--run"));
        args.addAll(List.of(
                run.toString(), "--accuracies", folder.resolve("acc.jsonl").toString()));
        args.addAll(List.of(
                "--no-progress", "--out", folder.resolve("pages/rank.md").toString()));
        args.addAll(List.of(more));
        return Execution.of(args.toArray(String[]::new));
    }

    @Test
    void networksAreRankedByWhatIsKnownEarly() throws IOException {
        draw("--train", "2", "--val", "5", "--test", "2");
        assertEquals(0, train("ghn-3").exitCode());
        JsonNode ranked = json(rank("--epochs", "1", "--json")).get("results").get(0);
        assertEquals(5, ranked.get("fitted").asInt());
        assertEquals(2, ranked.get("tested").asInt());
        assertEquals(5, ranked.get("predictors").size());
        assertEquals(1, ranked.get("predictors").get(4).get("tau").asDouble(), "one epoch is all of it");
        byte[] noted = Files.readAllBytes(folder.resolve("acc.jsonl"));
        JsonNode both = json(rank("--epochs", "1", "--run", run.toString(), "--json"));
        assertEquals(ranked, both.get("results").get(1));
        assertArrayEquals(noted, Files.readAllBytes(folder.resolve("acc.jsonl")), "nothing is trained twice");
        String page = Files.readString(folder.resolve("pages/rank.md"));
        String name = String.valueOf(run.getFileName());
        assertTrue(page.contains("| Kendall's tau | " + name + " | " + name + " |"), page);
        assertTrue(page.contains("| accuracy after 1 epoch | 1.000 | 1.000 |"), page);
        assertTrue(page.contains("2 test networks, trained from scratch for 1 epoch:"), page);
        Execution other = rank("--epochs", "2");
        assertEquals(2, other.exitCode());
        assertTrue(other.err().contains("was begun with other settings"), other.err());
    }

    @Test
    void badInputIsRefused() throws IOException {
        draw();
        assertEquals(2, train("ghn-4").exitCode());
        assertEquals(
                4, Execution.of("train", "none", "--task", "ghn", "--out", "x").exitCode());
        assertEquals(
                2,
                Execution.of("train", file.toString(), "--task", "else", "--out", "x")
                        .exitCode());
        Path text = Files.writeString(folder.resolve("text"), "neither a run nor tensors");
        Path net = Files.writeString(
                folder.resolve("net.json"), Families.named("gpt2").small().get().toJson());
        Path out = folder.resolve("out");
        assertEquals(
                3,
                Execution.of("init", "--arch", net.toString(), "--weights", text.toString(), "--out", out.toString())
                        .exitCode());
        assertEquals(0, train("ghn-2").exitCode());
        Execution words =
                Execution.of("init", "--arch", net.toString(), "--weights", run.toString(), "--out", out.toString());
        assertEquals(2, words.exitCode());
        assertTrue(words.err().contains("'transformer.wte': graph hypernetworks have no operation for"), words.err());
    }
}
