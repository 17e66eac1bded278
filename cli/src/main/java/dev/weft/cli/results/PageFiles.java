package dev.weft.cli.results;

import dev.weft.cli.plot.PictureFiles;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;

/** A page of results, and its pictures, which lie beside it and begin with its name. */
final class PageFiles {

    private final Path page;
    private final List<String> pictures = new ArrayList<>();

    PageFiles(Path page) {
        this.page = page;
    }

    /** Writes a picture, if Java finds fonts, and the directories above it. */
    void picture(String subject, Supplier<BufferedImage> drawing) throws IOException {
        String name = String.valueOf(page.getFileName()).replaceFirst("\\.[^.]*$", "") + "-" + subject + ".png";
        if (PictureFiles.write(page.resolveSibling(name), drawing)) {
            pictures.add(name);
        }
    }

    /** Returns the names of the pictures that were written. */
    List<String> pictures() {
        return Collections.unmodifiableList(pictures);
    }

    /** Writes the page, and the directories above it. */
    void text(String text) throws IOException {
        Path parent = page.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.write(page, text.getBytes(StandardCharsets.UTF_8));
    }
}
