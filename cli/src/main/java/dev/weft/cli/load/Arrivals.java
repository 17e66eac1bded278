package dev.weft.cli.load;

import dev.weft.network.Seed;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** The times at which requests are due that come independently of each other (a Poisson process). */
public final class Arrivals {

    /** Said when all requests have come. */
    static final long NO_MORE = Long.MAX_VALUE;

    private final double perSecond;
    private final double seconds;
    private final RandomGenerator random;
    private double last;

    /**
     * @param perSecond mean
     * @param seconds until no more come
     */
    public Arrivals(double perSecond, double seconds, Seed seed) {
        if (!(perSecond > 0)) {
            throw new IllegalArgumentException("arrivals: expected more than 0 a second, found " + perSecond);
        }
        this.perSecond = perSecond;
        this.seconds = seconds;
        this.random = seed.random();
    }

    /** Returns when the next one is due, in nanoseconds from the beginning, or {@link #NO_MORE}. */
    synchronized long next() {
        last += -Math.log1p(-random.nextDouble()) / perSecond;
        return last < seconds ? (long) (last * TimeUnit.SECONDS.toNanos(1)) : NO_MORE;
    }
}
