package dev.weft.cli.load;

import dev.weft.cli.report.Statistics;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** What clients were answered, and after how long; many threads may add. */
public final class Answers {

    /** The status of a request that got no answer. */
    public static final int NONE = 0;

    private static final int OK = 200;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double TAIL = 0.99;

    private final Map<String, Long> statuses = new TreeMap<>();
    private double[] millis = new double[1 << 10];
    private int count;

    /**
     * A summary.
     *
     * @param statuses how often each came, {@code 0} for no answer
     * @param done how many were answered as was asked for
     * @param p50 milliseconds in which half of these were answered, 0 if there are none
     * @param p99 the same for 99 of 100
     * @param longest milliseconds of the longest
     */
    public record Summary(Map<String, Long> statuses, long done, double p50, double p99, double longest) {
        public Summary {
            statuses = Map.copyOf(statuses);
        }

        /** Returns how often a status came. */
        public long count(int status) {
            return statuses.getOrDefault(String.valueOf(status), 0L);
        }

        /** Returns how many requests there were. */
        public long all() {
            return statuses.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** Adds an answer. */
    public synchronized void add(int status, long nanos) {
        statuses.merge(String.valueOf(status), 1L, Long::sum);
        if (status == OK) {
            if (count == millis.length) {
                millis = Arrays.copyOf(millis, 2 * count);
            }
            millis[count++] = nanos / NANOS_PER_MILLI;
        }
    }

    /** Returns the summary of what has been added. */
    public synchronized Summary summary() {
        double[] values = Arrays.copyOf(millis, count);
        return count == 0
                ? new Summary(statuses, 0, 0, 0, 0)
                : new Summary(
                        statuses,
                        count,
                        Statistics.quantile(0.5, values),
                        Statistics.quantile(TAIL, values),
                        Statistics.quantile(1, values));
    }
}
