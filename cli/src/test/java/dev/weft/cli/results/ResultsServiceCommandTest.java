package dev.weft.cli.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.cli.Execution;
import dev.weft.cli.nowcast.SmallWnn;
import dev.weft.cli.plot.PictureFiles;
import dev.weft.cli.service.SmallModels;
import dev.weft.metanets.task.InrClassification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Puts load on real services for parts of seconds. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "services are ended by SIGTERM")
class ResultsServiceCommandTest {

    @TempDir
    private Path temporary;

    private Execution results(String... more) {
        List<String> args = new ArrayList<>(List.of(
                "results",
                "service",
                "--runs",
                temporary.resolve("load").toString(),
                "--out",
                temporary.resolve("pages/page.md").toString(),
                "--no-progress",
                "--json"));
        args.addAll(List.of(more));
        return Execution.of(args.toArray(String[]::new));
    }

    @Test
    void measuresAndWritesThePage() throws IOException {
        SmallModels.metanet(temporary.resolve("small"), InrClassification.NAME, 1);
        Execution run = results(
                "--run",
                temporary.resolve("small").toString(),
                "--nino-weights",
                SmallWnn.weights(temporary).toString(),
                "--seconds",
                "0.3",
                "--rounds",
                "1",
                "--overload-minutes",
                "0.02",
                "--heap",
                "300");
        assertEquals(0, run.exitCode(), run.err());
        JsonNode report = JsonMapper.builder().build().readTree(run.out());
        assertEquals(
                10,
                report.get("phases").size(),
                "three numbers of clients with and without batching, two others by two");
        report.get("phases").forEach(phase -> {
            assertTrue(
                    phase.at("/answers/done").asLong() >= phase.get("clients").asLong(), phase.toString());
            assertEquals(1, phase.at("/answers/statuses").size(), phase.toString());
            assertTrue(
                    phase.at("/answers/p99").asDouble()
                            >= phase.at("/answers/p50").asDouble(),
                    phase.toString());
        });
        JsonNode overload = report.get("overload");
        assertEquals(
                2 * overload.get("capacity").asDouble(), overload.get("rate").asDouble(), 1e-9);
        assertTrue(overload.at("/answers/done").asLong() > 0, overload.toString());
        assertTrue(overload.at("/samples/0/heap").asDouble() > 0, overload.toString());
        String page = Files.readString(temporary.resolve("pages/page.md"));
        assertTrue(page.contains("| classify, small | one by one | 64 | "), page);
        assertTrue(page.contains("| nowcast of 1 million parameters |  | 8 | "), page);
        assertTrue(page.contains("Every request was answered with 200, 429 or 503."), page);
        assertTrue(page.contains("weft results service --runs "), page);
        assertEquals(PictureFiles.available(), page.contains("](page-overload.png)"), page);

        Execution again = results("--page-only");
        assertEquals(0, again.exitCode(), again.err());
        assertEquals(run.out(), again.out(), "nothing is measured anew");
        assertEquals(page, Files.readString(temporary.resolve("pages/page.md")));

        assertEquals(2, results("--seconds", "0.1").exitCode(), "what was measured is not written over");
    }

    @Test
    void whatNobodyMeasuredHasNoPage() {
        assertEquals(4, results("--page-only").exitCode());
        Execution zero = results("--seconds", "0");
        assertEquals(2, zero.exitCode(), zero.err());
        assertTrue(zero.err().contains("expected seconds, rounds and heap above 0"), zero.err());
        assertTrue(Files.notExists(temporary.resolve("load")));
    }
}
