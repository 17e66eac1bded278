package dev.weft.cli.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.cli.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsHypernetworkInputsCommandTest {

    @TempDir
    private Path folder;

    private Execution results(String... more) {
        List<String> args = new ArrayList<>(List.of("results", "hypernetwork-inputs", "--no-progress", "--seeds", "1"));
        args.addAll(List.of("--runs", folder.resolve("runs").toString()));
        args.addAll(List.of("--out", folder.resolve("pages/mip.md").toString()));
        args.addAll(List.of(more));
        return Execution.of(args.toArray(String[]::new));
    }

    @Test
    void fourFormsAreTrainedOnceAndHaveAPage() throws IOException {
        Execution done = results("--steps", "50", "--json");
        assertEquals(0, done.exitCode(), done.err());
        JsonNode forms = JsonMapper.builder().build().readTree(done.out()).get("forms");
        assertEquals(4, forms.size());
        assertEquals("plain", forms.get(0).get("form").asText());
        JsonNode plain = forms.get(0).get("runs").get(0).get("outcome");
        assertEquals(1, plain.get("proportionality").asDouble(), 1e-4);
        String page = Files.readString(folder.resolve("pages/mip.md"));
        assertTrue(page.contains("| plain | 1.000 | "), page);
        assertTrue(page.contains("- both (MIP) against plain: gradients vary less in "), page);
        assertTrue(page.contains("![Validation loss over the steps](mip-losses.png)"), page);
        assertTrue(Files.exists(folder.resolve("pages/mip-losses.png")));

        List<String> noted = Files.readAllLines(folder.resolve("runs/hypernetworks.jsonl"));
        assertEquals(done.out(), results("--steps", "50", "--json").out());
        assertEquals(noted, Files.readAllLines(folder.resolve("runs/hypernetworks.jsonl")), "nothing is done again");
        Execution other = results("--steps", "100");
        assertEquals(2, other.exitCode());
        assertTrue(other.err().contains("hypernetworks.jsonl was begun with other settings"), other.err());
    }

    @Test
    void refusesAnOddNumberOfSteps() {
        Execution odd = results("--steps", "70");
        assertEquals(2, odd.exitCode());
        assertTrue(odd.err().contains("expected a multiple of 50 steps, got 70"), odd.err());
    }
}
