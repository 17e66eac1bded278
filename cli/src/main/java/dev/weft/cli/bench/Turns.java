package dev.weft.cli.bench;

import dev.weft.cli.report.Progress;
import dev.weft.cli.report.Statistics;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Times several ways of doing the same in turns, so that whatever else the machine does meets all of them alike. */
final class Turns {

    private Turns() {}

    /** Some work. */
    @FunctionalInterface
    interface Work {
        void run() throws IOException;
    }

    /**
     * Warms all works up, runs them one after another in every round, and returns each one's median time in seconds.
     * A work that is done quickly is repeated within a round.
     *
     * @throws dev.weft.cli.exit.InterruptedJobException if the person wants no more of it
     */
    static double[] seconds(BenchContext context, String label, List<? extends Work> works) throws IOException {
        return seconds(context, label, context.workload().rounds(), works);
    }

    /** As {@link #seconds(BenchContext, String, List)}, with a number of rounds. */
    static double[] seconds(BenchContext context, String label, int rounds, List<? extends Work> works)
            throws IOException {
        double[][] seconds = new double[works.size()][rounds];
        try (Progress line = context.lines().start(label, rounds + 1L, "rounds")) {
            for (Work work : works) {
                time(context, work, context.workload().warmupSeconds());
            }
            line.update(1);
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < works.size(); i++) {
                    seconds[i][round] =
                            time(context, works.get(i), context.workload().roundSeconds());
                }
                line.update(round + 2L);
            }
        }
        return Arrays.stream(seconds)
                .mapToDouble(each -> Statistics.quantile(0.5, each))
                .toArray();
    }

    /** Repeats a work, at least once and for some seconds; returns the mean time. */
    private static double time(BenchContext context, Work work, double atLeast) throws IOException {
        long start = System.nanoTime();
        double seconds = 0;
        int times = 0;
        while (times == 0 || seconds < atLeast) {
            context.requireGoing();
            work.run();
            times++;
            seconds = (System.nanoTime() - start) * 1e-9;
        }
        return seconds / times;
    }
}
