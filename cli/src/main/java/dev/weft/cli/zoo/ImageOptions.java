package dev.weft.cli.zoo;

import dev.weft.datasets.image.Digits;
import dev.weft.datasets.image.IdxImages;
import dev.weft.datasets.image.ImageSource;
import dev.weft.datasets.image.JoinedImages;
import dev.weft.datasets.image.PngFolder;
import dev.weft.datasets.image.SelectedImages;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/**
 * Where images come from: the built-in digits, a pair of IDX files, or a folder of PNG files; and where those for testing
 * come from, if they are apart.
 */
public final class ImageOptions {

    @ArgGroup
    private @Nullable Learning learning;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Only N of these images: the first of each class, as many of each as can be.")
    private @Nullable Integer limit;

    @ArgGroup
    private @Nullable Testing testing;

    @Option(names = "--test-limit", paramLabel = "N", description = "Only N of the images for testing, chosen so too.")
    private @Nullable Integer testLimit;

    private static final class Learning {
        @Option(names = "--png", paramLabel = "FOLDER", description = "A folder of PNG files, one sub-folder a class.")
        private @Nullable Path png;

        @ArgGroup(exclusive = false)
        private @Nullable Idx idx;
    }

    private static final class Idx {
        @Option(
                names = "--images",
                required = true,
                paramLabel = "FILE",
                description = "Images in IDX, as MNIST has them, gzipped or not.")
        private Path images;

        @Option(names = "--labels", required = true, paramLabel = "FILE", description = "Their labels in IDX.")
        private Path labels;
    }

    private static final class Testing {
        @Option(
                names = "--test-png",
                paramLabel = "FOLDER",
                description = "PNG files for testing; without them a share of the images is.")
        private @Nullable Path png;

        @ArgGroup(exclusive = false)
        private @Nullable TestIdx idx;
    }

    private static final class TestIdx {
        @Option(
                names = "--test-images",
                required = true,
                paramLabel = "FILE",
                description = "Images for testing in IDX; without them a share of the images is.")
        private Path images;

        @Option(names = "--test-labels", required = true, paramLabel = "FILE", description = "Their labels in IDX.")
        private Path labels;
    }

    /** Whether images for testing are given, so that none of the others are needed for it. */
    public boolean hasTesting() {
        return testing != null;
    }

    /** Whether the user named images, so that the built-in digits are not meant. */
    public boolean isGiven() {
        return learning != null || testing != null;
    }

    /** Opens what was asked for, the digits if nothing was. */
    public ImageSource open() throws IOException {
        ImageSource images = limited(learning == null ? Digits.load() : open(learning), limit);
        if (testing == null) {
            if (testLimit != null) {
                throw new IllegalArgumentException("--test-limit needs --test-images and --test-labels, or --test-png");
            }
            return images;
        }
        return new JoinedImages(images, limited(open(testing), testLimit));
    }

    private static ImageSource open(Learning from) throws IOException {
        return from.idx != null ? IdxImages.read(from.idx.images, from.idx.labels) : PngFolder.open(given(from.png));
    }

    private static ImageSource open(Testing from) throws IOException {
        return from.idx != null ? IdxImages.read(from.idx.images, from.idx.labels) : PngFolder.open(given(from.png));
    }

    /** A group that is there has one of its two; picocli sees to that. */
    private static Path given(@Nullable Path png) {
        if (png == null) {
            throw new IllegalStateException("expected a folder of PNG files or a pair of IDX files");
        }
        return png;
    }

    private static ImageSource limited(ImageSource source, @Nullable Integer count) {
        return count == null ? source : SelectedImages.balanced(source, count);
    }
}
