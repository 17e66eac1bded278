package dev.weft.metanets.nowcast;

/**
 * Which horizon each nowcast of a training run asks for: far ones first, k_j = round(linspace(K^(1/p), 1, n)_j ^ p) for the
 * n nowcasts of the run, ties to even.
 */
public final class HorizonSchedule {

    /** The power that the reference uses. */
    public static final double POWER_DEFAULT = 2;

    private final int[] horizons;

    /**
     * @param longest K, of the first nowcast
     * @param nowcasts n; one if there is less than a period
     * @param power p
     */
    public HorizonSchedule(int longest, int nowcasts, double power) {
        if (longest < 1 || !(power > 0)) {
            throw new IllegalArgumentException(
                    "schedule: expected a longest horizon of 1 or more and a power above 0, found " + longest + " and "
                            + power);
        }
        horizons = new int[Math.max(1, nowcasts)];
        double first = Math.pow(longest, 1 / power);
        for (int j = 0; j < horizons.length; j++) {
            double root = horizons.length == 1 ? first : first + (1 - first) * j / (horizons.length - 1);
            horizons[j] = (int) Math.rint(Math.pow(root, power));
        }
    }

    /** Returns the same horizon for all nowcasts. */
    public static HorizonSchedule constant(int horizon) {
        return new HorizonSchedule(horizon, 1, 1);
    }

    /** Returns a nowcast's horizon; those behind the last have the last one's. */
    public int horizon(long nowcast) {
        return horizons[(int) Math.min(horizons.length - 1, nowcast)];
    }

    /** Returns n. */
    public int nowcasts() {
        return horizons.length;
    }
}
