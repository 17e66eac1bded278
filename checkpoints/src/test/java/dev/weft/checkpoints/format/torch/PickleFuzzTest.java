package dev.weft.checkpoints.format.torch;

import dev.weft.checkpoints.format.FormatFixtures;
import dev.weft.checkpoints.format.FuzzedReading;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Damaged pickles in sound archives. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class PickleFuzzTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"views.pt, 1", "nested-5.pt, 2"})
    void pickles(String name, long seed) throws IOException {
        TorchArchive archive = TorchArchive.of(FormatFixtures.file(name));
        String entry = archive.name("/data.pkl");
        Path file = folder.resolve("x.pt");
        FuzzedReading.fuzz(
                archive.get("/data.pkl"),
                seed,
                file,
                damaged -> archive.put(entry, damaged).write(file));
    }
}
