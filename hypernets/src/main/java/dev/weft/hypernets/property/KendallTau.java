package dev.weft.hypernets.property;

/**
 * Kendall's rank correlation tau-b (Kendall 1945): the share of pairs that two lists put in the same order, less the share
 * that they put in opposite ones, with ties counted out.
 */
public final class KendallTau {

    private KendallTau() {}

    /**
     * Returns the correlation in [-1, 1], or NaN if a list is the same throughout; O(n^2).
     *
     * @throws IllegalArgumentException if the lists are not equally long
     */
    public static double of(double[] a, double[] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException(
                    "expected as many values on both sides, got " + a.length + " and " + b.length);
        }
        long agreement = 0;
        long untiedA = 0;
        long untiedB = 0;
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < i; j++) {
                int orderA = Double.compare(a[i], a[j]);
                int orderB = Double.compare(b[i], b[j]);
                agreement += (long) Integer.signum(orderA) * Integer.signum(orderB);
                untiedA += orderA == 0 ? 0 : 1;
                untiedB += orderB == 0 ? 0 : 1;
            }
        }
        return agreement / Math.sqrt((double) untiedA * untiedB);
    }
}
