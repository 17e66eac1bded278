package dev.weft.checkpoints.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every format gives the tensors that torch or onnx gave, and is known by its content. */
class TensorFileTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "state_dict.pt, state_dict.pt, pytorch",
        "nested-2.pt, nested.pt, pytorch",
        "nested-4.pt, nested.pt, pytorch",
        "nested-5.pt, nested.pt, pytorch",
        "views.pt, views.pt, pytorch",
        "dtypes.pt, dtypes.pt, pytorch",
        "big-endian.pt, big-endian.pt, pytorch",
        "model.onnx, model.onnx, onnx",
        "types.onnx, types.onnx, onnx",
        "external.onnx, external.onnx, onnx",
        "shards.safetensors.index.json, shards.safetensors.index.json, sharded"
    })
    void givesWhatPythonGave(String name, String expectation, String format) throws IOException {
        try (TensorFile file = TensorFile.open(FormatFixtures.file(name));
                TensorFile expected = TensorFile.open(FormatFixtures.file(expectation + ".expected.safetensors"))) {
            assertEquals(format, file.format());
            FormatFixtures.assertSameTensors(expected, file);
        }
    }

    @Test
    void theNameOfAFileDoesNotMatter() throws IOException {
        for (String name : List.of("state_dict.pt", "model.onnx", "state_dict.pt.expected.safetensors")) {
            Path copy = folder.resolve("copy-of-" + name.length());
            Files.copy(FormatFixtures.file(name), copy);
            try (TensorFile original = TensorFile.open(FormatFixtures.file(name));
                    TensorFile file = TensorFile.open(copy)) {
                assertEquals(original.format(), file.format());
            }
        }
    }

    @Test
    void formatsAreKnownByNameAndExtension() {
        assertEquals(
                List.of("safetensors", "sharded", "pytorch", "onnx"),
                TensorFormat.all().stream().map(TensorFormat::name).toList());
        assertEquals("pytorch", name(TensorFormat.forName(Path.of("a/pytorch_model.BIN"))));
        assertEquals("sharded", name(TensorFormat.forName(Path.of("m.safetensors.index.json"))));
        assertEquals("safetensors", name(TensorFormat.forName(Path.of("m.index.json.safetensors"))));
        assertEquals(Optional.empty(), TensorFormat.forName(Path.of("model.h5")));
        assertEquals("onnx", name(TensorFormat.named("onnx")));
    }

    private static String name(Optional<TensorFormat> format) {
        return format.orElseThrow().name();
    }

    @ParameterizedTest
    @CsvSource({
        "GGUFxxxx, 'this is GGUF, a format of llama.cpp'",
        "PAR1xxxx, this is Parquet",
        "hello, 'expected one of [safetensors, sharded, pytorch, onnx], found none of them'",
        "'', 'expected one of [safetensors, sharded, pytorch, onnx], found an empty file'"
    })
    void otherFilesAreRefusedByTheirKind(String content, String message) throws IOException {
        Path file = folder.resolve("x.pt");
        Files.write(file, content.getBytes(StandardCharsets.ISO_8859_1));
        FormatException e = assertThrows(FormatException.Unsupported.class, () -> TensorFile.open(file));
        assertEquals(file + ": " + message, e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors.index.json", "pytorch_model.bin", "model.safetensors"})
    void aFolderStandsForTheCheckpointInIt(String name) throws IOException {
        String content = name.endsWith("json")
                ? "shards.safetensors.index.json"
                : name.endsWith("bin") ? "state_dict.pt" : "state_dict.pt.expected.safetensors";
        Files.copy(FormatFixtures.file(content), folder.resolve(name));
        for (String shard : List.of("shards-00001-of-00002.safetensors", "shards-00002-of-00002.safetensors")) {
            Files.copy(FormatFixtures.file(shard), folder.resolve(shard));
        }
        try (TensorFile file = TensorFile.open(folder)) {
            assertEquals(folder.resolve(name), file.file());
        }
    }

    @Test
    void missingFilesAreSaidToBeMissing() {
        assertThrows(NoSuchFileException.class, () -> TensorFile.open(folder.resolve("no.pt")));
        NoSuchFileException e = assertThrows(NoSuchFileException.class, () -> TensorFile.open(folder));
        assertTrue(e.getMessage().contains("no checkpoint called model.safetensors.index.json, "), e.getMessage());
    }

    @Test
    void readsOnlyWhatFitsTheTypeAskedFor() throws IOException {
        try (TensorFile file = TensorFile.open(FormatFixtures.file("dtypes.pt"))) {
            for (String name : List.of("float64", "float32", "float16", "bfloat16")) {
                assertArrayEquals(new float[] {0, 1, 2, 5}, file.floats(name), name);
                assertArrayEquals(new double[] {0, 1, 2, 5}, file.doubles(name), name);
            }
            for (String name : List.of("int64", "int32", "int16", "int8", "uint32", "uint16", "uint8")) {
                assertArrayEquals(new long[] {0, 1, 2, 5}, file.longs(name), name);
            }
            FormatException e = assertThrows(FormatException.class, () -> file.floats("float8_e5m2"));
            assertEquals(
                    file.file() + ": tensor 'float8_e5m2': expected F32, F64, F16 or BF16, found F8_E5M2",
                    e.getMessage());
            FormatException missing = assertThrows(FormatException.class, () -> file.floats("nothing"));
            assertTrue(missing.getMessage().contains("expected a tensor 'nothing', found [float64, float32, "));
            assertTrue(missing.getMessage().endsWith("... and 6 more]"), missing.getMessage());
        }
    }
}
