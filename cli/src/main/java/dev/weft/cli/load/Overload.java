package dev.weft.cli.load;

import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What came of more requests than a service can do.
 *
 * @param workload by its name
 * @param capacity requests that the service did in a second before, in its best round
 * @param rate at which they came now, a second
 * @param complete whether it was not interrupted
 * @param seconds that it took
 * @param answers what came
 * @param heap of the service, in MiB
 * @param samples in the order of time
 */
public record Overload(
        String workload,
        double capacity,
        double rate,
        boolean complete,
        double seconds,
        Answers.Summary answers,
        int heap,
        List<Overload.Sample> samples) {

    private static final Set<String> EXPECTED = Set.of("200", "429", "503");

    /** How much more memory the last third may have, in parts of what the first third had. */
    private static final double TOLERANCE = 0.1;

    public Overload {
        samples = List.copyOf(samples);
    }

    /**
     * Some seconds of it.
     *
     * @param second at their end
     * @param resident memory of the service in MiB, 0 where the system does not tell
     * @param heap MiB of it that objects take, garbage included
     * @param answers since the last sample
     */
    public record Sample(double second, double resident, double heap, Answers.Summary answers) {}

    /** Returns the answers that a client should not get from a service that is only busy, by status. */
    public SortedMap<String, Long> unexpected() {
        return unexpected(answers);
    }

    /** Returns the answers that a client should not get from a service that is only busy, by status. */
    public static SortedMap<String, Long> unexpected(Answers.Summary answers) {
        SortedMap<String, Long> others = new TreeMap<>(answers.statuses());
        others.keySet().removeAll(EXPECTED);
        return others;
    }

    /**
     * Memory in the first and in the last third of the time.
     *
     * @param first MiB
     * @param last MiB
     * @param flat whether there is no growth that would go on
     */
    public record Growth(double first, double last, boolean flat) {}

    /** Compares the mean resident memory. */
    public Growth resident() {
        double first = mean(samples.subList(0, third()));
        double last = mean(samples.subList(samples.size() - third(), samples.size()));
        return new Growth(first, last, last <= (1 + TOLERANCE) * first);
    }

    /** Compares the least that objects took, since what they take right behind a collection is what stays. */
    public Growth live() {
        double first = least(samples.subList(0, third()));
        double last = least(samples.subList(samples.size() - third(), samples.size()));
        return new Growth(first, last, last - first <= TOLERANCE * heap);
    }

    private int third() {
        return Math.min(samples.size(), Math.max(1, samples.size() / 3));
    }

    private static double mean(List<Sample> samples) {
        return samples.stream().mapToDouble(Sample::resident).average().orElse(0);
    }

    private static double least(List<Sample> samples) {
        return samples.stream().mapToDouble(Sample::heap).min().orElse(0);
    }
}
