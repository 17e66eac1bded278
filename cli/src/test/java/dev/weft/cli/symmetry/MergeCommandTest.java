package dev.weft.cli.symmetry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.checkpoints.format.CastSource;
import dev.weft.checkpoints.format.Dtype;
import dev.weft.checkpoints.format.SafetensorsWriter;
import dev.weft.checkpoints.format.TensorFile;
import dev.weft.checkpoints.format.TensorFormat;
import dev.weft.cli.Execution;
import dev.weft.cli.nowcast.SmallWnn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code weft merge} on files; what is refused leaves nothing behind. */
class MergeCommandTest {

    @TempDir
    private Path folder;

    private Path written(String name, float... values) throws IOException {
        Path file = folder.resolve(name);
        TensorFormat.forName(file).orElseThrow().write(network(values), file);
        return file;
    }

    /** A linear layer 2 -> 1. */
    private static SafetensorsWriter network(float... values) {
        return new SafetensorsWriter()
                .add("fc.weight", List.of(1L, 2L), Arrays.copyOf(values, 2))
                .add("fc.bias", List.of(1L), new float[] {values[2]})
                .metadata("kept", "yes");
    }

    private Execution merge(Object... args) {
        List<String> all = new ArrayList<>(List.of("merge", "--out", out().toString()));
        for (Object arg : args) {
            all.add(arg.toString());
        }
        return Execution.of(all.toArray(String[]::new));
    }

    private Path out() {
        return folder.resolve("out.safetensors");
    }

    private static JsonNode json(Execution execution) throws IOException {
        assertEquals(0, execution.exitCode(), execution.err());
        return new JsonMapper().readTree(execution.out());
    }

    private void assertRefused(int exitCode, String message, Execution execution) {
        assertTrue(execution.err().contains(message), execution.err());
        assertEquals(exitCode, execution.exitCode());
        assertFalse(Files.exists(out()));
    }

    @Test
    void theMeanHasTheFirstFilesTypesAndTexts() throws IOException {
        Path first = folder.resolve("first.safetensors");
        TensorFormat.forName(first).orElseThrow().write(new CastSource(network(0, 3, 1), Dtype.F64), first);
        Path second = written("second.pt", 4, 3, 1);
        JsonNode report = json(merge(first, second, "--shares", "3,1", "--json"));
        assertEquals("mean", report.get("method").asText());
        assertEquals(3, report.get("values").asInt());
        assertEquals(0.75, report.at("/networks/0/share").asDouble());
        assertEquals(1 / Math.sqrt(10), report.at("/networks/0/distance").asDouble(), 1e-12);
        assertEquals(3 / Math.sqrt(26), report.at("/networks/1/distance").asDouble(), 1e-12);
        assertTrue(report.get("losses").isNull());
        try (TensorFile merged = TensorFile.open(out())) {
            assertEquals(Dtype.F64, merged.tensor("fc.weight").dtype());
            assertEquals("yes", merged.metadata().get("kept"));
            assertArrayEquals(new double[] {1, 3}, merged.doubles("fc.weight"));
        }
    }

    /** Trained apart on the digits: what their mean loses comes back when their neurons are in one order. */
    @ParameterizedTest
    @ValueSource(strings = {"weights", "activations"})
    void alignedNetworksMergeBetterThanTheirPlainMean(String by) throws IOException {
        Path inputs = Path.of("src/test/resources/align");
        JsonNode report = json(merge(
                inputs.resolve("mlp-a.safetensors"),
                inputs.resolve("mlp-b.safetensors"),
                "--method",
                "aligned",
                "--by",
                by,
                "--measure",
                "--json"));
        double merged = report.at("/losses/merged").asDouble();
        assertTrue(merged < 0.5 * report.at("/losses/mean").asDouble(), report.toString());
        assertTrue(merged < 2 * report.at("/networks/0/loss").asDouble(), report.toString());
        assertEquals(
                "cross-entropy on 1797 images of digits",
                report.at("/losses/measure").asText());
    }

    @Test
    void aForecastingNetworkMergesTasksAndLeavesTheBase() throws IOException {
        Path weights = SmallWnn.weights(folder);
        Path base = written("base.safetensors", 0, 1, 2);
        byte[] before = Files.readAllBytes(base);
        Path one = written("one.safetensors", 1, 1, 3);
        Path two = written("two.safetensors", 0, 2, 2);
        JsonNode report = json(merge(
                "--method", "nino", "--base", base, "--weights", weights, "--upd-scale", 0.5, one, two, "--json"));
        assertEquals("wnn+", report.get("model").asText());
        assertEquals(base.toString(), report.at("/networks/0/file").asText());
        assertEquals(3, report.get("networks").size());
        assertTrue(report.at("/networks/0/share").isNull());
        assertArrayEquals(before, Files.readAllBytes(base));
        double[] expected = new double[3];
        for (int k = 1; k <= 5; k++) {
            Path forecast = folder.resolve("k.safetensors");
            String states = base + "," + one + "," + two + "," + two + "," + one;
            assertEquals(
                    0,
                    Execution.of(
                                    "nowcast",
                                    "--weights",
                                    weights.toString(),
                                    "--states",
                                    states,
                                    "--horizon",
                                    "" + k,
                                    "--update-scale",
                                    "0.5",
                                    "--force",
                                    "--out",
                                    forecast.toString())
                            .exitCode());
            try (TensorFile file = TensorFile.open(forecast)) {
                expected[0] += file.doubles("fc.weight")[0] / 5;
                expected[1] += file.doubles("fc.weight")[1] / 5;
                expected[2] += file.doubles("fc.bias")[0] / 5;
            }
        }
        try (TensorFile merged = TensorFile.open(out())) {
            assertArrayEquals(Arrays.copyOf(expected, 2), merged.doubles("fc.weight"), 1e-5);
            assertEquals(expected[2], merged.doubles("fc.bias")[0], 1e-5);
        }
    }

    @Test
    void theReportIsATableForPeople() throws IOException {
        Execution execution = merge(written("a.pt", 1, 2, 3), written("b.pt", 1, 2, 3));
        assertTrue(execution.out().contains("2 networks of 3 real values merged by mean"), execution.out());
        assertTrue(execution.out().contains("a.pt  0.5000    0.0000"), execution.out());
    }

    @Test
    void otherTensorsAreRefused() throws IOException {
        Path a = written("a.safetensors", 1, 2, 3);
        Path b = folder.resolve("b.safetensors");
        new SafetensorsWriter().add("fc.weight", List.of(2L, 1L), new float[2]).write(b);
        assertRefused(3, b + ": tensor 'fc.bias': expected it as in " + a + ", found no such tensor", merge(a, b));
        new SafetensorsWriter()
                .add("fc.weight", List.of(2L, 1L), new float[2])
                .add("fc.bias", List.of(1L), new float[1])
                .write(b);
        assertRefused(3, b + ": tensor 'fc.weight': expected shape [1, 2] as in " + a + ", found [2, 1]", merge(a, b));
    }

    @Test
    void valuesThatAreNoNumbersAreRefused() throws IOException {
        Path a = written("a.safetensors", 1, 2, 3);
        Path b = written("b.safetensors", 1, Float.NaN, 3);
        assertRefused(3, b + ": tensor 'fc.weight': expected finite values, found NaN at 1", merge(a, b));
    }

    @Test
    void optionsThatDoNotBelongTogetherAreRefused() throws IOException {
        Path a = written("a.safetensors", 1, 2, 3);
        assertRefused(2, "--method nino needs --base and --weights", merge(a, a, "--method", "nino"));
        assertRefused(2, "are for --method nino", merge(a, a, "--base", a, "--weights", a));
        assertRefused(2, "--shares: expected 2 numbers of 0 or more", merge(a, a, "--shares", "1,2,3"));
        assertRefused(2, "--shares: expected 2 numbers of 0 or more", merge(a, a, "--shares", "1,-1"));
        assertRefused(2, "--shares: expected 2 numbers of 0 or more", merge(a, a, "--shares", "0,0"));
        assertRefused(2, "expected one of [MEAN, ALIGNED, NINO]", merge(a, a, "--method", "soup"));
        assertRefused(
                2,
                "expected the networks of 2 to 4 tasks, found 5",
                merge(a, a, a, a, a, "--method", "nino", "--base", a, "--weights", SmallWnn.weights(folder)));
        assertRefused(4, "missing.pt: no such file", merge(a, folder.resolve("missing.pt")));
        Execution single = merge(a);
        assertRefused(2, "", single);
    }

    @Test
    void anOlderFileStays() throws IOException {
        Path a = written("a.safetensors", 1, 2, 3);
        Files.writeString(out(), "mine");
        assertEquals(2, merge(a, a).exitCode());
        assertEquals("mine", Files.readString(out()));
        assertEquals(0, merge(a, a, "--force").exitCode());
    }
}
