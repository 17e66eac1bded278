package dev.weft.checkpoints.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.network.FormatException;
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

/** Three tensors of 8, 12 and 4 bytes, in shards. */
class ShardedTest {

    @TempDir
    Path folder;

    private Path index;

    private final SafetensorsWriter tensors = new SafetensorsWriter()
            .metadata("w0", "30")
            .add("a", List.of(2L), new float[] {1, 2})
            .add("b", List.of(3L), new float[] {3, 4, 5})
            .add("c", List.of(), new float[] {6});

    @BeforeEach
    void nameFile() {
        index = folder.resolve("m.safetensors.index.json");
    }

    private void assertShards(long maxBytes, String... expected) throws IOException {
        ShardedWriter.write(tensors, index, maxBytes);
        for (int i = 0; i < expected.length; i++) {
            Path shard = folder.resolve(String.format("m-%05d-of-%05d.safetensors", i + 1, expected.length));
            try (Safetensors file = Safetensors.open(shard)) {
                assertEquals(expected[i], String.join("", file.tensors().keySet()));
            }
        }
        try (TensorFile file = TensorFile.open(index)) {
            FormatFixtures.assertSameTensors(tensors, file);
            assertEquals(Map.of("w0", "30"), file.metadata());
        }
    }

    @Test
    void shardsHoldAsMuchAsTheyMay() throws IOException {
        assertShards(24, "abc");
        assertShards(20, "ab", "c");
        assertShards(19, "a", "bc");
        assertShards(1, "a", "b", "c");
    }

    @Test
    void theIndexIsLikeHuggingFaces() throws IOException {
        ShardedWriter.write(tensors, index, 20);
        assertEquals("""
                {
                  "metadata" : {
                    "total_size" : 24,
                    "w0" : "30"
                  },
                  "weight_map" : {
                    "a" : "m-00001-of-00002.safetensors",
                    "b" : "m-00001-of-00002.safetensors",
                    "c" : "m-00002-of-00002.safetensors"
                  }
                }""", Files.readString(index));
    }

    private void assertRefused(String json, String part) throws IOException {
        Files.writeString(index, json);
        FormatException e = assertThrows(FormatException.class, () -> TensorFile.open(index));
        assertTrue(e.getMessage().startsWith(index + ": "), e.getMessage());
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"../x.safetensors", "/etc/passwd", "a/../../x", "C:x", "a\\\\b", "''"})
    void shardsOutsideTheFolderAreRefused(String shard) throws IOException {
        assertRefused(
                "{\"weight_map\": {\"a\": \"" + shard + "\"}}",
                "tensor 'a': expected the name of a file in the same folder or below, found '");
    }

    @Test
    void indexAndShardsMustAgree() throws IOException {
        ShardedWriter.write(tensors, index, 20);
        String json = Files.readString(index);
        assertRefused(
                json.replace("00002-of", "00003-of"),
                "tensor 'c' is in 'm-00003-of-00002.safetensors', which is missing");
        assertRefused(
                json.replace("\"a\" : \"m-00001-of-00002.safetensors\",", ""),
                "tensor 'a' is in m-00001-of-00002.safetensors, but the index does not say so");
        assertRefused(json.replace("\"a\" :", "\"b\" :"), "Duplicate field 'b'");
        assertRefused(json.replace("weight_map", "weights"), "a JSON file without 'weight_map'");
        assertRefused(json.replace("m-00001-of-00002.safetensors", "m.safetensors.index.json"), "is an index itself");
        assertRefused("{\"weight_map\": {\"a\": 3}}", "weight_map 'a': expected VALUE_STRING, found VALUE_NUMBER_INT");
        assertRefused("{\"weight_map\": [", "weight_map: expected START_OBJECT, found START_ARRAY");
    }

    @Test
    void aTensorThatItsShardDoesNotHaveIsNamed() throws IOException {
        ShardedWriter.write(tensors, index, 20);
        Files.writeString(index, Files.readString(index).replace("\"c\"", "\"d\""));
        FormatException e = assertThrows(FormatException.class, () -> TensorFile.open(index));
        assertEquals(
                folder.resolve("m-00002-of-00002.safetensors") + ": expected a tensor 'd', found [c]", e.getMessage());
    }

    @Test
    void theNameAndSizeOfShardsAreChecked() {
        Path plain = folder.resolve("m.json");
        assertThrows(IllegalArgumentException.class, () -> ShardedWriter.write(tensors, plain, 20));
        assertThrows(IllegalArgumentException.class, () -> ShardedWriter.write(tensors, index, 0));
        assertFalse(Files.exists(index));
    }
}
