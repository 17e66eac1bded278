package dev.weft.checkpoints;

import dev.weft.network.Architecture;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Everything about a zoo that is settled before its first row is written; with the rows it determines every byte.
 *
 * <p>Rows are numbered through, group by group. A part holds rows of one architecture, so each group's folder opens as
 * one Arrow data set.
 *
 * @param name for people
 * @param groups the architectures and how many rows each has
 * @param metrics names of the metrics that every row has, each a column {@code metric_NAME}
 * @param classes names of the labels, empty if labels mean nothing
 * @param provenance seeds, digests, settings, versions; no times and no paths, which would break resuming
 * @param rowsPerPart rows of a part, except for the last of a group
 */
public record ZooHeader(
        String name,
        List<Group> groups,
        List<String> metrics,
        List<String> classes,
        Map<String, String> provenance,
        int rowsPerPart) {

    /** Rows of a part where nothing else is asked for: what a killed writer loses at most. */
    public static final int ROWS_PER_PART_DEFAULT = 512;

    /** The longest row: one gibibyte of parameters. */
    public static final long MAX_PARAMETERS = 1L << 28;

    /** The most rows of a part; its columns of texts must fit into one mapping. */
    public static final int MAX_ROWS_PER_PART = 1 << 20;

    private static final long MAX_PARTS = 1_000_000;

    /**
     * The rows of one architecture.
     *
     * @param architecture of all its rows
     * @param rows how many
     */
    public record Group(Architecture architecture, long rows) {

        /** Returns the name of the folder that its parts are in. */
        public String folder() {
            return architecture.fingerprint().substring(0, 12);
        }
    }

    /**
     * Where some of the rows are.
     *
     * @param index counted through all groups
     * @param path relative to the zoo, with slashes
     * @param architecture of its rows
     * @param rows how many
     */
    public record Part(int index, String path, Architecture architecture, int rows) {}

    public ZooHeader {
        groups = List.copyOf(groups);
        metrics = List.copyOf(metrics);
        classes = List.copyOf(classes);
        provenance = Collections.unmodifiableMap(new TreeMap<>(Map.copyOf(provenance)));
        check(!name.isBlank(), "a zoo needs a name", name);
        check(
                rowsPerPart > 0 && rowsPerPart <= MAX_ROWS_PER_PART,
                "rows per part must be in [1, " + MAX_ROWS_PER_PART + "]",
                rowsPerPart);
        check(new HashSet<>(metrics).size() == metrics.size(), "names of metrics repeat", metrics);
        check(metrics.stream().noneMatch(String::isBlank), "names of metrics must not be blank", metrics);
        check(new HashSet<>(classes).size() == classes.size(), "names of classes repeat", classes);
        checkGroups(groups, rowsPerPart);
    }

    /** A zoo of one architecture. */
    public ZooHeader(
            String name,
            Architecture architecture,
            List<String> metrics,
            List<String> classes,
            Map<String, String> provenance,
            long rows,
            int rowsPerPart) {
        this(name, List.of(new Group(architecture, rows)), metrics, classes, provenance, rowsPerPart);
    }

    private static void checkGroups(List<Group> groups, int rowsPerPart) {
        check(!groups.isEmpty(), "a zoo needs an architecture", groups);
        long parts = 0;
        for (Group group : groups) {
            check(
                    group.rows > 0 && group.rows <= Integer.MAX_VALUE,
                    "rows of " + group.architecture + " must be in [1, " + Integer.MAX_VALUE + "]",
                    group.rows);
            long p = group.architecture.parameterCount();
            check(p > 0 && p <= MAX_PARAMETERS, group.architecture + ": parameters in [1, " + MAX_PARAMETERS + "]", p);
            parts += partsOf(group, rowsPerPart);
        }
        long rows = groups.stream().mapToLong(Group::rows).sum();
        check(rows <= Integer.MAX_VALUE, "a zoo has at most " + Integer.MAX_VALUE + " rows", rows);
        check(parts <= MAX_PARTS, "a zoo has at most " + MAX_PARTS + " parts", parts);
        long folders = groups.stream().map(Group::folder).distinct().count();
        check(folders == groups.size(), "architectures repeat", groups);
    }

    private static void check(boolean condition, String expected, Object found) {
        if (!condition) {
            throw new IllegalArgumentException("zoo header: " + expected + ", got " + found);
        }
    }

    private static long partsOf(Group group, int rowsPerPart) {
        return (group.rows + rowsPerPart - 1) / rowsPerPart;
    }

    /** Returns the number of rows in all groups. */
    public int rows() {
        return (int) groups.stream().mapToLong(Group::rows).sum();
    }

    /** Returns the number of parts of all groups. */
    public int parts() {
        return (int)
                groups.stream().mapToLong(group -> partsOf(group, rowsPerPart)).sum();
    }

    /** Returns the architectures of the groups, in order. */
    public List<Architecture> architectures() {
        return groups.stream().map(Group::architecture).toList();
    }

    /**
     * Returns the only architecture.
     *
     * @throws IllegalStateException if there are several
     */
    public Architecture architecture() {
        if (groups.size() != 1) {
            throw new IllegalStateException("zoo '" + name + "' has " + groups.size() + " architectures");
        }
        return groups.get(0).architecture;
    }

    /** Returns the place and size of a part. */
    public Part part(int index) {
        long before = 0;
        for (Group group : groups) {
            long parts = partsOf(group, rowsPerPart);
            if (index >= before && index < before + parts) {
                long rows = Math.min(rowsPerPart, group.rows - (index - before) * rowsPerPart);
                String path = String.format(Locale.ROOT, "%s/part-%06d.arrow", group.folder(), index);
                return new Part(index, path, group.architecture, (int) rows);
            }
            before += parts;
        }
        throw new IllegalArgumentException("part " + index + " is outside [0, " + before + ")");
    }

    /** Says in which keys another header differs from this one; empty if they are equal. */
    List<String> differencesTo(ZooHeader other) {
        Map<String, String> mine = describe();
        Map<String, String> others = other.describe();
        TreeSet<String> keys = new TreeSet<>(mine.keySet());
        keys.addAll(others.keySet());
        return keys.stream()
                .filter(key -> !Objects.equals(mine.get(key), others.get(key)))
                .map(key -> key + " was " + mine.getOrDefault(key, "absent") + " and is now "
                        + others.getOrDefault(key, "absent"))
                .toList();
    }

    private Map<String, String> describe() {
        Map<String, String> texts = new TreeMap<>();
        texts.put("name", name);
        texts.put("metrics", metrics.toString());
        texts.put("classes", classes.toString());
        texts.put("rows_per_part", String.valueOf(rowsPerPart));
        for (int i = 0; i < groups.size(); i++) {
            Group group = groups.get(i);
            texts.put("group " + i, group.rows + " rows of " + group.architecture + " (" + group.folder() + ")");
        }
        provenance.forEach((key, value) -> texts.put("provenance '" + key + "'", value));
        return texts;
    }
}
