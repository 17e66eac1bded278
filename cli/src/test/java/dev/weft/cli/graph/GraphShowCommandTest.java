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

class GraphShowCommandTest {

    private static final String TABLES = """

            neurons  size  role    bias
            -------  ----  ------  ----------
            input       2  input
            seq.0       3  hidden  seq.0.bias
            seq.1       1  output  seq.1.bias

            from   to     weights       shape
            -----  -----  ------------  ------
            input  seq.0  seq.0.weight  [3, 2]
            seq.0  seq.1  seq.1.weight  [1, 3]
            """;

    @TempDir
    private Path temporary;

    private Path zoo() throws IOException {
        return SmallZoo.write(temporary.resolve("zoo"));
    }

    private Path architecture() throws IOException {
        return Files.writeString(temporary.resolve("a.json"), SmallZoo.SIREN.toJson());
    }

    private Path safetensors() throws IOException {
        Execution.of("zoo", "export", zoo().toString(), "--row", "a/2", "--out", temporary.toString());
        return temporary.resolve("a_2.safetensors");
    }

    @Test
    void theFirstNetworkOfAZooIsShownAsTables() throws IOException {
        Execution show = Execution.of("graph", "show", zoo().toString());
        assertEquals(
                new Execution(0, "a/0 of small: siren 2-3-1, 6 neurons, 9 edges, 13 parameters\n" + TABLES, ""), show);
    }

    @Test
    void anotherRowIsChosenById() throws IOException {
        Execution show = Execution.of("graph", "show", zoo().toString(), "--row", "a/3");
        assertTrue(show.out().startsWith("a/3 of small: "), show.out());
    }

    @Test
    void anUnknownRowIsNotFound() throws IOException {
        Path zoo = zoo();
        assertEquals(
                new Execution(4, "", "weft graph show: " + zoo + ": no row 'b'\n"),
                Execution.of("graph", "show", zoo.toString(), "--row", "b"));
    }

    @Test
    void anArchitectureIsShown() throws IOException {
        Execution show = Execution.of("graph", "show", architecture().toString());
        assertEquals("a.json: siren 2-3-1, 6 neurons, 9 edges, 13 parameters\n" + TABLES, show.out());
    }

    @Test
    void aSafetensorsFileIsRecognised() throws IOException {
        Execution show = Execution.of("graph", "show", safetensors().toString(), "--json");
        assertEquals(0, show.exitCode(), show.err());
        JsonNode read = JsonMapper.builder().build().readTree(show.out());
        assertEquals(SmallZoo.SIREN.fingerprint(), read.get("fingerprint").textValue());
        assertEquals("hidden", read.at("/blocks/1/role").textValue());
        assertEquals("seq.0.weight", read.at("/weights/0/tensor").textValue());
    }

    @Test
    void theFileNameSaysTheFormat() throws IOException {
        Path picture = temporary.resolve("n.svg");
        Execution show = Execution.of("graph", "show", zoo().toString(), "--out", picture.toString());
        assertEquals(new Execution(0, "written to " + picture + "\n", ""), show);
        assertTrue(Files.readString(picture).contains("<svg"));
    }

    @Test
    void dotAndGraphMlGoToStandardOutput() throws IOException {
        Path zoo = zoo();
        assertTrue(Execution.of("graph", "show", zoo.toString(), "--format", "dot")
                .out()
                .startsWith("digraph G {\n"));
        String neurons = Execution.of(
                        "graph", "show", zoo.toString(), "--format", "graphml", "--neurons", "--row", "a/3")
                .out();
        assertTrue(neurons.contains("seq.0[2]"), neurons);
        assertTrue(neurons.contains(">3.0<"), neurons);
    }

    @Test
    void neuronsNeedValues() throws IOException {
        Path file = architecture();
        assertEquals(
                new Execution(
                        2,
                        "",
                        "weft graph show: " + file + " is an architecture without values; --neurons needs a"
                                + " checkpoint or a zoo\n"),
                Execution.of("graph", "show", file.toString(), "--format", "dot", "--neurons"));
    }

    @Test
    void withoutValuesThePictureHasLanes() throws IOException {
        Execution show = Execution.of("graph", "show", architecture().toString(), "--format", "svg");
        assertEquals(0, show.exitCode(), show.err());
        assertTrue(show.out().contains("seq.0.weight  [3, 2]"), show.out());
    }

    @Test
    void aFamilyIsShownInItsPublishedSize() {
        Execution show = Execution.of("graph", "show", "--family", "resnet18");
        assertTrue(show.out().contains("11,699,112 parameters"), show.out());
        assertTrue(show.out().contains("layer1.0.conv1.weight"), show.out());
        Execution unknown = Execution.of("graph", "show", "--family", "resnet19");
        assertEquals(2, unknown.exitCode());
        assertTrue(
                unknown.err().startsWith("weft graph show: no family 'resnet19', expected one of mlp, siren,"),
                unknown.err());
    }

    @Test
    void aNetworkMustBeNamedOnce() throws IOException {
        assertEquals(
                "weft graph show: Missing required parameter: 'NETWORK'\nTry 'weft graph show --help'.\n",
                Execution.of("graph", "show").err());
        assertEquals(
                "weft graph show: expected a file or --family, found both\nTry 'weft graph show --help'.\n",
                Execution.of("graph", "show", architecture().toString(), "--family", "gpt2")
                        .err());
    }

    @Test
    void aRowOfAFileIsRefused() throws IOException {
        Path file = architecture();
        assertEquals(
                new Execution(
                        2, "", "weft graph show: --row: expected a zoo's directory, found the file " + file + "\n"),
                Execution.of("graph", "show", file.toString(), "--row", "a"));
    }

    @Test
    void damagedFilesAreNamed() throws IOException {
        Path json = Files.writeString(temporary.resolve("bad.json"), "{}");
        Execution architecture = Execution.of("graph", "show", json.toString());
        assertEquals(3, architecture.exitCode());
        assertTrue(architecture.err().startsWith("weft graph show: " + json + ": "), architecture.err());

        Path tensors = Files.writeString(temporary.resolve("bad.safetensors"), "short");
        Execution cut = Execution.of("graph", "show", tensors.toString());
        assertEquals(3, cut.exitCode());
        assertTrue(cut.err().startsWith("weft graph show: " + tensors + ": "), cut.err());
    }

    @Test
    void missingFilesAreNotFound() {
        Path missing = temporary.resolve("no.safetensors");
        assertEquals(
                new Execution(4, "", "weft graph show: " + missing + ": no such file or directory\n"),
                Execution.of("graph", "show", missing.toString()));
    }

    @Test
    void anUnknownFormatListsTheKnown() {
        assertEquals(
                new Execution(
                        2,
                        "",
                        "weft graph show: Invalid value for option '--format': expected one of"
                                + " [TEXT, JSON, DOT, GRAPHML, SVG] (case-insensitive) but was 'png'\n"
                                + "Try 'weft graph show --help'.\n"),
                Execution.of("graph", "show", "x", "--format", "png"));
    }
}
