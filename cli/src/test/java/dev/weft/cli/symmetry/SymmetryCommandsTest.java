package dev.weft.cli.symmetry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.checkpoints.ZooExport;
import dev.weft.checkpoints.format.Safetensors;
import dev.weft.cli.Execution;
import dev.weft.cli.SmallZoo;
import dev.weft.network.Architecture;
import dev.weft.network.Layer;
import dev.weft.network.Mlp;
import dev.weft.network.Seed;
import dev.weft.network.Siren;
import dev.weft.symmetry.NeuronPermutation;
import dev.weft.symmetry.RandomParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SymmetryCommandsTest {

    private static final Architecture RELU = Mlp.of(List.of(3, 8, 6, 2), new Layer.Relu(), true);

    @TempDir
    private Path temporary;

    private Path written(String name, Architecture architecture, double[] row) throws IOException {
        Path file = temporary.resolve(name);
        ZooExport.write(architecture, floats(row), Map.of(), file);
        return file;
    }

    private static float[] floats(double[] row) {
        float[] floats = new float[row.length];
        for (int i = 0; i < row.length; i++) {
            floats[i] = (float) row[i];
        }
        return floats;
    }

    private static String resource(String name) {
        return Path.of("src/test/resources/align", name).toString();
    }

    private static JsonNode json(Execution execution) throws IOException {
        assertEquals(0, execution.exitCode(), execution.err());
        return JsonMapper.builder().build().readTree(execution.out());
    }

    /** Trained apart on the digits (src/test/python/digit_pairs.py): what lies between them is worse than both, until aligned. */
    @ParameterizedTest
    @CsvSource({"mlp, 0.5, 0.02", "cnn, 15, 6"})
    void theBarrierBetweenTrainedNetworksFalls(String name, double before, double after) throws IOException {
        Path plot = temporary.resolve("barrier.png");
        Path out = temporary.resolve("aligned.safetensors");
        Execution align = Execution.of(
                "align",
                resource(name + "-a.safetensors"),
                resource(name + "-b.safetensors"),
                "--out",
                out.toString(),
                "--plot",
                plot.toString(),
                "--json");
        JsonNode report = json(align);
        assertTrue(report.at("/curve/before/barrier").doubleValue() > before, align.out());
        assertTrue(report.at("/curve/after/barrier").doubleValue() < after, align.out());
        assertEquals(
                "cross-entropy on 1797 images of digits",
                report.at("/curve/measure").textValue());
        int last = report.at("/curve/t").size() - 1;
        assertEquals(15, last);
        double atB = report.at("/curve/before/losses/" + last).doubleValue();
        assertEquals(atB, report.at("/curve/after/losses/" + last).doubleValue(), 1e-5 * atB);
        assertTrue(Files.exists(out));
        Execution again = Execution.of("align", resource(name + "-a.safetensors"), out.toString(), "--json");
        assertTrue(json(again).at("/blocks/0/moved").intValue() <= 1, again.out());
    }

    @Test
    void aPlantedPermutationIsUndoneInTheFile() throws IOException {
        double[] row = RandomParameters.row(RELU, new Seed(1));
        Path a = written("a.safetensors", RELU, row);
        Path b = written(
                "b.safetensors",
                RELU,
                NeuronPermutation.random(RELU, new Seed(2)).apply(row));
        Path out = temporary.resolve("c.safetensors");
        for (String by : List.of("weights", "activations")) {
            Execution align =
                    Execution.of("align", a.toString(), b.toString(), "--by", by, "--out", out.toString(), "--force");
            assertEquals(0, align.exitCode(), align.err());
            assertTrue(align.out().contains("random inputs"), align.out());
            assertArrayEquals(values(a), values(out), 0, by);
        }
    }

    private static float[] values(Path path) throws IOException {
        try (Safetensors file = Safetensors.open(path)) {
            float[] all = new float[0];
            for (String name : file.tensors().keySet()) {
                float[] more = file.floats(name);
                float[] longer = Arrays.copyOf(all, all.length + more.length);
                System.arraycopy(more, 0, longer, all.length, more.length);
                all = longer;
            }
            return all;
        }
    }

    @Test
    void networksOfAnOrbitHaveOneCanonicalFile() throws IOException {
        Architecture siren = Siren.of(List.of(2, 6, 5, 1), 30, 0.5);
        double[] row = RandomParameters.row(siren, new Seed(1));
        Path a = written("a.safetensors", siren, row);
        Path b = written(
                "b.safetensors",
                siren,
                NeuronPermutation.random(siren, new Seed(2)).apply(row));
        Path canonicalA = temporary.resolve("ca.safetensors");
        Path canonicalB = temporary.resolve("cb.safetensors");
        JsonNode report = json(Execution.of("canonicalize", a.toString(), "--out", canonicalA.toString(), "--json"));
        assertTrue(report.get("unique").booleanValue());
        assertEquals("seq.0", report.at("/stability/blocks/0/name").textValue());
        assertTrue(report.at("/stability/smallest_phase").isNumber(), report.toString());
        assertTrue(report.at("/stability/smallest_norm").isNull(), report.toString()); // sines have no scales
        Execution text = Execution.of("canonicalize", b.toString(), "--out", canonicalB.toString());
        assertTrue(text.out().contains("The form is unique"), text.out());
        assertArrayEquals(values(canonicalA), values(canonicalB), 1e-6f);
    }

    /** All neurons of the small zoo's networks are alike. */
    @Test
    void tiesAreReported() throws IOException {
        Path zoo = SmallZoo.write(temporary.resolve("zoo"));
        Execution canonical = Execution.of("canonicalize", zoo.toString(), "--row", "a/1");
        assertEquals(0, canonical.exitCode(), canonical.err());
        assertTrue(canonical.out().contains("not unique"), canonical.out());
    }

    @Test
    void anExpandedNetworkIsReadAgain() throws IOException {
        Path a = written("a.safetensors", RELU, RandomParameters.row(RELU, new Seed(1)));
        Path out = temporary.resolve("larger.safetensors");
        JsonNode report = json(Execution.of(
                "expand",
                a.toString(),
                "--identity-after",
                "act.1",
                "--width",
                "seq.*=9",
                "--split",
                "seq.0=12",
                "--out",
                out.toString(),
                "--json"));
        assertEquals("mlp 3-12-9-9-2", report.get("to").textValue());
        assertTrue(report.get("difference").doubleValue() < 1e-12);
        assertEquals(0, Execution.of("canonicalize", out.toString()).exitCode());
    }

    @Test
    void refusalsSayWhatIsWrongAndWriteNothing() throws IOException {
        Path a = written("a.safetensors", RELU, RandomParameters.row(RELU, new Seed(1)));
        Architecture other = Mlp.of(List.of(3, 9, 6, 2), new Layer.Relu(), true);
        Path b = written("b.safetensors", other, RandomParameters.row(other, new Seed(1)));
        Path out = temporary.resolve("out.safetensors");
        Execution align = Execution.of("align", a.toString(), b.toString(), "--out", out.toString());
        assertEquals(3, align.exitCode());
        assertTrue(align.err().contains("b.safetensors: expected the architecture of"), align.err());
        Execution missing =
                Execution.of("align", a.toString(), temporary.resolve("x.pt").toString());
        assertEquals(4, missing.exitCode(), missing.err());
        Execution row = Execution.of("align", a.toString(), a.toString(), "--row-a", "1");
        assertEquals(2, row.exitCode());
        assertTrue(row.err().contains("expected a zoo to take row '1' of"), row.err());
        Execution images = Execution.of("align", a.toString(), a.toString(), "--plot", "x.jpg");
        assertTrue(images.err().contains("--plot: expected a name that ends in .png, got x.jpg"), images.err());
        Execution nothing = Execution.of("expand", a.toString(), "--out", out.toString());
        assertEquals(2, nothing.exitCode());
        assertTrue(nothing.err().contains("expected an expansion"), nothing.err());
        Execution smaller = Execution.of("expand", a.toString(), "--width", "seq.0=2", "--out", out.toString());
        assertEquals(2, smaller.exitCode());
        assertTrue(smaller.err().contains("block 'seq.0': expected a size above 8, got 2"), smaller.err());
        Execution heads = Execution.of("expand", a.toString(), "--head-count", "2", "--out", out.toString());
        assertTrue(heads.err().contains("has no attention"), heads.err());
        assertFalse(Files.exists(out));
    }

    @Test
    void aValueThatIsNoNumberIsRefused() throws IOException {
        double[] row = RandomParameters.row(RELU, new Seed(1));
        row[0] = Double.NaN;
        Path b = written("b.safetensors", RELU, row);
        Execution align = Execution.of("align", b.toString(), b.toString());
        assertEquals(3, align.exitCode());
        assertTrue(align.err().contains("'seq.0.weight': expected finite values, found NaN at 0"), align.err());
    }
}
