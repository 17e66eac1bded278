package dev.weft.cli.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.cli.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsHypernetworkInputsCommandTest {

    @Test
    void fourFormsAreTrainedAndDrawn(@TempDir Path folder) throws IOException {
        Path plot = folder.resolve("mip.png");
        Execution done = Execution.of(
                "results",
                "hypernetwork-inputs",
                "--seeds",
                "1",
                "--steps",
                "50",
                "--plot",
                plot.toString(),
                "--json",
                "--no-progress");
        assertEquals(0, done.exitCode(), done.err());
        JsonNode forms = JsonMapper.builder().build().readTree(done.out()).get("forms");
        assertEquals(4, forms.size());
        assertEquals("plain", forms.get(0).get("form").asText());
        assertEquals(1, forms.get(0).get("runs").get(0).get("proportionality").asDouble(), 1e-4);
        assertTrue(Files.exists(plot));
        Execution odd = Execution.of("results", "hypernetwork-inputs", "--steps", "70");
        assertEquals(2, odd.exitCode());
        assertTrue(odd.err().contains("expected a multiple of 50 steps, got 70"), odd.err());
    }
}
