package dev.weft.cli.results;

import dev.weft.checkpoints.Split;
import dev.weft.checkpoints.Zoo;
import dev.weft.checkpoints.ZooHeader;
import dev.weft.cli.report.Statistics;
import dev.weft.cli.zoo.FitLog;
import dev.weft.datasets.inr.InrZoo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the page tells about a zoo of implicit networks.
 *
 * @param train networks of the split
 * @param psnrMedian over all networks, in dB
 * @param psnrFifth the 5th percentile over all networks, in dB
 * @param stepsMedian updates of a network
 * @param commonest share of the commonest class in the test split: what always naming it scores
 * @param log of the fitting, a line a part, perhaps empty
 */
record ZooFacts(
        ZooHeader header,
        int train,
        int val,
        int test,
        double psnrMedian,
        double psnrFifth,
        double stepsMedian,
        double commonest,
        List<FitLog.Entry> log) {

    private static final double FIFTH = 0.05;

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException if the zoo lacks a split or is not one of fitted images
     */
    static ZooFacts of(Zoo zoo, Path folder) throws IOException {
        for (Split split : Split.values()) {
            if (zoo.rows(split).length == 0) {
                throw new IllegalArgumentException(folder + " has no networks in split " + split.text()
                        + "; a table of results needs all of train, val and test");
            }
        }
        double[] psnr = metric(zoo, InrZoo.METRIC_PSNR);
        return new ZooFacts(
                zoo.header(),
                zoo.rows(Split.TRAIN).length,
                zoo.rows(Split.VAL).length,
                zoo.rows(Split.TEST).length,
                Statistics.quantile(0.5, psnr),
                Statistics.quantile(FIFTH, psnr),
                Statistics.quantile(0.5, metric(zoo, InrZoo.METRIC_STEPS)),
                commonest(zoo),
                FitLog.read(folder));
    }

    private static double[] metric(Zoo zoo, String name) {
        if (!zoo.header().metrics().contains(name)) {
            throw new IllegalArgumentException("zoo '" + zoo.header().name() + "' has no metric '" + name + "', only "
                    + zoo.header().metrics() + "; expected networks that were fitted to images");
        }
        return IntStream.range(0, zoo.size())
                .mapToDouble(row -> zoo.metric(name, row))
                .toArray();
    }

    private static double commonest(Zoo zoo) {
        int[] rows = zoo.rows(Split.TEST);
        int[] counts = new int[zoo.header().classes().size() + 1];
        for (int row : rows) {
            counts[zoo.label(row) + 1]++; // the first place is for rows without label
        }
        return (double) Arrays.stream(counts).skip(1).max().orElse(0) / rows.length;
    }

    /** Returns what the zoo's provenance says under a key, or {@code unknown}. */
    String told(String key) {
        return header.provenance().getOrDefault(key, "unknown");
    }
}
