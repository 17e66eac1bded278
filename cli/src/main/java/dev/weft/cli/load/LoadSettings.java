package dev.weft.cli.load;

/**
 * How long and how often is measured.
 *
 * @param seconds of a measurement, and of warming up before the first of its kind
 * @param rounds how often each measurement is made
 * @param overloadSeconds of requests at twice the capacity, 0 for none
 * @param heap of a service, in MiB
 * @param seed of the times of requests
 */
public record LoadSettings(double seconds, int rounds, double overloadSeconds, int heap, long seed) {

    public LoadSettings {
        if (!(seconds > 0) || rounds < 1 || !(overloadSeconds >= 0) || heap < 1) {
            throw new IllegalArgumentException(
                    "expected seconds, rounds and heap above 0 and an overload of 0 or more, found " + seconds + ", "
                            + rounds + ", " + heap + " and " + overloadSeconds);
        }
    }
}
