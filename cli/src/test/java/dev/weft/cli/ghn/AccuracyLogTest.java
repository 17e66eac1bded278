package dev.weft.cli.ghn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.datasets.architecture.ScratchTraining;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccuracyLogTest {

    @Test
    void accuraciesAreNotedAndReadAgain(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("accuracies.jsonl");
        AccuracyLog log = AccuracyLog.open(file, "protocol");
        log.append("test-1", new ScratchTraining.Outcome(List.of(0.25, 0.5), false), 2);
        log.append("test-2", new ScratchTraining.Outcome(List.of(0.1, 0.1), true), 3);
        Files.writeString(file, Files.readString(file) + "{\"protocol\":\"pro"); // the process was killed
        AccuracyLog again = AccuracyLog.open(file, "protocol");
        assertEquals(0.5, again.find("test-1").orElseThrow().last());
        assertTrue(again.find("test-2").orElseThrow().diverged());
        assertTrue(again.find("test-3").isEmpty());
        again.append("test-3", new ScratchTraining.Outcome(List.of(0.5, 0.75), false), 2);
        assertEquals(
                0.75,
                AccuracyLog.open(file, "protocol").find("test-3").orElseThrow().last());
        assertThrows(IllegalArgumentException.class, () -> AccuracyLog.open(file, "another"));
    }

    @Test
    void damagedLogsAreRefused(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("accuracies.jsonl");
        for (String line : List.of(
                "no JSON",
                "{\"protocol\":\"p\",\"network\":\"n\",\"accuracies\":[],\"diverged\":false,\"seconds\":1}",
                "{\"protocol\":\"p\",\"network\":\"n\",\"accuracies\":[2],\"diverged\":false,\"seconds\":1}",
                "{\"network\":\"n\"}")) {
            Files.writeString(file, line + "\n");
            FormatException refused = assertThrows(FormatException.class, () -> AccuracyLog.open(file, "p"));
            assertTrue(refused.getMessage().startsWith(file + ": line 1"), refused.getMessage());
        }
    }
}
