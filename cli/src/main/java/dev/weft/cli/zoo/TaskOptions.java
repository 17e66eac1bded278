package dev.weft.cli.zoo;

import dev.weft.datasets.image.ImageSource;
import dev.weft.datasets.text.CharacterText;
import dev.weft.datasets.training.ImageClassification;
import dev.weft.datasets.training.TextModelling;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** What ordinary networks learn from: images, or a text. */
final class TaskOptions {

    @ArgGroup(exclusive = false, heading = "Images (default: the 1,797 built-in digits of 8 x 8 pixels):%n")
    private @Nullable ImageOptions images;

    @Option(
            names = "--text",
            paramLabel = "FILE",
            description = "A text in UTF-8 for networks that read characters (default: the built-in first half of"
                    + " \"Alice's Adventures in Wonderland\").")
    private @Nullable Path text;

    /** Whether images for testing are given, so that none of the others are needed for it. */
    boolean hasTesting() {
        return images != null && images.hasTesting();
    }

    /**
     * Reads the images that were asked for, the digits if none were.
     *
     * @param reader who asks, for a message if a text was given
     */
    ImageClassification images(Object reader, ImageClassification.Settings settings) throws IOException {
        if (text != null) {
            throw new IllegalArgumentException(reader + " reads images; --text is for networks that read characters");
        }
        ImageOptions options = images == null ? new ImageOptions() : images;
        try (ImageSource source = options.open()) {
            return ImageClassification.read(source, settings);
        }
    }

    /**
     * Reads the text that was asked for, the built-in one if none was.
     *
     * @param reader who asks, for a message if images were given
     * @param length characters that a network reads
     * @param test share of the text that is tested on
     */
    TextModelling text(Object reader, int length, double test) throws IOException {
        if (images != null) {
            throw new IllegalArgumentException(reader + " reads characters; give --text or nothing, and no images");
        }
        return new TextModelling(text == null ? CharacterText.builtIn() : CharacterText.read(text), length, test);
    }
}
