package dev.weft.cli.bench;

import ai.djl.Device;
import dev.weft.cli.exit.InterruptedJobException;
import dev.weft.cli.exit.Interruption;
import dev.weft.cli.report.Progress;
import dev.weft.network.Seed;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a benchmark is given.
 *
 * @param workload how much to do
 * @param seed of all random values
 * @param ninoWeights of NiNo, released or trained elsewhere; random ones if there are none
 * @param device where metanets and predictions run; all else stays on the CPU
 * @param lines progress lines
 * @param stop whether the person wants no more of it
 */
record BenchContext(
        Workload workload,
        Seed seed,
        @Nullable Path ninoWeights,
        Device device,
        ProgressLines lines,
        Interruption stop) {

    /** Starts progress lines. */
    @FunctionalInterface
    interface ProgressLines {
        /** Starts one; close it when its job ends. */
        Progress start(String label, long total, String unit);
    }

    /**
     * Checks that the person still wants figures.
     *
     * @throws InterruptedJobException if not
     */
    void requireGoing() {
        if (stop.getAsBoolean()) {
            throw interrupted();
        }
    }

    /** Returns what to throw when figures are not wanted any more. */
    static InterruptedJobException interrupted() {
        return new InterruptedJobException("no figures are kept", "run the same command again");
    }
}
