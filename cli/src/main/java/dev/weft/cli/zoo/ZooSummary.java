package dev.weft.cli.zoo;

import dev.weft.checkpoints.Split;
import dev.weft.checkpoints.Zoo;
import dev.weft.checkpoints.ZooHeader;
import dev.weft.checkpoints.ZooManifest;
import dev.weft.checkpoints.ZooRow;
import dev.weft.network.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code weft zoo info} reports; classes and metrics are left empty while the zoo is being written.
 *
 * @param state {@code complete}, or {@code writing}
 * @param rows of the finished zoo
 * @param parts of the finished zoo
 * @param partsWritten those that are there
 * @param bytes their length
 * @param trajectories what is kept of each run, if that are several steps
 */
record ZooSummary(
        String zoo,
        String name,
        String state,
        long rows,
        int parts,
        int partsWritten,
        long bytes,
        List<Member> architectures,
        @Nullable Trajectories trajectories,
        List<ClassCount> classes,
        Map<String, MetricRange> metrics,
        Map<String, String> provenance) {

    /** The rows of one architecture. */
    record Member(String architecture, String fingerprint, long parameters, long rows) {}

    /** How many rows of a class each split has; rows without label count as {@code (none)}. */
    record ClassCount(String name, int train, int val, int test) {}

    /** The values of a metric over all rows. */
    record MetricRange(double least, double mean, double greatest) {}

    /**
     * The runs of a zoo that keeps several steps of each.
     *
     * @param runs how many
     * @param train those for training, and so on
     * @param leastRows of a run
     * @param mostRows of a run
     * @param firstStep of any
     * @param lastStep of any
     */
    record Trajectories(
            int runs, int train, int val, int test, int leastRows, int mostRows, long firstStep, long lastStep) {}

    static ZooSummary of(Path folder) throws IOException {
        ZooManifest manifest = ZooManifest.read(folder);
        Trajectories trajectories = null;
        List<ClassCount> classes = List.of();
        Map<String, MetricRange> metrics = Map.of();
        if (manifest.state() == ZooManifest.State.COMPLETE) {
            try (Zoo zoo = Zoo.open(folder)) {
                trajectories = trajectories(zoo);
                classes = classes(zoo);
                metrics = metrics(zoo);
            }
        }
        ZooHeader header = manifest.header();
        List<Path> written = written(folder, header);
        return new ZooSummary(
                folder.toString(),
                header.name(),
                manifest.state().name().toLowerCase(Locale.ROOT),
                header.rows(),
                header.parts(),
                written.size(),
                bytes(written),
                header.groups().stream().map(ZooSummary::member).toList(),
                trajectories,
                classes,
                metrics,
                header.provenance());
    }

    private static Member member(ZooHeader.Group group) {
        Architecture architecture = group.architecture();
        return new Member(
                architecture.toString(), architecture.fingerprint(), architecture.parameterCount(), group.rows());
    }

    private static List<Path> written(Path folder, ZooHeader header) {
        List<Path> written = new ArrayList<>();
        for (int part = 0; part < header.parts(); part++) {
            Path file = folder.resolve(header.part(part).path());
            if (Files.exists(file)) {
                written.add(file);
            }
        }
        return written;
    }

    private static long bytes(List<Path> files) throws IOException {
        long bytes = 0;
        for (Path file : files) {
            bytes += Files.size(file);
        }
        return bytes;
    }

    private static @Nullable Trajectories trajectories(Zoo zoo) {
        Map<String, LongSummaryStatistics> steps = new HashMap<>();
        int[] splits = new int[Split.values().length]; // runs
        for (int row = 0; row < zoo.size(); row++) {
            LongSummaryStatistics run = steps.computeIfAbsent(zoo.runId(row), id -> new LongSummaryStatistics());
            splits[zoo.split(row).ordinal()] += run.getCount() == 0 ? 1 : 0;
            run.accept(zoo.step(row));
        }
        if (steps.values().stream().allMatch(run -> run.getMin() == run.getMax())) {
            return null;
        }
        LongSummaryStatistics rows = steps.values().stream()
                .mapToLong(LongSummaryStatistics::getCount)
                .summaryStatistics();
        LongSummaryStatistics all = new LongSummaryStatistics();
        steps.values().forEach(all::combine);
        return new Trajectories(
                steps.size(),
                splits[Split.TRAIN.ordinal()],
                splits[Split.VAL.ordinal()],
                splits[Split.TEST.ordinal()],
                (int) rows.getMin(),
                (int) rows.getMax(),
                all.getMin(),
                all.getMax());
    }

    private static List<ClassCount> classes(Zoo zoo) {
        List<String> names = zoo.header().classes();
        int[][] counts = new int[names.size() + 1][Split.values().length]; // the last row for those without label
        boolean hasNone = names.isEmpty();
        for (int row = 0; row < zoo.size(); row++) {
            int label = names.isEmpty() ? ZooRow.NO_LABEL : zoo.label(row);
            hasNone |= label == ZooRow.NO_LABEL;
            counts[label == ZooRow.NO_LABEL ? names.size() : label][
                    zoo.split(row).ordinal()]++;
        }
        List<ClassCount> classes = new ArrayList<>();
        for (int i = 0; i < names.size() + (hasNone ? 1 : 0); i++) {
            String name = i < names.size() ? names.get(i) : "(none)";
            int[] count = counts[i];
            classes.add(new ClassCount(
                    name, count[Split.TRAIN.ordinal()], count[Split.VAL.ordinal()], count[Split.TEST.ordinal()]));
        }
        return classes;
    }

    private static Map<String, MetricRange> metrics(Zoo zoo) {
        Map<String, MetricRange> ranges = new LinkedHashMap<>();
        for (String metric : zoo.header().metrics()) {
            double least = Double.POSITIVE_INFINITY;
            double greatest = Double.NEGATIVE_INFINITY;
            double sum = 0;
            for (int row = 0; row < zoo.size(); row++) {
                double value = zoo.metric(metric, row);
                least = Math.min(least, value);
                greatest = Math.max(greatest, value);
                sum += value;
            }
            ranges.put(metric, new MetricRange(least, sum / zoo.size(), greatest));
        }
        return ranges;
    }
}
