package dev.weft.cli.bench;

import dev.weft.cli.exit.Interruption;
import dev.weft.cli.report.Progress;
import dev.weft.network.Seed;

/**
 * What a benchmark is given.
 *
 * @param workload how much to do
 * @param seed of all random values
 * @param lines progress lines
 * @param stop whether the person wants no more of it
 */
record BenchContext(Workload workload, Seed seed, ProgressLines lines, Interruption stop) {

    /** Starts progress lines. */
    @FunctionalInterface
    interface ProgressLines {
        /** Starts one; close it when its job ends. */
        Progress start(String label, long total, String unit);
    }
}
