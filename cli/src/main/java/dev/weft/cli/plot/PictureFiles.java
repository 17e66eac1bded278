package dev.weft.cli.plot;

import java.awt.GraphicsEnvironment;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import javax.imageio.ImageIO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes pictures as PNG. Where Java finds no fonts it warns once and leaves the pictures out. */
public final class PictureFiles {

    private static final Logger LOG = LoggerFactory.getLogger(PictureFiles.class);

    private PictureFiles() {}

    private static final class Fonts {
        static final boolean AVAILABLE = look();

        private static boolean look() {
            try {
                return GraphicsEnvironment.getLocalGraphicsEnvironment().getAvailableFontFamilyNames().length > 0;
            } catch (RuntimeException | LinkageError | InternalError e) {
                LOG.warn("No pictures: Java finds no fonts; install fontconfig and a font, for example"
                        + " apt-get install fontconfig fonts-dejavu-core");
                LOG.debug("What Java said", e);
                return false;
            }
        }
    }

    /** Returns whether pictures can be drawn here; the first call warns if not. */
    public static boolean available() {
        return Fonts.AVAILABLE;
    }

    /**
     * Draws and writes a picture, and makes the directories above it.
     *
     * @param drawing is only asked if there are fonts
     * @return whether the picture was written
     */
    public static boolean write(Path file, Supplier<BufferedImage> drawing) throws IOException {
        if (!Fonts.AVAILABLE) {
            return false;
        }
        BufferedImage picture = drawing.get();
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        try (OutputStream out = Files.newOutputStream(file)) {
            ImageIO.write(picture, "png", out);
        }
        return true;
    }
}
