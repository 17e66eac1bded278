package dev.weft.checkpoints.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Damaged files of every format; the pickles inside archives have a test of their own. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class FormatFuzzTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "dtypes.pt.expected.safetensors, 1",
        "views.pt, 2",
        "model.onnx, 4",
        "types.onnx, 5",
    })
    void singleFiles(String name, long seed) throws IOException {
        Path file = folder.resolve("damaged");
        FuzzedReading.fuzz(Files.readAllBytes(FormatFixtures.file(name)), seed, file, damaged -> {
            Files.write(file, damaged);
            return damaged.length;
        });
    }

    @Test
    void indices() throws IOException {
        for (String shard : new String[] {"shards-00001-of-00002.safetensors", "shards-00002-of-00002.safetensors"}) {
            Files.copy(FormatFixtures.file(shard), folder.resolve(shard));
        }
        Path index = folder.resolve("x.json");
        FuzzedReading.fuzz(
                Files.readAllBytes(FormatFixtures.file("shards.safetensors.index.json")), 6, index, damaged -> {
                    Files.write(index, damaged);
                    return damaged.length;
                });
    }

    @Test
    void externalData() throws IOException {
        Files.copy(FormatFixtures.file("external.onnx.data"), folder.resolve("external.onnx.data"));
        Path model = folder.resolve("external.onnx");
        FuzzedReading.fuzz(Files.readAllBytes(FormatFixtures.file("external.onnx")), 7, model, damaged -> {
            Files.write(model, damaged);
            return damaged.length;
        });
    }
}
