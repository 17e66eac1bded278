package dev.weft.cli.quickstart;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.cli.plot.PictureFiles;
import dev.weft.datasets.augment.AugmentationConfig;
import dev.weft.datasets.image.PngFolder;
import dev.weft.datasets.inr.InrRecipe;
import dev.weft.metanets.model.FlatMlp;
import dev.weft.metanets.model.NgGnn;
import dev.weft.metanets.nn.NodeNorm;
import dev.weft.metanets.task.TrainingConfig;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The whole quickstart on sixty pictures of 4 x 4 pixels in two classes, with tiny metanets. */
class QuickstartCommandTest {

    @TempDir
    private Path temporary;

    private Path out;

    @BeforeEach
    void drawTheImages() throws IOException {
        out = temporary.resolve("out");
        for (int i = 0; i < 60; i++) {
            BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY);
            image.getRaster().setSample(i % 4, i / 4 % 4, 0, 255 - i);
            Path file = temporary
                    .resolve("images")
                    .resolve(i % 2 == 0 ? "even" : "odd")
                    .resolve(i + ".png");
            Files.createDirectories(file.getParent());
            ImageIO.write(image, "png", file.toFile());
        }
    }

    private QuickstartPlan plan() throws IOException {
        TrainingConfig training =
                new TrainingConfig(2, 16, 16, 1e-3, 0, false, 0, TrainingConfig.Schedule.COSINE, 0, 0);
        AugmentationConfig none = AugmentationConfig.NONE;
        NgGnn.Config graph = new NgGnn.Config(4, 2, 0, 1, true, 3, NodeNorm.Over.NODE, true, 1, 0);
        return new QuickstartPlan(
                PngFolder.open(temporary.resolve("images")),
                InrRecipe.dws().withHidden(List.of(3, 3)).withSteps(5),
                List.of(
                        new QuickstartPlan.Entry(
                                "mlp", "flat MLP", 0, new FlatMlp.Config(4, 1, 0), training, none.withSignFlips()),
                        new QuickstartPlan.Entry("graph", "NG-GNN", 3, graph, training, none)));
    }

    private String quickstart(String... more) {
        List<String> args = new ArrayList<>(List.of("--out", out.toString(), "--no-progress"));
        args.addAll(List.of(more));
        StringWriter text = new StringWriter();
        StringWriter err = new StringWriter();
        int code = new CommandLine(new QuickstartCommand(this::plan))
                .setOut(new PrintWriter(text, true))
                .setErr(new PrintWriter(err, true))
                .execute(args.toArray(String[]::new));
        assertEquals(0, code, err.toString());
        return text.toString();
    }

    private static List<String> keys(JsonNode object) {
        List<String> keys = new ArrayList<>();
        object.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    private Map<String, FileTime> kept() throws IOException {
        Map<String, FileTime> times = new LinkedHashMap<>();
        try (Stream<Path> files = Files.walk(out)) {
            for (Path file : files.sorted().toList()) {
                String name = out.relativize(file).toString();
                if (name.matches(".*\\.arrow|runs/.*/(config\\.json|model\\.safetensors|metrics\\.jsonl)")) {
                    times.put(name, Files.getLastModifiedTime(file));
                }
            }
        }
        return times;
    }

    @Test
    void printsTheDocumentedJsonAndDoesNothingTwice() throws IOException {
        String first = quickstart("--json");
        JsonNode report = JsonMapper.builder().build().readTree(first);
        assertEquals(List.of("results", "zoo", "pictures"), keys(report).subList(0, 3));
        assertEquals(2, report.get("results").size());
        for (JsonNode line : report.get("results")) {
            assertEquals(List.of("model", "probes", "test_accuracy", "parameters", "seconds_per_epoch"), keys(line));
            assertTrue(line.get("test_accuracy").isNumber()
                    && line.get("seconds_per_epoch").asDouble() > 0);
        }
        assertEquals("ng-gnn", report.at("/results/1/model").asText());
        assertEquals(3, report.at("/results/1/probes").asInt());
        assertEquals(out.resolve("zoo").toString(), report.get("zoo").asText());
        assertEquals(out.resolve("pictures").toString(), report.get("pictures").asText());
        Map<String, FileTime> written = kept();
        assertEquals(7, written.size(), written.toString());
        assertEquals(first, quickstart("--json"));
        assertEquals(written, kept());
    }

    @Test
    void aRunThatIsMissingIsTrainedAgainAndTheOthersAreKept() throws IOException {
        quickstart();
        Map<String, FileTime> written = kept();
        byte[] model = Files.readAllBytes(out.resolve("runs/graph/model.safetensors"));
        for (String file : List.of("config.json", "model.safetensors", "metrics.jsonl", "card.md")) {
            Files.delete(out.resolve("runs/graph").resolve(file));
        }
        quickstart();
        Map<String, FileTime> again = kept();
        assertEquals(written.keySet(), again.keySet());
        written.forEach((name, time) -> {
            if (!name.startsWith("runs/graph")) {
                assertEquals(time, again.get(name), name);
            }
        });
        assertArrayEquals(model, Files.readAllBytes(out.resolve("runs/graph/model.safetensors")));
    }

    @Test
    void tellsPeopleWhereEverythingIs() throws IOException {
        String text = quickstart();
        assertTrue(text.matches("(?s)Which digit does this network show\\? .*model .*probes .*test accuracy.*"), text);
        assertTrue(text.contains("Zoo:      " + out.resolve("zoo") + "\n"), text);
        assertTrue(text.contains("Runs:     " + out.resolve("runs") + "\n"), text);
        String pictures = PictureFiles.available()
                ? "parameter-graph.svg, reconstructions.png, confusion.png, training-curves.png, accuracy.png"
                : "parameter-graph.svg";
        assertTrue(text.contains("Pictures: " + out.resolve("pictures") + " (" + pictures + ")\n"), text);
        for (String name : pictures.split(", ")) {
            assertTrue(Files.size(out.resolve("pictures").resolve(name)) > 100, name);
        }
    }

    @Test
    void theRealPlanIsAboutDigits() throws IOException {
        QuickstartPlan plan = QuickstartPlan.ofDigits();
        assertEquals("digits", plan.images().name());
        assertEquals(
                List.of("mlp", "statnn", "probegen", "ng-gnn-0", "ng-gnn-64"),
                plan.entries().stream().map(QuickstartPlan.Entry::folder).toList());
    }
}
