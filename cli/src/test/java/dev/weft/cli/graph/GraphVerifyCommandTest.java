package dev.weft.cli.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.cli.Execution;
import dev.weft.cli.SmallZoo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GraphVerifyCommandTest {

    private static final Path NETWORKS = Path.of("../checkpoints/src/test/resources/networks");
    private static final Path FORMATS = Path.of("../checkpoints/src/test/resources/formats");

    @TempDir
    private Path temporary;

    @Test
    void anArchitectureIsCheckedWithRandomValues() throws IOException {
        Path file = Files.writeString(temporary.resolve("a.json"), SmallZoo.SIREN.toJson());
        Execution verify = Execution.of("graph", "verify", file.toString());
        assertEquals(0, verify.exitCode(), verify.err());
        assertTrue(verify.out().startsWith("a.json: siren 2-3-1, 13 parameters, float64\n"), verify.out());
        for (String line : new String[] {"neuron permutations", "sign flips", "sine phases", "decoupled"}) {
            assertTrue(verify.out().contains(line), verify.out());
        }
        assertTrue(verify.out().contains("10^0.8 elements"), verify.out()); // 3! = 6
    }

    /** All parameters of the small zoo's networks are equal, so no permutation of anything changes them. */
    @Test
    void aNetworkOfEqualNeuronsHasNoCounterexample() throws IOException {
        Path zoo = SmallZoo.write(temporary.resolve("zoo"));
        Execution verify = Execution.of("graph", "verify", zoo.toString());
        assertEquals(1, verify.exitCode());
        assertTrue(verify.out().contains("no change"), verify.out());
    }

    @Test
    void anOnnxModelIsChecked() {
        Execution verify = Execution.of(
                "graph", "verify", NETWORKS.resolve("cnn-script-13.onnx").toString());
        assertEquals(0, verify.exitCode(), verify.err() + verify.out());
        assertTrue(verify.out().startsWith("cnn-script-13.onnx: onnx 3-6-"), verify.out());
    }

    @Test
    void anOnnxModelWithoutANetworkIsRefused() {
        Execution verify =
                Execution.of("graph", "verify", FORMATS.resolve("types.onnx").toString());
        assertEquals(3, verify.exitCode(), verify.out());
        assertTrue(verify.err().contains("types.onnx: "), verify.err());
    }

    @Test
    void familiesAreCheckedBySmallInstances() throws IOException {
        Execution verify = Execution.of("graph", "verify", "--family", "gpt2", "--elements", "1", "--json");
        assertEquals(0, verify.exitCode(), verify.err());
        JsonNode read = JsonMapper.builder().build().readTree(verify.out());
        assertTrue(read.get("passed").booleanValue());
        assertEquals("small gpt2", read.get("network").textValue());
        assertEquals("neuron permutations", read.at("/checks/0/name").textValue());
        assertEquals(1, read.at("/checks/0/elements").intValue());
        assertTrue(read.at("/checks/0/difference").doubleValue() < 1e-9);
    }

    @Test
    void fewerThanOneElementIsRefused() {
        Execution verify = Execution.of("graph", "verify", "--family", "mlp", "--elements", "0");
        assertEquals(2, verify.exitCode());
        assertTrue(verify.err().contains("expected at least one element and one input, got 0 elements"), verify.err());
    }
}
