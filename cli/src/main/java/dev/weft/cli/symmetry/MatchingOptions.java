package dev.weft.cli.symmetry;

import dev.weft.network.Architecture;
import dev.weft.symmetry.align.WeightMatching;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the neurons of one network are brought into the order of another's. */
final class MatchingOptions {

    /** What is compared. */
    enum By {
        WEIGHTS,
        ACTIVATIONS
    }

    @Option(
            names = "--by",
            paramLabel = "WHAT",
            description = "weights, or activations on the images or random inputs (default: weights).")
    private By by = By.WEIGHTS;

    @Option(
            names = "--restarts",
            paramLabel = "NUMBER",
            description = "How many orders of sweeps are tried (default: ${DEFAULT-VALUE}).")
    private int restarts = WeightMatching.RESTARTS_DEFAULT;

    @Option(
            names = "--signs",
            negatable = true,
            description = "Whether neurons may be negated too (default: if the network has sines or tanh).")
    private @Nullable Boolean signs;

    @Option(
            names = "--scales",
            negatable = true,
            description =
                    "Whether positive scales and phases are brought to those of A (default: if the network has sines).")
    private @Nullable Boolean scales;

    By by() {
        return by;
    }

    int restarts() {
        return restarts;
    }

    WeightMatching.Settings settings(Architecture architecture) {
        WeightMatching.Settings usual = WeightMatching.Settings.of(architecture);
        return new WeightMatching.Settings(
                restarts,
                usual.maxSweeps(),
                signs == null ? usual.signs() : signs,
                scales == null ? usual.scales() : scales);
    }
}
