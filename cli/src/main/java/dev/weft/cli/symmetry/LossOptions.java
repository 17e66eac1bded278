package dev.weft.cli.symmetry;

import dev.weft.cli.zoo.ImageOptions;
import dev.weft.datasets.image.ImageSource;
import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** On what the networks between two others are measured. */
final class LossOptions {

    @Mixin
    private ImageOptions images = new ImageOptions();

    @Option(
            names = "--pixel-mean",
            paramLabel = "NUMBER",
            description =
                    "What the networks were trained to have taken off each pixel in [0, 1] (default: ${DEFAULT-VALUE}).")
    private double mean = 0;

    @Option(
            names = "--pixel-deviation",
            paramLabel = "NUMBER",
            description = "What they were trained to have the rest divided by (default: ${DEFAULT-VALUE}).")
    private double deviation = 1;

    /** Returns cross-entropy on the images that were given, or on the digits if the network could be for them. */
    NetworkLoss open(Architecture architecture, Seed seed) throws IOException {
        if (!(deviation > 0) || !Double.isFinite(mean) || Double.isInfinite(deviation)) {
            throw new IllegalArgumentException(
                    "expected a finite mean and a positive deviation of pixels, got " + mean + " and " + deviation);
        }
        try (ImageSource source = images.open()) {
            if (LabelledInputs.fits(architecture, source)) {
                return NetworkLoss.of(architecture, LabelledInputs.of(source, mean, deviation));
            }
            if (images.isGiven()) {
                throw new IllegalArgumentException("expected a network that reads " + source.channels() + " x "
                        + source.height() + " x " + source.width() + " pixels and tells "
                        + source.classes().size() + " classes apart, found " + architecture);
            }
            return NetworkLoss.ofRandomInputs(architecture, seed.split("inputs"));
        }
    }
}
