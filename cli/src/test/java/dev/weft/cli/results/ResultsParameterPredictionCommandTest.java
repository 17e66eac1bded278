package dev.weft.cli.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.cli.Execution;
import dev.weft.hypernets.ghn.GhnConfig;
import dev.weft.hypernets.ghn.GhnRun;
import dev.weft.hypernets.ghn.Propagation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole experiment on sixty digits, with two steps for each hypernetwork. */
class ResultsParameterPredictionCommandTest {

    @TempDir
    private Path temporary;

    private Execution results(String... more) {
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

    private Path log(String source) {
        return temporary.resolve("runs/" + source + "/networks.jsonl");
    }

    private List<String> notes() throws IOException {
        return notes("drawn-test", "nodes-seed-0", "ghn-1-seed-0", "ghn-2-seed-0", "ghn-3-seed-0");
    }

    private List<String> notes(String... sources) throws IOException {
        List<String> notes = new ArrayList<>();
        for (String source : sources) {
            notes.addAll(Files.readAllLines(log(source)));
        }
        return notes;
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
        assertTrue(page.contains("At equal steps the order on the test split is "), page);
        assertFalse(page.contains("Unfinished"), page);

        List<String> before = notes();
        assertEquals(4 * 3 + 1 + 4, before.size(), "3 networks for each hypernetwork, and the descents");
        assertEquals(run.out(), results("--seeds", "1", "--json").out(), "nothing is done again");
        List<String> last = Files.readAllLines(log("ghn-3-seed-0"));
        Files.write(log("ghn-3-seed-0"), last.subList(0, last.size() - 1));
        Files.writeString(
                log("ghn-3-seed-0"),
                last.get(last.size() - 1).substring(0, 40),
                StandardOpenOption.APPEND); // a killed process
        assertEquals(0, results("--seeds", "1", "--parts", "page").exitCode());
        assertEquals(before.size(), notes().size(), "looking changes nothing, not even the half line");
        Execution again = results("--seeds", "1", "--json");
        assertEquals(run.out(), again.out(), again.err());
        assertEquals(before, notes(), "the half line was done again");

        assertEquals(0, results("--seeds", "2", "--parts", "page").exitCode());
        assertTrue(page().contains("**Unfinished:** 4 of 8 hypernetworks"), page());
        Execution other = results("--seeds", "1", "--set", "descentRate=0.1");
        assertEquals(2, other.exitCode());
        assertTrue(other.err().contains("networks.jsonl was begun with other settings"), other.err());
    }

    @Test
    void partsMakeTheSameWhole() throws IOException {
        Execution nothing = results("--parts", "page");
        assertEquals(4, nothing.exitCode());
        assertTrue(nothing.err().contains("nothing has been done in --runs yet"), nothing.err());
        Execution early = results("--arms", "GHN-2", "--parts", "judge");
        assertEquals(4, early.exitCode(), early.err());

        String arms = "ghn-1";
        assertEquals(
                0, results("--arms", arms, "--seeds", "1", "--parts", "train").exitCode());
        assertEquals(0, results("--parts", "drawn").exitCode());
        assertFalse(Files.exists(temporary.resolve("pages")));
        assertEquals(0, results("--arms", arms, "--seeds", "1").exitCode());
        List<String> parts = withoutSeconds(notes("drawn-test", "ghn-1-seed-0"));
        assertTrue(page().contains("**Unfinished:** 1 of 4 hypernetworks"), page());

        Files.move(temporary.resolve("runs"), temporary.resolve("in-parts"));
        assertEquals(0, results("--arms", arms, "--seeds", "1").exitCode());
        assertEquals(parts, withoutSeconds(notes("drawn-test", "ghn-1-seed-0")));
        assertEquals(
                0,
                results("--seeds", "1", "--first-seed", "1", "--arms", "GHN-1", "--parts", "train,judge")
                        .exitCode());
        assertEquals(0, results("--seeds", "2", "--parts", "page").exitCode());
        assertTrue(page().contains("| GHN-1 | 2 | "), page());
        assertFalse(page().contains("Means of single seeds"), "one hypernetwork alone is not compared");
    }

    @Test
    void ablationsStandBelowTheOthersAndOutsideTheirOrder() throws IOException {
        String[] all = {
            "ghn-1-meta-batches", "GHN-2 without meta-batches", "ghn-2-no-virtual-edges", "ghn-2-no-normalisation"
        };
        Execution run = results("--seeds", "1", "--arms", String.join(",", all), "--set", "networks=2", "--json");
        assertEquals(0, run.exitCode(), run.err());
        JsonNode lines = JsonMapper.builder().build().readTree(run.out()).get("results");
        assertEquals(
                "GHN-2 without virtual edges",
                lines.get(lines.size() - 2).get("source").asText());
        String page = page();
        assertTrue(page.contains("**Unfinished:** 0 of 4 hypernetworks"), page);
        assertFalse(page.contains("At equal steps the order"), page);
        assertTrue(page.contains("Ablations: a meta-batch is 2 networks"), page);
        GhnRun batches = GhnRun.open(temporary.resolve("runs/ghn-1-meta-batches-seed-0"));
        GhnRun single = GhnRun.open(temporary.resolve("runs/ghn-2-no-meta-batches-seed-0"));
        assertEquals(2, batches.config().training().networks());
        assertEquals(1, single.config().training().networks());
        GhnConfig edges = GhnRun.open(temporary.resolve("runs/ghn-2-no-virtual-edges-seed-0"))
                .config()
                .model();
        assertEquals(new Propagation.Gated(false), edges.propagation());
        assertTrue(edges.normalized());
        GhnConfig norms = GhnRun.open(temporary.resolve("runs/ghn-2-no-normalisation-seed-0"))
                .config()
                .model();
        assertEquals(single.config().model().propagation(), norms.propagation());
        assertFalse(norms.normalized());
    }

    private static List<String> withoutSeconds(List<String> notes) {
        return notes.stream()
                .map(note -> note.replaceFirst("\"seconds\":[^,]*,", ""))
                .toList();
    }

    @Test
    void aFolderIsWorkedInByOneProcess() throws Exception {
        Path folder = temporary.resolve("runs/ghn-1-seed-0");
        Process other = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        folder.toString())
                .start();
        try {
            assertEquals('!', other.getInputStream().read(), "the other process holds the folder");
            Execution refused = results("--arms", "GHN-1", "--parts", "train");
            assertEquals(2, refused.exitCode());
            assertTrue(refused.err().contains("ghn-1-seed-0: another process is at work there"), refused.err());
            assertEquals(0, results("--parts", "drawn").exitCode(), "which needs no hypernetwork");
        } finally {
            other.destroyForcibly().waitFor();
        }
        assertEquals(
                0,
                results("--arms", "GHN-1", "--seeds", "1", "--parts", "train").exitCode());
    }

    /** Takes a folder and keeps it. */
    static final class Holder {
        public static void main(String[] args) throws Exception {
            FolderLock.take(Path.of(args[0]));
            System.out.write('!');
            System.out.flush();
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    @Test
    void refusesWhatCannotBe() {
        Execution none = results("--seeds", "0");
        assertEquals(2, none.exitCode());
        assertTrue(none.err().contains("--seeds: expected at least 1 from at least 0, got 0 from 0"), none.err());
        Execution arm = results("--arms", "GHN-4");
        assertEquals(2, arm.exitCode());
        assertTrue(
                arm.err().contains("--arms: no hypernetwork 'GHN-4'; there are MLP, GHN-1, GHN-2, GHN-3-mini"),
                arm.err());
        Execution rate = results("--set", "descentRate=0");
        assertEquals(2, rate.exitCode());
        assertTrue(rate.err().contains("expected a descentRate above 0"), rate.err());
        assertFalse(Files.exists(temporary.resolve("runs")));
    }

    @Test
    void whatDivergesCountsAsGuessing() throws IOException {
        Execution run = results("--seeds", "1", "--parts", "drawn", "--set", "descentRate=1e30");
        assertEquals(0, run.exitCode(), run.err());
        PredictionLog.Entry entry = PredictionLog.all(temporary.resolve("runs"), protocolOf(log("drawn-test")))
                .get(0);
        assertTrue(entry.diverged());
        assertEquals(
                List.of(0, 1, 2),
                entry.points().stream().map(PredictionLog.Point::steps).toList());
        assertEquals(PredictionLog.Point.guessing(2, 10), entry.points().get(2));
        assertEquals(0.1, entry.points().get(2).accuracy());
    }

    private static String protocolOf(Path log) throws IOException {
        return JsonMapper.builder()
                .build()
                .readTree(Files.readAllLines(log).get(0))
                .get("protocol")
                .asText();
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
