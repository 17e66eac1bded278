package dev.weft.datasets.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.network.FormatException;
import dev.weft.network.Seed;
import dev.weft.testing.Mutations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchitectureFileTest {

    @TempDir
    private Path folder;

    private static ArchitectureFile sampled() {
        return new ArchitectureFile(
                "micro",
                7,
                new NetworkSampling(CellSpace.MICRO, new Seed(7))
                        .draw(Map.of(ArchitectureSplit.TRAIN, 3, ArchitectureSplit.TEST, 2), done -> {}));
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        Path path = folder.resolve("a.arrow");
        ArchitectureFile written = sampled();
        written.write(path);
        ArchitectureFile read = ArchitectureFile.read(path);
        assertEquals(written, read);
        assertEquals(2, read.of(ArchitectureSplit.TEST).size());
        assertEquals(
                written.networks().get(0).architecture(), read.networks().get(0).architecture());
    }

    @Test
    void otherFilesAreRefused() throws IOException {
        assertThrows(NoSuchFileException.class, () -> ArchitectureFile.read(folder.resolve("none")));
        Path text = Files.writeString(folder.resolve("text"), "no Arrow file, but long enough to be looked at");
        FormatException refused = assertThrows(FormatException.class, () -> ArchitectureFile.read(text));
        assertTrue(refused.getMessage().contains("expected an Arrow file of architectures"), refused.getMessage());
    }

    @Test
    void damagedFilesAreRefusedOrReadAsTheyAre() throws IOException {
        Path path = folder.resolve("a.arrow");
        sampled().write(path);
        Path damaged = folder.resolve("damaged");
        Mutations.fuzz(Files.readAllBytes(path), 60, new Seed(8), bytes -> {
            Files.write(damaged, bytes);
            ArchitectureFile.read(damaged);
        });
    }
}
