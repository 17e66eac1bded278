package dev.weft.hypernets.ghn;

/**
 * Orthonormal columns that span what given columns span, each with a positive share of its own column: the factor Q of A = Q
 * R with R's diagonal positive. By Householder reflections, which stay exact where columns are nearly the same, as copies
 * with a little noise are; O(rows columns^2).
 */
final class OrthonormalColumns {

    private OrthonormalColumns() {}

    /**
     * Returns the factor.
     *
     * @param columns of a matrix with no more columns than rows; left as they are
     */
    static double[][] of(double[][] columns) {
        int n = columns.length;
        double[][] work = new double[n][];
        for (int c = 0; c < n; c++) {
            work[c] = columns[c].clone();
        }
        double[][] reflectors = new double[n][];
        double[] signs = new double[n];
        for (int c = 0; c < n; c++) {
            double diagonal = reflector(work[c], c);
            reflectors[c] = work[c];
            signs[c] = diagonal < 0 ? -1 : 1;
            for (int later = c + 1; later < n; later++) {
                reflect(reflectors[c], c, work[later]);
            }
        }
        double[][] factor = new double[n][columns[0].length];
        for (int c = 0; c < n; c++) {
            factor[c][c] = signs[c];
            for (int r = c; r >= 0; r--) {
                reflect(reflectors[r], r, factor[c]);
            }
        }
        return factor;
    }

    /**
     * Turns the part of a column from {@code begin} on into the unit vector whose reflection leaves only its first entry.
     *
     * @return that entry
     */
    private static double reflector(double[] column, int begin) {
        double norm = norm(column, begin);
        double diagonal = column[begin] > 0 ? -norm : norm;
        column[begin] -= diagonal; // of the other sign, so nothing cancels
        double length = norm(column, begin);
        for (int i = begin; i < column.length; i++) {
            column[i] = length > 0 ? column[i] / length : 0;
        }
        return diagonal;
    }

    private static double norm(double[] column, int begin) {
        double squares = 0;
        for (int i = begin; i < column.length; i++) {
            squares += column[i] * column[i];
        }
        return Math.sqrt(squares);
    }

    /** x -= 2 v (v' x), from {@code begin} on. */
    private static void reflect(double[] v, int begin, double[] x) {
        double product = 0;
        for (int i = begin; i < x.length; i++) {
            product += v[i] * x[i];
        }
        for (int i = begin; i < x.length; i++) {
            x[i] -= 2 * product * v[i];
        }
    }
}
