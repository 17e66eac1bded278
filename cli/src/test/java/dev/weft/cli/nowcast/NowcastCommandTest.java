package dev.weft.cli.nowcast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.checkpoints.format.SafetensorsWriter;
import dev.weft.checkpoints.format.TensorFile;
import dev.weft.checkpoints.format.TensorFormat;
import dev.weft.checkpoints.format.TensorSource;
import dev.weft.cli.Execution;
import dev.weft.cli.SmallZoo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code weft nowcast} on files and rows of a zoo; what is refused leaves nothing behind. */
class NowcastCommandTest {

    @TempDir
    private Path folder;

    private String weights;
    private String out;
    private final List<String> states = new ArrayList<>();

    @BeforeEach
    void writeFiles() throws IOException {
        weights = SmallWnn.weights(folder).toString();
        out = folder.resolve("out.safetensors").toString();
        for (int step = 1; step <= 5; step++) {
            states.add(SmallWnn.checkpoint(folder, step).toString());
        }
    }

    private Execution nowcast(String... more) {
        List<String> args = new ArrayList<>(List.of("nowcast", "--weights", weights));
        args.addAll(List.of("--states", String.join(",", states), "--out", out));
        args.addAll(List.of(more));
        return Execution.of(args.toArray(String[]::new));
    }

    private void assertRefused(Execution execution, int exitCode, String message) {
        assertTrue(execution.err().contains(message), execution.err());
        assertEquals(exitCode, execution.exitCode());
        assertFalse(Files.exists(Path.of(out)));
    }

    @Test
    void aForecastHasTheLastStatesOtherTensors() throws IOException {
        Execution execution = nowcast("--horizon", "3", "--json");
        assertEquals("", execution.err());
        JsonNode report = new JsonMapper().readTree(execution.out());
        assertEquals(11, report.get("parameters").asInt());
        assertEquals("wnn+", report.get("model").asText());
        assertEquals(3, report.get("horizon").asInt());
        try (TensorFile file = TensorFile.open(Path.of(out));
                TensorFile last = TensorFile.open(Path.of(states.get(4)))) {
            assertEquals(last.tensors().keySet(), file.tensors().keySet());
            assertArrayEquals(new long[] {5}, file.longs("step"));
            assertNotEquals(last.floats("fc1.weight")[0], file.floats("fc1.weight")[0]);
            assertEquals("3", file.metadata().get("nowcast.horizon"));
        }
    }

    @Test
    void pytorchFilesGiveAndTakeTheSame() throws IOException {
        nowcast();
        byte[] expected = Files.readAllBytes(Path.of(out));
        for (int i = 0; i < states.size(); i++) {
            Path file = folder.resolve("s" + i + ".pt");
            TensorFormat.named("pytorch").orElseThrow().write(SmallWnn.state(i + 1), file);
            states.set(i, file.toString());
        }
        out = folder.resolve("out.pt").toString();
        nowcast();
        try (TensorFile file = TensorFile.open(Path.of(out))) {
            Path safetensors = folder.resolve("out.safetensors");
            Files.write(safetensors, expected);
            try (TensorFile before = TensorFile.open(safetensors)) {
                assertArrayEquals(before.floats("fc1.weight"), file.floats("fc1.weight"), 1e-5f);
            }
        }
    }

    @Test
    void rowsOfAZooAreStates() throws IOException {
        Path zoo = SmallZoo.write(folder.resolve("zoo"));
        for (String wiring : List.of("reference", "corrected")) {
            Execution execution = Execution.of(
                    "nowcast",
                    "--weights",
                    weights,
                    "--zoo",
                    zoo.toString(),
                    "--rows",
                    "a/0,a/1,a/2,a/3,a/4",
                    "--wiring",
                    wiring,
                    "--out",
                    out,
                    "--force");
            assertEquals("", execution.err());
            assertEquals(0, execution.exitCode());
        }
        Execution unknown = Execution.of(
                "nowcast", "--weights", weights, "--zoo", zoo.toString(), "--rows", "a/0,b", "--out", out, "--force");
        assertTrue(unknown.err().contains("no row 'b'"), unknown.err());
        assertEquals(4, unknown.exitCode());
    }

    /** Weights of WNN+ see no neighbours, so that both wirings give the same forecast of the same parameters. */
    @Test
    void filesOfARecognisedNetworkAreForecastInTheCorrectedWiring() throws IOException {
        String[] more = {"--wiring", "corrected", "--activation", "relu", "--force", "--json"};
        for (int step = 1; step <= 5; step++) {
            TensorSource state = SmallWnn.state(step);
            new SafetensorsWriter()
                    .add("0.weight", List.of(2L, 3L), state.floats("fc1.weight"))
                    .add("0.bias", List.of(2L), state.floats("fc1.bias"))
                    .add("2.weight", List.of(1L, 2L), state.floats("fc2.weight"))
                    .add("2.bias", List.of(1L), state.floats("fc2.bias"))
                    .write(Path.of(states.get(step - 1)));
        }
        assertEquals(0, nowcast().exitCode());
        float[] expected;
        try (TensorFile file = TensorFile.open(Path.of(out))) {
            expected = file.floats("0.weight");
        }
        Execution execution = nowcast(more);
        assertEquals(0, execution.exitCode(), execution.err());
        JsonNode report = new JsonMapper().readTree(execution.out());
        assertEquals(11, report.get("parameters").asInt());
        assertEquals(8, report.get("nodes").asInt()); // 3 + 2 + 1 neurons and two biases
        try (TensorFile file = TensorFile.open(Path.of(out))) {
            assertArrayEquals(expected, file.floats("0.weight"), 1e-6f);
        }
        Files.delete(Path.of(out));
        states.set(1, folder.resolve("other.safetensors").toString());
        new SafetensorsWriter()
                .add("0.weight", List.of(1L, 3L), new float[3])
                .add("0.bias", List.of(1L), new float[1])
                .write(Path.of(states.get(1)));
        assertRefused(nowcast(more), 3, states.get(1) + ": expected the architecture of " + states.get(0));
    }

    @Test
    void fourStatesAreRefused() {
        states.remove(0);
        assertRefused(nowcast(), 2, "--states: expected 5 files, oldest first, found 4");
    }

    @Test
    void statesOfDifferentShapesAreRefused() throws IOException {
        new SafetensorsWriter().add("fc1.weight", List.of(2L, 2L), new float[4]).write(Path.of(states.get(1)));
        assertRefused(
                nowcast(),
                3,
                states.get(1) + ": tensor 'fc1.weight': expected shape [2, 3] as in the other states, found [2, 2]");
    }

    @Test
    void missingTensorsAreRefused() throws IOException {
        new SafetensorsWriter().add("fc1.weight", List.of(2L, 3L), new float[6]).write(Path.of(states.get(2)));
        assertRefused(nowcast(), 3, states.get(2) + ": expected a tensor 'fc1.bias'");
    }

    @Test
    void valuesThatAreNotNumbersAreRefused() throws IOException {
        new SafetensorsWriter()
                .add("fc1.weight", List.of(2L, 3L), new float[] {0, 0, Float.NaN, 0, 0, 0})
                .add("fc1.bias", List.of(2L), new float[2])
                .add("fc2.weight", List.of(1L, 2L), new float[2])
                .add("fc2.bias", List.of(1L), new float[1])
                .write(Path.of(states.get(0)));
        assertRefused(nowcast(), 3, states.get(0) + ": tensor 'fc1.weight': expected finite values, found NaN at 2");
    }

    @Test
    void anUnknownWiringIsRefused() {
        assertRefused(nowcast("--wiring", "best"), 2, "expected one of [REFERENCE, CORRECTED]");
        assertRefused(nowcast("--wiring", "corrected", "--prefix", "m."), 2, "is not for --watch or --prefix");
        assertRefused(nowcast("--activation", "relu"), 2, "for --wiring corrected only");
    }

    @Test
    void networksThatTheWiringDoesNotKnowAreRefused() throws IOException {
        for (String state : states) {
            new SafetensorsWriter()
                    .add("conv.weight", List.of(1L, 1L, 1L, 1L), new float[1])
                    .add("fc.weight", List.of(1L, 4L), new float[4])
                    .write(Path.of(state));
        }
        assertRefused(
                nowcast(),
                3,
                states.get(4) + ": reference wiring, CHAIN: tensor 'fc.weight' [1, 4]: expected 1 inputs");
    }

    @Test
    void horizonsBeyondTheWeightsAreRefused() {
        assertRefused(nowcast("--horizon", "41"), 2, "horizon: expected 1 to 40, found 41");
    }

    @Test
    void anExistingFileStays() throws IOException {
        Files.writeString(Path.of(out), "mine");
        Execution execution = nowcast();
        assertEquals(2, execution.exitCode());
        assertEquals("mine", Files.readString(Path.of(out)));
        assertEquals(0, nowcast("--force").exitCode());
    }

    @Test
    void aFileThatIsNoForecasterIsRefused() {
        weights = states.get(0);
        assertRefused(nowcast(), 3, states.get(0) + ": expected a tensor 'edge_proj.fc.0.weight'");
    }
}
