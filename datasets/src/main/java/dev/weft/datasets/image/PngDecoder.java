package dev.weft.datasets.image;

import dev.weft.network.FormatException;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Decodes one PNG image with ImageIO; gamma and colour profiles are ignored, as image data sets expect. */
final class PngDecoder {

    private PngDecoder() {}

    /** Returns [height, width, channels] in [0, 1] of a file whose header was read. */
    static float[] decode(String where, byte[] file, PngHeader header) throws FormatException {
        BufferedImage image = image(where, file);
        if (image.getWidth() != header.width() || image.getHeight() != header.height()) {
            throw new FormatException.Corrupt(
                    where, "expected " + header + ", found " + image.getWidth() + " x " + image.getHeight());
        }
        return image.getColorModel() instanceof IndexColorModel
                ? fromPalette(image, header)
                : fromSamples(image, header);
    }

    private static BufferedImage image(String where, byte[] file) throws FormatException {
        ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
        try (MemoryCacheImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            reader.setInput(in, true, true);
            return reader.read(0);
        } catch (IOException | RuntimeException e) { // ImageIO answers some damage with runtime exceptions
            throw new FormatException.Corrupt(where, "damaged PNG data: " + e.getMessage(), e);
        } finally {
            reader.dispose();
        }
    }

    private static float[] fromPalette(BufferedImage image, PngHeader header) {
        float[] values = new float[header.width() * header.height() * header.channels()];
        int k = 0;
        for (int y = 0; y < header.height(); y++) {
            for (int x = 0; x < header.width(); x++) {
                int rgb = image.getRGB(x, y);
                for (int c = 0; c < header.channels(); c++) {
                    values[k++] = (rgb >> (16 - 8 * c) & 0xff) / 255f;
                }
            }
        }
        return values;
    }

    /** Reads the stored samples: getRGB would take grey values for linear light and bend them. */
    private static float[] fromSamples(BufferedImage image, PngHeader header) {
        Raster raster = image.getRaster();
        float white = (1 << raster.getSampleModel().getSampleSize(0)) - 1;
        float[] values = new float[header.width() * header.height() * header.channels()];
        int k = 0;
        for (int y = 0; y < header.height(); y++) {
            for (int x = 0; x < header.width(); x++) {
                for (int c = 0; c < header.channels(); c++) {
                    values[k++] = raster.getSample(x, y, c) / white;
                }
            }
        }
        return values;
    }
}
