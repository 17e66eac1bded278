package dev.weft.cli.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
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

/** The whole experiment on sixty digits, with two steps for each hypernetwork. */
class ResultsParameterPredictionCommandTest {

    @TempDir
    private Path temporary;

    private Path log;

    private Execution results(String... more) {
        log = temporary.resolve("runs/networks.jsonl");
        List<String> args =
                new ArrayList<>(List.of("results", "parameter-prediction", "--no-progress", "--limit", "60"));
        args.addAll(List.of("--runs", temporary.resolve("runs").toString()));
        args.addAll(List.of("--out", temporary.resolve("pages/page.md").toString()));
        List<String> settings =
                List.of("size=8", "train=2", "val=1", "test=2", "other=0", "steps=2", "stepsPerRound=1");
        for (String setting : settings) {
            args.addAll(List.of("--set", setting));
        }
        for (String setting : List.of("networks=1", "images=4", "compared=1", "descentSteps=2", "descentImages=40")) {
            args.addAll(List.of("--set", setting));
        }
        args.addAll(List.of(more));
        return Execution.of(args.toArray(String[]::new));
    }

    private String page() throws IOException {
        return Files.readString(temporary.resolve("pages/page.md"));
    }

    @Test
    void doesEverythingOnceAndWritesThePage() throws IOException {
        Execution run = results("--seeds", "1", "--json");
        assertEquals(0, run.exitCode(), run.err());
        JsonNode lines = JsonMapper.builder().build().readTree(run.out()).get("results");
        assertEquals(6, lines.size(), "drawn, one epoch, four hypernetworks");
        assertEquals("GHN-2", lines.get(4).get("source").asText());
        assertEquals(2, lines.get(4).get("splits").get("test").get("networks").asInt());
        String page = page();
        assertTrue(page.contains("| GHN-3-mini | 1 | "), page);
        assertTrue(page.contains("| start | networks | diverged | step 0 | step 1 | step 2 |"), page);
        assertTrue(page.contains("On the test split the order is "), page);
        assertFalse(page.contains("Unfinished"), page);

        List<String> before = Files.readAllLines(log);
        assertEquals(4 * 3 + 1 + 4, before.size(), "3 networks for each hypernetwork, then the descents");
        assertEquals(run.out(), results("--seeds", "1", "--json").out(), "nothing is done again");
        Files.write(log, before.subList(0, before.size() - 1));
        Files.writeString(
                log, Files.readString(log) + before.get(before.size() - 1).substring(0, 40));
        assertEquals(0, results("--seeds", "1", "--page-only").exitCode());
        assertEquals(before.size(), Files.readAllLines(log).size(), "looking changes nothing");
        Execution again = results("--seeds", "1", "--json");
        assertEquals(run.out(), again.out(), again.err());
        assertEquals(before, Files.readAllLines(log), "the half line was done again");

        assertEquals(0, results("--seeds", "2", "--page-only").exitCode());
        assertTrue(page().contains("**Unfinished:** 4 of 8 hypernetworks"), page());
        Execution other = results("--seeds", "1", "--set", "descentRate=0.1");
        assertEquals(2, other.exitCode());
        assertTrue(other.err().contains("networks.jsonl was begun with other settings"), other.err());
    }

    @Test
    void thePageOfNothingSaysSo() throws IOException {
        assertEquals(0, results("--page-only").exitCode());
        assertTrue(page().contains("**Unfinished:** 0 of 12 hypernetworks"), page());
        assertTrue(page().contains("Not measured yet."), page());
        assertFalse(Files.exists(log));
    }

    @Test
    void refusesWhatCannotBe() {
        Execution none = results("--seeds", "0");
        assertEquals(2, none.exitCode());
        assertTrue(none.err().contains("--seeds: expected at least 1, got 0"), none.err());
        Execution rate = results("--set", "descentRate=0");
        assertEquals(2, rate.exitCode());
        assertTrue(rate.err().contains("expected a descentRate above 0"), rate.err());
        assertFalse(Files.exists(temporary.resolve("runs")));
    }

    @Test
    void lossesThatAreNotFiniteAreKept() throws IOException {
        PredictionLog written = PredictionLog.open(temporary, "p");
        List<PredictionLog.Point> points = List.of(
                new PredictionLog.Point(0, 0.1, Double.NaN), new PredictionLog.Point(1, 0.1, Double.POSITIVE_INFINITY));
        written.append(new PredictionLog.Entry(
                "p", PredictionLog.Kind.PREDICTED, "ghn-1", 0, "bnfree", "bnfree-0", 0.5, points));
        assertEquals(written.entries(), PredictionLog.open(temporary, "p").entries());
    }

    @Test
    void marksAreTheSharesAndTheEpochsOfADescent() {
        PredictionSettings settings = PredictionSettings.DEFAULT;
        assertEquals(List.of(0, 38, 50, 100, 190, 200), settings.marks(1200));
        assertEquals(List.of(0, 50, 100, 200), settings.marks(60_000), "longer epochs are not reached");
        assertThrows(IllegalArgumentException.class, () -> PredictionTable.Cell.of(List.of(), 0));
    }

    @Test
    void aCellIsMeanErrorAndBest() {
        assertEquals(
                "20.0 ± 5.8 (31.0)",
                PredictionTable.Cell.of(List.of(0.1, 0.2, 0.3), 0.31).text());
        assertEquals(
                "10.0 ± 0.0 (12.0)", PredictionTable.Cell.of(List.of(0.1), 0.12).text());
    }
}
