package dev.weft.datasets.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.network.FormatException;
import dev.weft.network.Seed;
import dev.weft.testing.Mutations;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PngFolderTest {

    @TempDir
    Path folder;

    /** 3 x 2 pixels whose value grows by 51 from 0. */
    private static BufferedImage grey(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        for (int p = 0; p < width * height; p++) {
            image.getRaster().setSample(p % width, p / width, 0, p * 51 % 256);
        }
        return image;
    }

    private static BufferedImage coloured(int type) {
        BufferedImage image = new BufferedImage(2, 1, type);
        image.setRGB(0, 0, 0xffff0000);
        image.setRGB(1, 0, 0xff0033ff);
        return image;
    }

    private void put(String name, BufferedImage image) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        ImageIO.write(image, "png", file.toFile());
    }

    @Test
    void sortsClassesAndFilesAndReadsGreyValuesAsStored() throws IOException {
        put("b/2.png", grey(3, 2));
        put("b/10.png", grey(3, 2));
        put("a/x.PNG", grey(3, 2));
        Files.writeString(folder.resolve("a/notes.txt"), "not an image");
        PngFolder source = PngFolder.open(folder);
        assertEquals(List.of("a", "b"), source.classes());
        assertEquals(
                "a/x.PNG b/10.png b/2.png",
                source.reference(0) + " " + source.reference(1) + " " + source.reference(2));
        assertEquals(1, source.label(2));
        assertEquals("1 2 3", source.channels() + " " + source.height() + " " + source.width());
        assertArrayEquals(new float[] {0, 0.2f, 0.4f, 0.6f, 0.8f, 1}, source.image(2), 1e-6f);
    }

    @Test
    void readsRgbAndPalettes() throws IOException {
        put("a/rgb.png", coloured(BufferedImage.TYPE_INT_RGB));
        put("a/palette.png", coloured(BufferedImage.TYPE_BYTE_INDEXED));
        PngFolder source = PngFolder.open(folder);
        float[] expected = {1, 0, 0, 0, 0.2f, 1};
        assertArrayEquals(expected, source.image(0), 1e-6f);
        assertArrayEquals(expected, source.image(1), 1e-6f);
    }

    @Test
    void readsGreyOfOneBit() throws IOException {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY);
        image.setRGB(1, 0, 0xffffffff);
        put("a/1.png", image);
        float[] values = PngFolder.open(folder).image(0);
        assertEquals(0, values[0]);
        assertEquals(1, values[values.length - 1]);
    }

    @Test
    void readsGreyOfSixteenBits() throws IOException {
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
        image.getRaster().setSample(1, 0, 0, 13107);
        put("a/1.png", image);
        assertArrayEquals(new float[] {0, 0.2f}, PngFolder.open(folder).image(0), 1e-6f);
    }

    @Test
    void refusesMixedSizesNamingBothFiles() throws IOException {
        put("a/1.png", grey(3, 2));
        put("a/2.png", grey(2, 3));
        String message = assertThrows(FormatException.Corrupt.class, () -> PngFolder.open(folder))
                .getMessage();
        assertTrue(message.matches("\\S*2\\.png: expected 3 x 2 grey as \\S*1\\.png has, found 2 x 3 grey"), message);
    }

    @Test
    void refusesAlphaEmptyFoldersAndOtherFiles() throws IOException {
        assertTrue(assertThrows(FormatException.class, () -> PngFolder.open(folder))
                .getMessage()
                .contains("found 0 sub-folders and no image"));
        put("a/1.png", coloured(BufferedImage.TYPE_INT_ARGB));
        assertTrue(assertThrows(FormatException.Unsupported.class, () -> PngFolder.open(folder))
                .getMessage()
                .contains("alpha channel"));
        Files.writeString(folder.resolve("a/1.png"), "plain text of some length, no PNG");
        assertTrue(assertThrows(FormatException.Corrupt.class, () -> PngFolder.open(folder))
                .getMessage()
                .contains("expected a PNG signature"));
    }

    @Test
    void refusesHugeSidesBeforeDecoding() throws IOException {
        put("a/1.png", grey(3, 2));
        byte[] bytes = Files.readAllBytes(folder.resolve("a/1.png"));
        bytes[16] = 0x7f; // the width's first byte
        Files.write(folder.resolve("a/1.png"), bytes);
        assertTrue(assertThrows(FormatException.Corrupt.class, () -> PngFolder.open(folder))
                .getMessage()
                .contains("expected sides from 1 to 4096"));
        bytes[16] = 0;
        bytes[18] = 0x10; // 4096 columns and rows are allowed, in a larger file
        bytes[19] = 0;
        bytes[22] = 0x10;
        bytes[23] = 0;
        Files.write(folder.resolve("a/1.png"), bytes);
        String message = assertThrows(FormatException.Corrupt.class, () -> PngFolder.open(folder))
                .getMessage();
        assertTrue(message.contains("4096 x 4096 grey") && message.contains("can't hold so many pixels"), message);
    }

    @Test
    void damagedImagesAreReadOrRefused() throws IOException {
        for (BufferedImage image : List.of(grey(5, 4), coloured(BufferedImage.TYPE_BYTE_INDEXED))) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ImageIO.write(image, "png", out);
            Mutations.fuzz(
                    out.toByteArray(),
                    1500,
                    new Seed(1),
                    bytes -> PngDecoder.decode("png", bytes, PngHeader.read("png", bytes)));
        }
    }
}
