package dev.weft.datasets.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.network.FormatException;
import dev.weft.network.Seed;
import dev.weft.testing.Mutations;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
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

    @Test
    void textsThatEndBeyondTheFileAreNotAllocated() throws IOException {
        Path path = folder.resolve("a.arrow");
        ArchitectureFile written = sampled();
        written.write(path);
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(endOfIds(bytes, written), Integer.MAX_VALUE - 1000);
        Files.write(path, bytes.array());
        FormatException refused = assertThrows(FormatException.class, () -> ArchitectureFile.read(path));
        assertTrue(refused.getMessage().contains("column id: row 4 has offsets"), refused.getMessage());
    }

    /** Returns where the offset is that ends the last id. */
    private static int endOfIds(ByteBuffer bytes, ArchitectureFile file) {
        int[] offsets = new int[file.networks().size() + 1];
        for (int i = 1; i < offsets.length; i++) {
            offsets[i] = offsets[i - 1] + file.networks().get(i - 1).id().length();
        }
        for (int at = 0; at + Integer.BYTES * offsets.length <= bytes.limit(); at += Integer.BYTES) {
            int[] found = new int[offsets.length];
            bytes.slice(at, Integer.BYTES * found.length)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asIntBuffer()
                    .get(found);
            if (Arrays.equals(found, offsets)) {
                return at + Integer.BYTES * (offsets.length - 1);
            }
        }
        throw new AssertionError("no offsets of ids");
    }
}
