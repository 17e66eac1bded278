package dev.weft.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.cli.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;

/** Runs every benchmark, each on next to nothing; no test looks at a time. */
class BenchCommandTest {

    private static final Workload TINY =
            new Workload(0, 0, 1, 3, List.of(2, 3), 9, 600, 2, 4, 2, List.of(1, 2), 7, false);
    private static final String NAME = "bench-tiny";

    private static Execution bench(String... arguments) {
        CommandSpec command =
                CommandSpec.forAnnotatedObject(new BenchCommand(TINY)).name(NAME);
        List<String> all = new ArrayList<>(List.of(NAME));
        all.addAll(Arrays.asList(arguments));
        return Execution.with(command, all.toArray(String[]::new));
    }

    private static List<JsonNode> rows(Execution run) throws IOException {
        assertEquals(0, run.exitCode(), run.err());
        JsonNode json = JsonMapper.builder().build().readTree(run.out());
        assertEquals(Set.of("benchmarks"), keys(json));
        List<JsonNode> rows = new ArrayList<>();
        json.get("benchmarks").forEach(rows::add);
        return rows;
    }

    private static Set<String> keys(JsonNode node) {
        Set<String> keys = new TreeSet<>();
        node.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    private static List<String> column(List<JsonNode> rows, String key) {
        return rows.stream().map(row -> row.get(key).asText()).toList();
    }

    private static void assertMeasured(List<JsonNode> rows) {
        for (JsonNode row : rows) {
            assertEquals(Set.of("name", "value", "unit", "baseline", "baseline_value", "ratio"), keys(row));
            double value = row.get("value").asDouble();
            double baseline = row.get("baseline_value").asDouble();
            assertTrue(value > 0 && baseline > 0, row.toString());
            assertEquals(value / baseline, row.get("ratio").asDouble(), 1e-9 * value / baseline);
        }
    }

    @Test
    void trainingIsMeasuredBesideTheEdgeList() throws IOException {
        List<JsonNode> rows = rows(bench("ng-gnn.train", "--json"));
        assertMeasured(rows);
        List<JsonNode> speeds = rows.subList(0, 3);
        assertEquals(
                List.of("ng-gnn.train", "ng-gnn.train.probes64", "ng-gnn.train.2-16-16-1"), column(speeds, "name"));
        assertEquals(List.of("per-edge", "per-edge", "per-edge"), column(speeds, "baseline"));
        assertEquals(List.of("networks/s", "networks/s", "networks/s"), column(speeds, "unit"));
        if (Files.exists(Path.of("/proc/self/status"))) {
            JsonNode memory = rows.get(3);
            assertEquals("ng-gnn.train.memory", memory.get("name").asText());
            assertEquals("bound", memory.get("baseline").asText());
            assertEquals(2048, memory.get("baseline_value").asDouble());
        }
    }

    @Test
    void readingIsMeasuredBesideSingleFiles() throws IOException {
        List<JsonNode> rows = rows(bench("zoo.read", "--json"));
        assertMeasured(rows);
        assertEquals(List.of("zoo.read"), column(rows, "name"));
        assertEquals(List.of("single safetensors files"), column(rows, "baseline"));
    }

    @Test
    void forecastingIsMeasuredBesideThePlainForm() throws IOException {
        List<JsonNode> rows = rows(bench("nino.forecast", "--json"));
        assertMeasured(rows);
        assertEquals(List.of("nino.forecast", "nino.forecast.cpu"), column(rows.subList(0, 2), "name"));
        assertEquals("per-edge", rows.get(0).get("baseline").asText());
    }

    @Test
    void aLargeForecastIsMeasuredWhenItIsAskedFor() throws IOException {
        List<JsonNode> rows = rows(bench("nino.llama-111m", "--json"));
        assertMeasured(rows);
        List<String> names = column(rows, "name");
        assertTrue(
                names.containsAll(List.of("nino.llama-111m", "nino.llama-111m.clock", "nino.llama-1b, multiplied up")),
                names.toString());
    }

    @Test
    void temporaryFoldersLeaveNothing() throws IOException {
        TemporaryFolder folder = TemporaryFolder.create();
        Path inside = Files.createDirectories(folder.path().resolve("zoo/part"));
        Files.writeString(inside.resolve("file"), "text");
        folder.close();
        assertFalse(Files.exists(folder.path()));
    }

    @Test
    void fittingIsMeasuredBesideEachSizeOfGroup() throws IOException {
        List<JsonNode> rows = rows(bench("inr.fit", "--json"));
        assertMeasured(rows);
        assertEquals(
                List.of("inr.fit", "inr.fit.1worker", "inr.fit.plain", "inr.fit.one-at-a-time", "inr.fit.djl-2"),
                column(rows, "name"));
        double best = Math.max(
                rows.get(3).get("value").asDouble(), rows.get(4).get("value").asDouble());
        assertEquals(best, rows.get(0).get("baseline_value").asDouble());
        assertTrue(rows.get(0).get("baseline").asText().startsWith("djl-"));
    }

    @Test
    void theTableHasALineForEachFigure() {
        Execution run = bench("inr.fit", "--no-progress");
        assertEquals(0, run.exitCode(), run.err());
        List<String> lines = run.out().lines().toList();
        assertEquals(
                List.of("benchmark", "value", "unit", "baseline", "baseline value", "ratio"),
                Arrays.asList(lines.get(0).strip().split(" {2,}")));
        assertTrue(lines.get(2).startsWith("inr.fit "), run.out());
        assertEquals(7, lines.size(), run.out());
    }

    @Test
    void anUnknownNameIsRefusedWithTheNearest() {
        Execution run = bench("inr.fit", "zoo.raed");
        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains("no benchmark 'zoo.raed'; did you mean 'zoo.read'?"), run.err());
        assertEquals("", run.out());
    }

    @Test
    void theListDescribesAndMeasuresNothing() throws IOException {
        Execution text = Execution.of("bench", "--list");
        assertEquals(0, text.exitCode(), text.err());
        List<String> names = text.out().lines().map(line -> line.split(": ")[0]).toList();
        assertEquals(
                List.of(
                        "ng-gnn.train",
                        "zoo.read",
                        "inr.fit",
                        "nino.forecast",
                        "nino.llama-111m",
                        "ghn.predict",
                        "ghn.train"),
                names);
        List<JsonNode> rows = rows(Execution.of("bench", "--list", "--json"));
        assertEquals(names, column(rows, "name"));
        assertFalse(column(rows, "description").contains(""));
    }

    @Test
    void hypernetworksPredictAndTrain() throws IOException {
        List<JsonNode> rows = rows(bench("ghn.predict", "ghn.train", "--json"));
        assertMeasured(rows);
        List<String> names = column(rows, "name");
        assertTrue(names.containsAll(List.of("ghn.predict", "ghn.train", "ghn.train.ghn-3")), names.toString());
        for (JsonNode row : rows) {
            if (List.of("ghn.predict", "ghn.train", "ghn.train.ghn-3")
                    .contains(row.get("name").asText())) {
                assertEquals("node by node", row.get("baseline").asText());
            }
        }
    }
}
