package dev.weft.datasets.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.network.FormatException;
import dev.weft.network.Seed;
import dev.weft.testing.Mutations;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxImagesTest {

    private static final byte[] TWO_BY_THREE = {0, 51, (byte) 255, 1, 2, 3, 10, 20, 30, 40, 50, 60};

    @TempDir
    Path folder;

    /** Two images of 2 x 3 pixels. */
    private static byte[] images() {
        return idx(0x803, new int[] {2, 2, 3}, TWO_BY_THREE);
    }

    private static byte[] labels(int... labels) {
        byte[] values = new byte[labels.length];
        for (int i = 0; i < labels.length; i++) {
            values[i] = (byte) labels[i];
        }
        return idx(0x801, new int[] {labels.length}, values);
    }

    private static byte[] idx(int magic, int[] sizes, byte[] values) {
        ByteBuffer buffer =
                ByteBuffer.allocate(4 + 4 * sizes.length + values.length).putInt(magic);
        Arrays.stream(sizes).forEach(buffer::putInt);
        return buffer.put(values).array();
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private IdxImages read(byte[] images, byte[] labels) throws IOException {
        return IdxImages.read(
                Files.write(folder.resolve("small-images.idx"), images),
                Files.write(folder.resolve("small-labels.idx"), labels));
    }

    private String refusal(byte[] images, byte[] labels) {
        return assertThrows(FormatException.Corrupt.class, () -> read(images, labels))
                .getMessage();
    }

    @Test
    void readsPlainAndGzippedFiles() throws IOException {
        for (IdxImages source : List.of(read(images(), labels(7, 9)), read(gzip(images()), gzip(labels(7, 9))))) {
            assertEquals(
                    "small 2 2x3", source.name() + " " + source.size() + " " + source.height() + "x" + source.width());
            assertArrayEquals(new float[] {0, 0.2f, 1, 1 / 255f, 2 / 255f, 3 / 255f}, source.image(0), 1e-7f);
            assertEquals(9, source.label(1));
            assertEquals("small/1", source.reference(1));
            assertEquals(DataCard.UNKNOWN, source.card().licence());
        }
    }

    @Test
    void digestTellsFilesApart() throws IOException {
        String digest = read(images(), labels(7, 9)).card().digest();
        assertEquals(digest, read(images(), labels(7, 9)).card().digest());
        assertTrue(!digest.equals(read(images(), labels(7, 8)).card().digest()));
    }

    @Test
    void refusesOtherMagicNumbers() {
        String message = refusal(labels(7, 9), labels(7, 9));
        assertTrue(message.contains("small-images.idx: expected magic number 0x00000803"), message);
        assertTrue(message.contains("found 0x00000801"), message);
    }

    @Test
    void refusesCutAndOverlongFiles() throws IOException {
        byte[] cut = Arrays.copyOf(images(), images().length - 1);
        assertTrue(refusal(cut, labels(7, 9)).contains("announces 12 values [2, 2, 3], the file holds 11"));
        byte[] overlong = Arrays.copyOf(images(), images().length + 1);
        assertTrue(refusal(overlong, labels(7, 9)).contains("more data behind the 12 values"));
        assertTrue(refusal(Arrays.copyOf(images(), 9), labels(7, 9)).contains("ends inside its header"));
        byte[] gzip = gzip(images());
        assertTrue(refusal(Arrays.copyOf(gzip, gzip.length - 9), labels(7, 9)).contains("small-images.idx"));
    }

    @Test
    void refusesSizesThatLie() {
        byte[] huge = idx(0x803, new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE, 2}, new byte[8]);
        assertTrue(refusal(huge, labels(7)).contains("axis 0 has size 2147483647"));
        byte[] negative = idx(0x803, new int[] {2, -2, 3}, TWO_BY_THREE);
        assertTrue(refusal(negative, labels(7)).contains("axis 1 has size -2"));
        byte[] large = idx(0x803, new int[] {1 << 10, 1 << 10, 1 << 10}, new byte[8]); // allowed, but not there
        assertTrue(refusal(large, labels(7)).contains("the file holds 8"));
    }

    @Test
    void refusesLabelsThatDoNotFit() {
        assertTrue(refusal(images(), labels(7)).contains("expected a label for each of the 2 images"));
        assertTrue(refusal(images(), labels(7, 10)).contains("label 10 of image 1 is outside [0, 10)"));
    }

    @Test
    void givenClassesAreKept() throws IOException {
        Path images = Files.write(folder.resolve("images"), images());
        Path labels = Files.write(folder.resolve("labels"), labels(0, 11));
        List<String> twelve = List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l");
        assertEquals("l", IdxImages.read(images, labels, twelve).classes().get(11));
    }

    @Test
    void missingFileIsNamed() {
        Path missing = folder.resolve("missing");
        assertTrue(assertThrows(NoSuchFileException.class, () -> IdxImages.read(missing, missing))
                .getMessage()
                .contains("missing"));
    }

    @Test
    void damagedFilesAreReadOrRefused() {
        Mutations.fuzz(images(), 3000, new Seed(1), bytes -> IdxFile.read("plain", new ByteArrayInputStream(bytes), 3));
        Mutations.fuzz(
                labels(1, 2, 3),
                2000,
                new Seed(2),
                bytes -> IdxFile.read("labels", new ByteArrayInputStream(bytes), 1));
    }

    @Test
    void damagedGzippedFilesAreReadOrRefused() throws IOException {
        byte[] noise = new byte[4096];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (byte) (i * i % 251);
        }
        byte[] valid = gzip(idx(0x803, new int[] {4, 32, 32}, noise));
        Mutations.fuzz(valid, 3000, new Seed(3), bytes -> IdxFile.read("gzip", new ByteArrayInputStream(bytes), 3));
    }

    @Test
    void gzipBombIsCutOffAtTheHeadersClaim() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
            gzip.write(idx(0x803, new int[] {1, 2, 3}, new byte[6]));
            for (int i = 0; i < 64; i++) {
                gzip.write(new byte[1 << 20]);
            }
        }
        assertTrue(refusal(bomb.toByteArray(), labels(1)).contains("more data behind the 6 values"));
    }

    /** Pixel p of image i is i + p, so that every image says which one it is. */
    private IdxImages ten(boolean gzipped) throws IOException {
        byte[] values = new byte[10 * 6];
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) (i / 6 + i % 6);
        }
        byte[] images = idx(0x803, new int[] {10, 2, 3}, values);
        return read(gzipped ? gzip(images) : images, labels(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
    }

    @Test
    void imagesComeInAnyOrderAndBehindAClose() throws IOException {
        for (boolean gzipped : new boolean[] {false, true}) {
            try (IdxImages source = ten(gzipped)) {
                for (int index : new int[] {0, 1, 1, 5, 9, 9, 8, 0, 3}) {
                    assertEquals(index + 2, Math.round(255 * source.image(index)[2]), "image " + index);
                }
                source.close();
                assertEquals(4, Math.round(255 * source.image(4)[0]));
            }
        }
    }

    @Test
    void aFileThatIsCutBehindOpeningIsRefused() throws IOException {
        try (IdxImages source = ten(false)) {
            Path file = folder.resolve("small-images.idx");
            Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 16 + 4 * 6 + 1));
            assertEquals(3, Math.round(255 * source.image(3)[0]));
            for (int again = 0; again < 2; again++) {
                String message = assertThrows(FormatException.Corrupt.class, () -> source.image(4))
                        .getMessage();
                assertTrue(message.contains("small-images.idx") && message.contains("image 4"), message);
            }
            assertEquals(2, Math.round(255 * source.image(2)[0]));
        }
    }

    /** A hundred mebibytes of pixels; what is reachable behind opening and reading is a small part of them. */
    @Test
    void memoryHoldsNoImages() throws IOException {
        int side = 1 << 10;
        int count = 100;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(idx(0x803, new int[] {count, side, side}, new byte[0]));
            for (int i = 0; i < count; i++) {
                gzip.write(new byte[side * side]);
            }
        }
        long before = reachable();
        try (IdxImages source = read(bytes.toByteArray(), labels(new int[count]))) {
            source.image(0);
            source.image(count - 1);
            long grown = reachable() - before;
            assertTrue(grown < 16 << 20, "grown by " + grown + " bytes");
            assertEquals(count, source.size());
        }
    }

    private static long reachable() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
