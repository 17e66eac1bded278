package dev.weft.cli.options;

import dev.weft.network.Seed;
import picocli.CommandLine.Option;

/** {@code --seed}: all randomness of a command comes from it. */
public final class SeedOption {

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            description = "All randomness comes from this number (default: ${DEFAULT-VALUE}).")
    private long seed = Seed.DEFAULT;

    public Seed get() {
        return new Seed(seed);
    }
}
