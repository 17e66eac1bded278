package dev.weft.metanets.nowcast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.checkpoints.format.SafetensorsWriter;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which checkpoints a watched folder offers next. */
class NowcastFolderTest {

    @TempDir
    private Path folder;

    private void checkpoints(int... numbers) throws IOException {
        for (int number : numbers) {
            new SafetensorsWriter()
                    .add("w", List.of(1L), new float[] {number})
                    .write(folder.resolve("step-" + number + ".safetensors"));
        }
    }

    private List<String> next(int every) throws IOException {
        Optional<NowcastFolder.Window> window = new NowcastFolder(folder, every).next();
        return window.stream()
                .flatMap(each -> each.states().stream())
                .map(file -> String.valueOf(file.getFileName()).replaceAll("\\D", ""))
                .toList();
    }

    private void finish(int every) throws IOException {
        NowcastFolder watched = new NowcastFolder(folder, every);
        watched.finish(watched.next().orElseThrow());
    }

    @Test
    void fiveCheckpointsInTheOrderOfTheirNumbers() throws IOException {
        checkpoints(1000, 200, 400, 800);
        assertEquals(List.of(), next(5));
        checkpoints(600);
        assertEquals(List.of("200", "400", "600", "800", "1000"), next(5));
    }

    @Test
    void aForecastIsNamedAfterItsLastState() throws IOException {
        checkpoints(1, 2, 3, 4, 5);
        NowcastFolder.Window window = new NowcastFolder(folder, 5).next().orElseThrow();
        assertEquals(folder.resolve("nowcast-step-5.safetensors"), window.out());
        assertEquals(5, window.number());
        assertEquals(0, window.index());
    }

    @Test
    void statesBeforeAForecastAreNotUsedAgain() throws IOException {
        checkpoints(1, 2, 3, 4, 5);
        finish(5);
        checkpoints(6, 7, 8, 9);
        assertEquals(List.of(), next(5));
        checkpoints(10);
        assertEquals(List.of("6", "7", "8", "9", "10"), next(5));
        assertEquals(1, new NowcastFolder(folder, 5).next().orElseThrow().index());
    }

    @Test
    void forecastsMayShareStatesIfAskedTo() throws IOException {
        checkpoints(1, 2, 3, 4, 5);
        finish(2);
        checkpoints(6);
        assertEquals(List.of(), next(2));
        checkpoints(7);
        assertEquals(List.of("3", "4", "5", "6", "7"), next(2));
    }

    @Test
    void halfWrittenCheckpointsWait() throws IOException {
        checkpoints(1, 2, 3, 4, 5);
        Path last = folder.resolve("step-5.safetensors");
        byte[] whole = Files.readAllBytes(last);
        for (int length : new int[] {0, 4, 8, 30, whole.length - 1}) {
            Files.write(last, Arrays.copyOf(whole, length));
            assertEquals(List.of(), next(5), length + " bytes");
        }
        Files.write(last, whole);
        assertEquals(List.of("1", "2", "3", "4", "5"), next(5));
    }

    @Test
    void aHoleThatStaysIsLeftBehind() throws IOException {
        checkpoints(1, 2, 4, 5, 6);
        Files.write(folder.resolve("step-3.safetensors"), new byte[10]);
        assertEquals(List.of(), next(5));
        checkpoints(7, 8);
        assertEquals(List.of("4", "5", "6", "7", "8"), next(5));
    }

    @Test
    void aForecastThatWasWrittenBeforeItWasNotedCounts() throws IOException {
        checkpoints(1, 2, 3, 4, 5);
        Files.copy(folder.resolve("step-5.safetensors"), folder.resolve("nowcast-step-5.safetensors"));
        assertEquals(List.of(), next(5));
        checkpoints(6, 7, 8, 9, 10);
        assertEquals(1, new NowcastFolder(folder, 5).next().orElseThrow().index());
    }

    @Test
    void aDeletedForecastIsNotMadeAgain() throws IOException {
        checkpoints(1, 2, 3, 4, 5);
        finish(5);
        assertEquals(List.of(), next(5));
    }

    @Test
    void otherFilesAreNoCheckpoints() throws IOException {
        checkpoints(1, 2, 3, 4);
        Files.writeString(folder.resolve("log-5.txt"), "x");
        Files.copy(folder.resolve("step-1.safetensors"), folder.resolve(".step-5.safetensors"));
        Files.copy(folder.resolve("step-1.safetensors"), folder.resolve("best.safetensors"));
        Files.copy(folder.resolve("step-1.safetensors"), folder.resolve("step-5.safetensors.tmp"));
        Files.createDirectory(folder.resolve("step-6.safetensors"));
        assertEquals(List.of(), next(5));
    }

    @Test
    void aDamagedNoteIsRefused() throws IOException {
        Files.writeString(folder.resolve(".weft-nowcast"), "x");
        assertThrows(FormatException.class, () -> next(5));
    }
}
