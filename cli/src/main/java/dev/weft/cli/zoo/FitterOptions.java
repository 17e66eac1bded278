package dev.weft.cli.zoo;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.weft.datasets.inr.CpuInrFitter;
import dev.weft.datasets.inr.DjlInrFitter;
import dev.weft.datasets.inr.InrFitter;
import picocli.CommandLine.Option;

/** Which fitter computes, on how many threads. */
final class FitterOptions {

    /** The fitters by name. */
    enum Choice {
        AUTO,
        VECTOR,
        PLAIN,
        DJL
    }

    @Option(
            names = "--fitter",
            paramLabel = "NAME",
            description = "auto (default: the fastest that works), vector (the JDK's Vector API), plain (Java, the same"
                    + " bits on every machine) or djl (autograd, the reference).")
    private Choice choice = Choice.AUTO;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Networks that are fitted at once (default: the processors); the rows do not depend on it."
                    + " DJL's fitter does not use it.")
    private int threads = Runtime.getRuntime().availableProcessors();

    InrFitter open() {
        return switch (choice) {
            case AUTO -> CpuInrFitter.hasVectors() ? CpuInrFitter.vector(threads) : CpuInrFitter.plain(threads);
            case VECTOR -> CpuInrFitter.vector(threads);
            case PLAIN -> CpuInrFitter.plain(threads);
            case DJL -> new DjlInrFitter(NDManager.newBaseManager(Device.cpu())); // as long as the process
        };
    }
}
