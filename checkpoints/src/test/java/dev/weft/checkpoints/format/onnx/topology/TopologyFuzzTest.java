package dev.weft.checkpoints.format.onnx.topology;

import dev.weft.checkpoints.format.FuzzedReading;
import dev.weft.checkpoints.format.onnx.OnnxFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Damaged graphs are read or refused, quickly and without much memory. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class TopologyFuzzTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"cnn-script-13, 11", "gpt2-dynamo-18, 12", "lstm-unfolded-14, 13"})
    void damagedGraphs(String name, long seed) throws IOException {
        Path file = folder.resolve("damaged.onnx");
        byte[] valid = Files.readAllBytes(Path.of("src/test/resources/networks", name + ".onnx"));
        FuzzedReading.fuzzGraphs(valid, seed, file, TopologyFuzzTest::read);
    }

    private static void read(Path path) throws IOException {
        try (OnnxFile file = OnnxFile.open(path)) {
            OnnxTopology.read(file).row(file);
        }
    }
}
