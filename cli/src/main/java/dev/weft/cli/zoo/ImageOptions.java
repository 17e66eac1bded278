package dev.weft.cli.zoo;

import dev.weft.datasets.image.Digits;
import dev.weft.datasets.image.IdxImages;
import dev.weft.datasets.image.ImageSource;
import dev.weft.datasets.image.PngFolder;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Where images come from: the built-in digits, a pair of IDX files, or a folder of PNG files. */
final class ImageOptions {

    @Option(names = "--png", paramLabel = "FOLDER", description = "A folder of PNG files, one sub-folder a class.")
    private @Nullable Path png;

    @ArgGroup(exclusive = false)
    private @Nullable Idx idx;

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

    /** Opens what was asked for, the digits if nothing was. */
    static ImageSource open(@Nullable ImageOptions options) throws IOException {
        if (options != null && options.png != null) {
            return PngFolder.open(options.png);
        }
        if (options != null && options.idx != null) {
            return IdxImages.read(options.idx.images, options.idx.labels);
        }
        return Digits.load();
    }
}
