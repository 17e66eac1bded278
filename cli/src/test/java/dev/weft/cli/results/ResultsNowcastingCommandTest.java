package dev.weft.cli.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.cli.Execution;
import dev.weft.cli.nowcast.SmallWnn;
import dev.weft.cli.plot.PictureFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trains two tiny networks on the digits until they are right for a third of them. */
class ResultsNowcastingCommandTest {

    @TempDir
    private Path temporary;

    private Execution results(String... more) {
        List<String> args = new ArrayList<>(List.of(
                "results",
                "nowcasting",
                "--runs",
                temporary.resolve("runs").toString(),
                "--out",
                temporary.resolve("pages/page.md").toString(),
                "--network",
                "mlp-8",
                "--every",
                "2",
                "--steps",
                "40",
                "--no-progress"));
        args.addAll(List.of(more));
        if (!args.contains("--seeds")) {
            args.addAll(List.of("--seeds", "2"));
        }
        return Execution.of(args.toArray(String[]::new));
    }

    @Test
    void countsTheStepsOfEachSeedAndWritesThePage() throws IOException {
        Execution run = results("--target", "0.33", "--json");
        assertEquals(0, run.exitCode(), run.err());
        JsonNode runs = JsonMapper.builder().build().readTree(run.out()).get("runs");
        assertEquals(2, runs.size());
        assertTrue(runs.get(0).get("reached").booleanValue(), run.out());
        assertTrue(runs.get(1).get("accuracy").doubleValue() >= 0.33, run.out());
        String page = Files.readString(temporary.resolve("pages/page.md"));
        assertTrue(page.contains("| Adam | 2 | 2 | "), page);
        assertTrue(page.contains("mlp 64-8-10, accuracy 0.33 on 359 test images, tested every 2 steps"), page);
        assertTrue(page.contains("weft results nowcasting --runs "), page);

        Execution again = results("--target", "0.33", "--json");
        assertEquals(run.out(), again.out(), "what is noted is not trained again, seconds and all");
    }

    @Test
    void forecastsTakeTheirTurns() throws IOException {
        String weights = SmallWnn.weights(temporary).toString();
        String[] more = {"--target", "0.999", "--weights", weights, "--period", "10", "--first-seed", "3", "--json"};
        assertEquals(0, results("--target", "0.999", "--first-seed", "3").exitCode(), "Adam's lines serve both");
        Execution run = results(more);
        assertEquals(0, run.exitCode(), run.err());
        JsonNode runs = JsonMapper.builder().build().readTree(run.out()).get("runs");
        assertEquals(4, runs.size());
        JsonNode adam = runs.get(0);
        JsonNode forecast = runs.get(1);
        assertEquals("WNN+", forecast.get("optimizer").textValue());
        assertEquals(3, forecast.get("seed").intValue());
        for (int test = 0; test < 5; test++) { // every two steps; the tenth is the first forecast
            boolean same =
                    adam.get("curve").get(test).equals(forecast.get("curve").get(test));
            assertEquals(test < 4, same, "test " + test);
        }
        String page = Files.readString(temporary.resolve("pages/page.md"));
        assertTrue(page.contains("- WNN+: wnn+ with the weights wnn.safetensors (sha256 "), page);
        assertTrue(page.contains("every 10 steps, horizons 40, 21, 8, 1."), page); // squares of 6.3, 4.5, 2.8, 1
        assertTrue(page.contains("| WNN+ | 2 | 0 | 40 ± 0 | 0.0 ± 0.0 % | "), page);
        assertEquals(PictureFiles.available(), Files.exists(temporary.resolve("pages/page-curves.png")));
    }

    @Test
    void goesOnBehindTheLastWholeLine() throws IOException {
        assertEquals(0, results("--target", "0.33", "--seeds", "1").exitCode());
        Path log = temporary.resolve("runs/steps.jsonl");
        Files.writeString(log, "{\"protocol\":\"cut of", StandardOpenOption.APPEND);
        Execution run = results("--target", "0.33");
        assertEquals(0, run.exitCode(), run.err());
        assertEquals(0, results("--target", "0.33").exitCode());
        Execution other = results("--target", "0.5");
        assertEquals(2, other.exitCode());
        assertTrue(other.err().contains("steps.jsonl was begun with other settings: expected mlp"), other.err());
    }

    @Test
    void aMissCountsWithAllItsSteps() {
        Execution run = results("--target", "0.999");
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("false"), run.out());
        assertTrue(NowcastingPage.spread("%,.0f", 100, 200).equals("150 ± 71")
                && NowcastingPage.spread("%,.0f", 1234).equals("1,234"));
    }

    @Test
    void refusesWhatCannotBe() {
        Execution run = results("--target", "2");
        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains("expected an accuracy in (0, 1] to aim at, got 2.0"), run.err());
        assertFalse(Files.exists(temporary.resolve("runs")));
    }
}
