package dev.weft.cli.service.access;

/** So many requests a second on average, and a second's worth of them at once. */
final class TokenBucket {

    private static final double NANOS = 1e9;

    private final double rate;
    private final double most;
    private double tokens;
    private long last;

    /** @param rate a second, 0 for any number */
    TokenBucket(double rate, long now) {
        this.rate = rate;
        this.most = Math.max(1, rate);
        this.tokens = most;
        this.last = now;
    }

    /** Whether one more request may come now, by {@link System#nanoTime()}. */
    synchronized boolean take(long now) {
        if (rate == 0) {
            return true;
        }
        tokens = Math.min(most, tokens + rate * (now - last) / NANOS);
        last = now;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }
}
