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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What {@code weft zoo info} reports; classes and metrics are left empty while the zoo is being written.
 *
 * @param state {@code complete}, or {@code writing}
 * @param rows of the finished zoo
 * @param parts of the finished zoo
 * @param partsWritten those that are there
 * @param bytes their length
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
        List<ClassCount> classes,
        Map<String, MetricRange> metrics,
        Map<String, String> provenance) {

    /** The rows of one architecture. */
    record Member(String architecture, String fingerprint, long parameters, long rows) {}

    /** How many rows of a class each split has; rows without label count as {@code (none)}. */
    record ClassCount(String name, int train, int val, int test) {}

    /** The values of a metric over all rows. */
    record MetricRange(double least, double mean, double greatest) {}

    static ZooSummary of(Path folder) throws IOException {
        ZooManifest manifest = ZooManifest.read(folder);
        List<ClassCount> classes = List.of();
        Map<String, MetricRange> metrics = Map.of();
        if (manifest.state() == ZooManifest.State.COMPLETE) {
            try (Zoo zoo = Zoo.open(folder)) {
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
