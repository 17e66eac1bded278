package dev.weft.cli.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.checkpoints.format.Dtype;
import dev.weft.checkpoints.format.SafetensorsWriter;
import dev.weft.checkpoints.format.TensorFile;
import dev.weft.cli.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code weft inspect} and {@code weft convert}, on two tensors and a text. */
class CheckpointCommandsTest {

    @TempDir
    Path folder;

    private String in;

    @BeforeEach
    void writeFile() throws IOException {
        Path file = folder.resolve("in.safetensors");
        new SafetensorsWriter()
                .metadata("w0", "30")
                .add("weight", List.of(2L, 2L), new float[] {1, 2, 3, Float.NaN})
                .add("steps", new long[] {2}, new long[] {7, 0})
                .add("mask", Dtype.BOOL, List.of(3L), new byte[] {1, 0, 1})
                .write(file);
        in = file.toString();
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    @Test
    void inspectListsTensorsAndMetadata() {
        assertEquals(new Execution(0, """
                %s: safetensors, 3 tensors, 9 parameters, 35 B

                network: not recognised: %s: no known family of networks has the tensors [mask, steps, weight]; an\
                 architecture in JSON can say what the network is (--arch)

                tensor  dtype  shape   bytes
                ------  -----  ------  -----
                mask    BOOL   [3]         3
                steps   I64    [2]        16
                weight  F32    [2, 2]     16

                metadata
                --------  --
                w0        30
                """.formatted(in, in), ""), Execution.of("inspect", in));
    }

    @Test
    void inspectShowsStatisticsOfRealAndWholeNumbers() {
        Execution run = Execution.of("inspect", in, "--stats", "--no-progress");
        assertTrue(run.out().contains("""
                tensor  dtype  shape    mean     std    min    max  zeros  nan  inf
                ------  -----  ------  -----  ------  -----  -----  -----  ---  ---
                mask    BOOL   [3]         -       -      -      -      -    -    -
                steps   I64    [2]     3.500   3.500  0.000  7.000      1    0    0
                weight  F32    [2, 2]  2.000  0.8165  1.000  3.000      0    1    0
                """), run.out());
    }

    @Test
    void inspectAsJsonHasTheSame() throws IOException {
        JsonNode json = JsonMapper.builder()
                .build()
                .readTree(Execution.of("inspect", in, "--stats", "--json", "-q").out());
        assertEquals("safetensors", json.path("format").textValue());
        assertEquals(9, json.path("parameters").longValue());
        assertEquals("weight", json.at("/tensors/2/name").textValue());
        assertEquals(2.0, json.at("/tensors/2/statistics/mean").doubleValue());
        assertEquals(1, json.at("/tensors/2/statistics/nans").longValue());
        assertTrue(json.at("/tensors/0/statistics").isMissingNode());
        assertEquals("30", json.at("/metadata/w0").textValue());
    }

    @ParameterizedTest
    @CsvSource({
        "out.pt, pytorch",
        "out.pth, pytorch",
        "out.bin, pytorch",
        "out.onnx, onnx",
        "out.safetensors, safetensors",
        "out.safetensors.index.json, sharded"
    })
    void convertWritesWhatTheExtensionSays(String name, String format) throws IOException {
        Execution run = Execution.of("convert", in, path(name), "--no-progress");
        assertEquals(new Execution(0, "3 tensors, 35 B, written to " + path(name) + "\n", ""), run);
        try (TensorFile from = TensorFile.open(Path.of(in));
                TensorFile to = TensorFile.open(Path.of(path(name)))) {
            assertEquals(format, to.format());
            assertEquals(Map.of("w0", "30"), to.metadata());
            for (String tensor : from.tensors().keySet()) {
                assertEquals(from.bytes(tensor), to.bytes(tensor));
            }
        }
    }

    @Test
    void convertRoundsFloatingTensorsOnly() throws IOException {
        Execution run = Execution.of("convert", in, path("x"), "--to", "pytorch", "--dtype", "BF16", "--json", "-q");
        assertEquals(0, run.exitCode(), run.err());
        assertEquals(
                27,
                JsonMapper.builder().build().readTree(run.out()).path("bytes").longValue());
        try (TensorFile to = TensorFile.open(Path.of(path("x")))) {
            assertEquals(Dtype.BF16, to.tensor("weight").dtype());
            assertEquals(Dtype.I64, to.tensor("steps").dtype());
            assertArrayEquals(new float[] {1, 2, 3, Float.NaN}, to.floats("weight"));
        }
    }

    @Test
    void convertSplitsIntoShardsWhereNeeded() throws IOException {
        Execution run = Execution.of("convert", in, path("m.safetensors"), "--max-shard-size", "20", "--no-progress");
        assertEquals("3 tensors, 35 B, written to " + path("m.safetensors.index.json") + "\n", run.out(), run.err());
        assertTrue(Files.exists(folder.resolve("m-00002-of-00002.safetensors")));
        assertFalse(Files.exists(folder.resolve("m.safetensors")));
        assertEquals(
                0, Execution.of("inspect", path("m.safetensors.index.json")).exitCode());
        Execution whole =
                Execution.of("convert", in, path("w.safetensors"), "--max-shard-size", "1KiB", "--no-progress");
        assertEquals("3 tensors, 35 B, written to " + path("w.safetensors") + "\n", whole.out(), whole.err());
    }

    @Test
    void convertReplacesNothingUnlessForced() throws IOException {
        Files.writeString(folder.resolve("out.pt"), "precious");
        Execution run = Execution.of("convert", in, path("out.pt"), "--no-progress");
        assertEquals(
                new Execution(2, "", "weft convert: " + path("out.pt") + ": exists already; --force replaces it\n"),
                run);
        assertEquals("precious", Files.readString(folder.resolve("out.pt")));
        assertEquals(
                0,
                Execution.of("convert", in, path("out.pt"), "--force", "--no-progress")
                        .exitCode());
        Execution same = Execution.of("convert", in, in, "--force");
        assertEquals(2, same.exitCode());
        assertTrue(same.err().startsWith("weft convert: IN and OUT are the same file\n"), same.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--dtype=i8", "--to=zip", "--max-shard-size=5XB", "--into=no.onnx"})
    void convertRefusesWhatMakesNoSense(String option) {
        Execution run = Execution.of("convert", in, path("out.safetensors"), option);
        assertEquals(2, run.exitCode(), run.err());
        assertTrue(run.err().contains(option.substring(0, option.indexOf('='))), run.err());
        assertFalse(Files.exists(folder.resolve("out.safetensors")));
    }

    @Test
    void unknownExtensionsAreRefused() {
        Execution run = Execution.of("convert", in, path("out.h5"));
        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains("give --to with one of [safetensors, sharded, pytorch, onnx]"), run.err());
    }

    @Test
    void damagedAndMissingFilesHaveTheirCodes() throws IOException {
        Path bad = Files.writeString(folder.resolve("bad.pt"), "PK\u0003\u0004 and nothing else");
        assertEquals(3, Execution.of("inspect", bad.toString()).exitCode());
        assertEquals(4, Execution.of("inspect", path("missing.pt")).exitCode());
        assertEquals(4, Execution.of("convert", in, path("no-folder/out.pt")).exitCode());
        assertEquals(
                3,
                Execution.of("convert", bad.toString(), path("out.safetensors")).exitCode());
        assertFalse(Files.exists(folder.resolve("out.safetensors")));
    }

    @Test
    void valuesGoIntoAModelWhoseTensorsFit() {
        assertEquals(
                0, Execution.of("convert", in, path("a.onnx"), "--no-progress").exitCode());
        assertEquals(
                0,
                Execution.of("convert", in, path("b.onnx"), "--into", path("a.onnx"), "--no-progress")
                        .exitCode());
        Execution cast = Execution.of("convert", path("a.onnx"), path("c.onnx"), "--dtype", "f16");
        assertEquals(2, cast.exitCode());
        assertTrue(cast.err().contains("--dtype would contradict the types in the graph"), cast.err());
        Execution other = Execution.of("convert", in, path("d.onnx"), "--into", path("a.onnx"), "--dtype", "f16", "-q");
        assertEquals(2, other.exitCode());
        assertTrue(other.err().contains("tensor 'weight': expected F32 [2, 2] as in "), other.err());
    }
}
