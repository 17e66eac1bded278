package dev.weft.cli.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.checkpoints.format.SafetensorsWriter;
import dev.weft.cli.Execution;
import dev.weft.network.Architecture;
import dev.weft.network.Layer;
import dev.weft.network.Mlp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code weft inspect} and {@code weft graph} on the network of a checkpoint: 4-3-2, with a buffer beside it. */
class RecognitionCommandsTest {

    private static final Architecture RELU = Mlp.of(List.of(4, 3, 2), new Layer.Relu(), true);
    private static final Architecture TANH = Mlp.of(List.of(4, 3, 2), new Layer.Tanh(), true);

    @TempDir
    Path folder;

    private String file;

    @BeforeEach
    void writeFile() throws IOException {
        file = write(folder.resolve("model.safetensors"), 0.5f).toString();
    }

    private static Path write(Path file, float first) throws IOException {
        float[] weights = {first, -1, 2, 0.25f, -0.75f, 1.5f, 1, -2, 0.125f, 3, -0.5f, 0.375f};
        new SafetensorsWriter()
                .add("net.0.weight", List.of(3L, 4L), weights)
                .add("net.0.bias", List.of(3L), new float[] {0.1f, 0.2f, -0.3f})
                .add("net.2.weight", List.of(2L, 3L), new float[] {1, -1, 0.5f, 2, 0.25f, -3})
                .add("net.2.bias", List.of(2L), new float[] {0.5f, 1})
                .add("net.position_ids", new long[] {2}, new long[] {0, 1})
                .write(file);
        return file;
    }

    private static JsonNode json(Execution run) throws IOException {
        assertEquals(0, run.exitCode(), run.err());
        return JsonMapper.builder().build().readTree(run.out());
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    @Test
    void inspectShowsTheNetworkAndItsSymmetries() {
        String out = Execution.of("inspect", file).out();
        assertTrue(out.contains("""

                network: a plain network, confidence 0.50
                  linear layers one behind the other; assumed ReLU between them (--activation, --arch)
                  mlp 4-3-2, input [4], output [2]
                  23 parameters, 23 trained; 3 blocks of neurons, 1 of them movable

                symmetry             block size  blocks  group
                -------------------  ----------  ------  ---------------
                neuron permutations           3       1  10^0.8 elements
                positive scalings             -       -  3 free numbers

                not in the row, buffer: the numbers of positions
                  net.position_ids

                tensor            dtype  shape   bytes
                """), out);
    }

    @Test
    void inspectTellsTheSameAsJson() throws IOException {
        JsonNode network = json(Execution.of("inspect", file, "--json")).path("network");
        assertEquals(RELU.fingerprint(), network.path("fingerprint").textValue());
        assertEquals(0.5, network.path("confidence").doubleValue());
        assertEquals("buffer", network.at("/leftovers/0/kind").textValue());
        assertEquals(Math.log10(6), network.at("/symmetries/0/log10_order").doubleValue(), 1e-12);
    }

    @Test
    void anEditedArchitectureIsTaken() throws IOException {
        assertEquals(
                0, Execution.of("inspect", file, "--write-arch", path("a.json")).exitCode());
        String written = Files.readString(folder.resolve("a.json"));
        assertEquals(RELU, Architecture.fromJson(written));
        Files.writeString(folder.resolve("a.json"), written.replace("\"relu\"", "\"tanh\""));
        JsonNode network = json(Execution.of("inspect", file, "--arch", path("a.json"), "--json"))
                .path("network");
        assertEquals(TANH.fingerprint(), network.path("fingerprint").textValue());
        assertEquals(1, network.path("confidence").doubleValue());
    }

    @Test
    void graphsAreOfAnyCheckpoint() throws IOException {
        assertEquals(
                0,
                Execution.of("convert", file, path("model.pt"), "--no-progress").exitCode());
        for (String from : List.of(file, path("model.pt"), folder.toString())) {
            JsonNode graph = json(Execution.of("graph", "show", from, "--activation", "tanh", "--json"));
            assertEquals(TANH.fingerprint(), graph.path("fingerprint").textValue(), from);
        }
        String dot = Execution.of("graph", "show", file, "--format", "dot", "--neurons")
                .out();
        assertTrue(dot.contains("0.375"), dot);
    }

    @Test
    void aCheckpointIsVerified() throws IOException {
        JsonNode verified = json(Execution.of("graph", "verify", file, "--activation", "tanh", "--json"));
        assertEquals("model.safetensors", verified.path("network").textValue());
        assertTrue(verified.path("passed").booleanValue());
    }

    @Test
    void valuesThatAreNotFiniteAreRefusedWhereTheyAreNeeded() throws IOException {
        write(folder.resolve("model.safetensors"), Float.POSITIVE_INFINITY);
        assertEquals(0, Execution.of("graph", "show", file).exitCode());
        assertEquals(
                new Execution(
                        3,
                        "",
                        "weft graph verify: " + file
                                + ": tensor 'net.0.weight': expected finite values, found Infinity at 0\n"),
                Execution.of("graph", "verify", file));
    }

    @Test
    void whatIsNotRecognisedIsRefusedUnlessItIsOnlyLookedAt() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": 1}");
        String message = path("config.json") + ": 'model_type': expected a text, found 1";
        assertEquals(new Execution(3, "", "weft graph show: " + message + "\n"), Execution.of("graph", "show", file));
        Execution look = Execution.of("inspect", file);
        assertEquals(0, look.exitCode(), look.err());
        assertTrue(look.out().contains("\nnetwork: not recognised: " + message + "\n"), look.out());
        assertEquals(3, Execution.of("inspect", file, "--heads", "2").exitCode());
    }

    @Test
    void wrongOptionsAreRefused() {
        assertEquals(
                new Execution(
                        2,
                        "",
                        "weft inspect: no activation 'softplus', expected one of gelu, gelu_fast, gelu_new,"
                                + " gelu_pytorch_tanh, gelu_tanh, hardswish, leaky_relu, relu, relu6, sigmoid, silu,"
                                + " swish, tanh\n"),
                Execution.of("inspect", file, "--activation", "softplus"));
        assertEquals(2, Execution.of("inspect", file, "--heads", "0").exitCode());
        assertEquals(2, Execution.of("inspect", file, "--as", "swan").exitCode());
        assertEquals(4, Execution.of("inspect", file, "--arch", path("no.json")).exitCode());
        assertEquals(
                4, Execution.of("inspect", file, "--config", path("no.json")).exitCode());
    }

    @Test
    void theNetworkOfAnOnnxModelIsReadFromItsGraph() throws IOException {
        String model = "../checkpoints/src/test/resources/networks/cnn-script-13.onnx";
        Path written = folder.resolve("cnn.json");
        Execution inspect = Execution.of("inspect", model, "--write-arch", written.toString());
        assertEquals(0, inspect.exitCode(), inspect.err());
        assertTrue(inspect.out().contains("\nnetwork: onnx, confidence 1.00\n  read from the graph"), inspect.out());
        assertTrue(inspect.out().contains("\npositive scalings "), inspect.out());
        assertEquals("onnx", Architecture.fromJson(Files.readString(written)).family());
    }
}
