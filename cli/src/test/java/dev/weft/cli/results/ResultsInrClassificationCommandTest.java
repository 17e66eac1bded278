package dev.weft.cli.results;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.cli.Execution;
import dev.weft.cli.SmallZoo;
import dev.weft.cli.model.LabelledZoo;
import dev.weft.network.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small table on 120 networks whose classes are easy to tell. */
class ResultsInrClassificationCommandTest {

    @TempDir
    private Path temporary;

    private Path zoo;
    private Path page;

    @BeforeEach
    void writeTheZoo() throws IOException {
        zoo = LabelledZoo.write(temporary.resolve("zoo"), new Seed(1));
        page = temporary.resolve("docs/page.md");
    }

    private Execution results(Path data, String... more) {
        List<String> args = new ArrayList<>(List.of("results", "inr-classification", data.toString(), "--no-progress"));
        args.addAll(List.of("--runs", temporary.resolve("runs").toString(), "--out", page.toString()));
        args.addAll(List.of("--models", "statnn,mlp", "--epochs", "statnn=3,mlp=2"));
        args.addAll(List.of("--set", "mlp.model.hidden=8", "--set", "statnn.model.hidden=8"));
        args.addAll(List.of(more));
        if (!args.contains("--seeds")) {
            args.addAll(List.of("--seeds", "0,5"));
        }
        return Execution.of(args.toArray(String[]::new));
    }

    private static JsonNode json(Execution execution) throws IOException {
        assertEquals(0, execution.exitCode(), execution.err());
        return JsonMapper.builder().build().readTree(execution.out());
    }

    private Map<String, String> files(String folder) throws IOException {
        Map<String, String> found = new TreeMap<>();
        Path root = temporary.resolve(folder);
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                found.put(
                        root.relativize(file).toString(),
                        Files.getLastModifiedTime(file).toString());
            }
        }
        return found;
    }

    @Test
    void aTableIsTrainedAndWrittenAsAPage() throws IOException {
        JsonNode report = json(results(zoo, "--json"));
        JsonNode mlp = report.at("/results/0");
        assertEquals("mlp", mlp.get("model").asText());
        assertEquals("statnn", report.at("/results/1/model").asText());
        assertEquals(2, report.get("results").size());
        assertEquals(2, mlp.get("seeds").asInt());
        assertEquals(2, mlp.get("epochs").asInt());
        assertEquals(
                17 * 8 + 8 + 2 * (8 * 8 + 8) + 8 * 3 + 3, mlp.get("parameters").asInt());

        String text = Files.readString(page);
        double mean = mlp.get("test_accuracy").asDouble();
        double deviation = mlp.get("test_deviation").asDouble();
        String expected = String.format(Locale.ROOT, "| flat MLP | %.1f ± %.1f %% |", 100 * mean, 100 * deviation);
        assertTrue(text.contains(expected), expected + " in " + text);
        assertTrue(text.contains("80 for training, 20 for validation, 20 for testing"), text);
        assertTrue(text.contains("median 79.50 dB, 5th percentile 25.95 dB"), text); // psnr is 20, 21, ..., 139
        assertTrue(text.contains("over the seeds 0, 5."), text);
        assertTrue(text.contains("is right for 35.0 %"), text); // 7 of 20
        assertTrue(text.contains("None of them is a\npublished figure"), text);
        assertTrue(text.contains("weft results inr-classification " + zoo), text);
        assertTrue(text.contains("Java " + System.getProperty("java.version")), text);
        for (JsonNode picture : report.get("pictures")) {
            assertTrue(Files.size(page.resolveSibling(picture.asText())) > 1000, picture.asText());
            assertTrue(text.contains("](" + picture.asText() + ")"), text);
        }
    }

    @Test
    void finishedRunsAreKeptAndThePageIsMadeAgainToTheSameBytes() throws IOException {
        assertEquals(0, results(zoo).exitCode());
        Map<String, String> runs = files("runs");
        assertEquals(
                Stream.of("mlp-seed-0", "mlp-seed-5", "statnn-seed-0", "statnn-seed-5")
                        .map(run -> run + "/test.json")
                        .toList(),
                runs.keySet().stream()
                        .filter(name -> name.endsWith("test.json"))
                        .toList());
        runs.keySet().removeIf(name -> name.endsWith("card.md")); // written each time
        Map<String, byte[]> written = new TreeMap<>();
        for (String file : files("docs").keySet()) {
            written.put(file, Files.readAllBytes(temporary.resolve("docs").resolve(file)));
            Files.delete(temporary.resolve("docs").resolve(file));
        }
        assertEquals(0, results(zoo).exitCode());
        assertEquals(written.keySet(), files("docs").keySet());
        for (Map.Entry<String, byte[]> file : written.entrySet()) {
            assertArrayEquals(
                    file.getValue(),
                    Files.readAllBytes(temporary.resolve("docs").resolve(file.getKey())),
                    file.getKey());
        }
        Map<String, String> again = files("runs");
        again.keySet().removeIf(name -> name.endsWith("card.md"));
        assertEquals(runs, again);
    }

    /** What was said of the test split is what is told, so a second look would be seen. */
    @Test
    void theTestSplitIsLookedAtOnce() throws IOException {
        json(results(zoo, "--json"));
        Path score = temporary.resolve("runs/mlp-seed-0/test.json");
        String text = Files.readString(score);
        Files.writeString(score, text.replaceFirst("\"accuracy\" : [0-9.E-]+", "\"accuracy\" : 0.123"));
        results(zoo);
        assertTrue(Files.readString(page).contains("| flat MLP | 0 | 12.3 % |"), Files.readString(page));
    }

    @Test
    void anUnfinishedRunIsTrainedAndItsOldScoreForgotten() throws IOException {
        results(zoo);
        String before = Files.readString(page);
        Path run = temporary.resolve("runs/mlp-seed-0");
        Files.delete(run.resolve("model.safetensors"));
        Files.delete(run.resolve("metrics.jsonl"));
        Files.writeString(
                run.resolve("test.json"),
                Files.readString(run.resolve("test.json"))
                        .replaceFirst("\"accuracy\" : [0-9.E-]+", "\"accuracy\" : 0.123"));
        assertEquals(0, results(zoo).exitCode());
        assertTrue(Files.exists(run.resolve("model.safetensors")));
        assertEquals(line(before, "| flat MLP | 0 |"), line(Files.readString(page), "| flat MLP | 0 |"));
    }

    private static String line(String text, String start) {
        return text.lines().filter(line -> line.startsWith(start)).findFirst().orElseThrow();
    }

    @Test
    void runsWithOtherSettingsAreRefused() {
        results(zoo);
        Execution other = results(zoo, "--set", "mlp.training.learningRate=2e-3");
        assertEquals(2, other.exitCode());
        assertTrue(
                other.err().contains("mlp-seed-0 was begun with other settings: expected training TrainingConfig["),
                other.err());
        assertTrue(other.err().contains("learningRate=0.002"), other.err());
    }

    @Test
    void unknownModelsAreRefusedBeforeAnythingIsTrained() {
        Execution unknown = results(zoo, "--models", "mpl");
        assertEquals(2, unknown.exitCode());
        assertTrue(
                unknown.err()
                        .contains(
                                "no model 'mpl' in the table; there are [mlp, statnn, probegen, ng-gnn-0, ng-gnn-64]"),
                unknown.err());
        Execution epochs = results(zoo, "--epochs", "mpl=3");
        assertEquals(2, epochs.exitCode());
        assertTrue(epochs.err().contains("no model 'mpl'"), epochs.err());
        assertFalse(Files.exists(temporary.resolve("runs")));
    }

    @Test
    void aZooOfOtherNetworksIsRefused() throws IOException {
        Execution other = results(SmallZoo.write(temporary.resolve("small")));
        assertEquals(2, other.exitCode());
        assertTrue(other.err().contains("zoo 'small' has no metric 'steps', only [psnr]"), other.err());
        assertEquals(4, results(temporary.resolve("missing")).exitCode());
    }

    @Test
    void oneSeedHasNoSpread() throws IOException {
        JsonNode report = json(results(zoo, "--seeds", "3", "--json"));
        assertTrue(report.at("/results/0/test_deviation").isNull(), report.toString());
        assertFalse(Files.readString(page)
                .lines()
                .filter(line -> line.startsWith("| flat MLP"))
                .findFirst()
                .orElseThrow()
                .contains("±"));
    }
}
