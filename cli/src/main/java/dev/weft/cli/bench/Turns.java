package dev.weft.cli.bench;

import dev.weft.cli.exit.InterruptedJobException;
import dev.weft.cli.report.Progress;
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
     * Runs all works one after another, for the warm-up and then for every round, and returns each one's median time in
     * seconds.
     *
     * @throws InterruptedJobException if the person wants no more of it
     */
    static double[] seconds(BenchContext context, String label, List<? extends Work> works) throws IOException {
        return seconds(context, label, context.workload().rounds(), works);
    }

    /** As {@link #seconds(BenchContext, String, List)}, with a number of rounds. */
    static double[] seconds(BenchContext context, String label, int rounds, List<? extends Work> works)
            throws IOException {
        int warmups = context.workload().warmups();
        double[][] seconds = new double[works.size()][rounds];
        try (Progress line = context.lines().start(label, warmups + rounds, "rounds")) {
            for (int round = -warmups; round < rounds; round++) {
                for (int i = 0; i < works.size(); i++) {
                    double taken = time(context, works.get(i));
                    if (round >= 0) {
                        seconds[i][round] = taken;
                    }
                }
                line.update(warmups + round + 1);
            }
        }
        return Arrays.stream(seconds).mapToDouble(Turns::median).toArray();
    }

    private static double time(BenchContext context, Work work) throws IOException {
        if (context.stop().getAsBoolean()) {
            throw new InterruptedJobException("no figures are kept", "run the same command again");
        }
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) * 1e-9;
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
