package dev.weft.checkpoints.format.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZipWriterTest {

    private static final byte[] SMALL = {1, 2, 3};
    private static final byte[] LARGE = new byte[500];

    @TempDir
    Path folder;

    private Path write(long limit32) throws IOException {
        Path file = folder.resolve("x.zip");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ZipWriter zip = new ZipWriter(channel, limit32);
            zip.add("a/small", SMALL);
            zip.add("a/large", LARGE);
            zip.add("a/last", SMALL);
            zip.finish();
        }
        return file;
    }

    /** 4 GiB is the limit in earnest; with a lower one, entries and offsets take their zip64 form in a small file. */
    @ParameterizedTest
    @ValueSource(longs = {0xffffffffL, 600, 400, 2})
    void entriesAreAlignedAndReadBack(long limit32) throws IOException {
        Path file = write(limit32);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            Map<String, ZipEntry> entries = ZipDirectory.read(file, channel);
            assertEquals(List.of("a/small", "a/large", "a/last"), List.copyOf(entries.keySet()));
            assertEquals(
                    List.of(3L, 500L, 3L),
                    entries.values().stream().map(ZipEntry::size).toList());
            for (ZipEntry entry : entries.values()) {
                assertEquals(0, entry.offset() % 64, entry.toString());
            }
        }
        try (ZipFile java = new ZipFile(file.toFile());
                InputStream last = java.getInputStream(java.getEntry("a/last"))) {
            assertEquals(500, java.getEntry("a/large").getSize());
            assertArrayEquals(SMALL, last.readAllBytes()); // checks the CRC
        }
    }

    @Test
    void anEntryMustBeAsLongAsAnnounced() throws IOException {
        try (FileChannel channel =
                FileChannel.open(folder.resolve("y.zip"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ZipWriter zip = new ZipWriter(channel);
            IllegalStateException e = assertThrows(IllegalStateException.class, () -> zip.add("a", 4, sink -> {}));
            assertEquals("entry 'a': expected 4 bytes, got 0", e.getMessage());
        }
    }
}
