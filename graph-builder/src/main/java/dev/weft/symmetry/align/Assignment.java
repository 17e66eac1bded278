package dev.weft.symmetry.align;

import java.util.Arrays;

/**
 * The linear assignment problem: give each row a column of its own so that the sum of their gains is largest.
 *
 * <p>Shortest augmenting paths on dense matrices (Jonker and Volgenant 1987, "A shortest augmenting path algorithm for dense
 * and sparse linear assignment problems"), after a reduction that settles most rows at once: O(n^3) time at worst, O(n)
 * memory beside the matrix. JGraphT's Kuhn-Munkres solver finds the same sums and is the oracle of the tests; it takes 5 to 70
 * times as long, and an object for each entry, at every size, so that it has no place here.
 */
public final class Assignment {

    private static final int NONE = -1;

    private Assignment() {}

    /**
     * Returns for each row its column.
     *
     * @param gains [n][n], finite, of either sign
     * @throws IllegalArgumentException if the matrix is not square or has values that are not finite
     */
    public static int[] maximum(double[][] gains) {
        for (int i = 0; i < gains.length; i++) {
            if (gains[i].length != gains.length) {
                throw new IllegalArgumentException(
                        "gains: expected " + gains.length + " columns in row " + i + ", got " + gains[i].length);
            }
            for (double gain : gains[i]) {
                if (!Double.isFinite(gain)) {
                    throw new IllegalArgumentException("gains: expected finite values in row " + i + ", got " + gain);
                }
            }
        }
        return new Search(gains).columns();
    }

    /** Returns the sum of the gains of an assignment. */
    public static double value(double[][] gains, int[] columns) {
        double sum = 0;
        for (int i = 0; i < columns.length; i++) {
            sum += gains[i][columns[i]];
        }
        return sum;
    }

    /** One run. Costs are negated gains; row and column prices never add up to more than the cost between them. */
    private static final class Search {
        private final double[][] gains;
        private final int n;
        private final double[] rowPrice;
        private final double[] columnPrice;
        private final int[] columnOf;
        private final int[] rowOf;
        private final double[] distance; // from the free row, over prices
        private final int[] via; // the row before each column on the shortest path
        private final boolean[] done;

        Search(double[][] gains) {
            this.gains = gains;
            this.n = gains.length;
            this.rowPrice = new double[n];
            this.columnPrice = new double[n];
            this.columnOf = new int[n];
            this.rowOf = new int[n];
            this.distance = new double[n];
            this.via = new int[n];
            this.done = new boolean[n];
        }

        int[] columns() {
            reduce();
            for (int row = 0; row < n; row++) {
                if (columnOf[row] == NONE) {
                    augment(row);
                }
            }
            return columnOf;
        }

        /** Prices that leave an entry of cost zero in each row, taken where its column is free. */
        private void reduce() {
            Arrays.fill(columnOf, NONE);
            Arrays.fill(rowOf, NONE);
            Arrays.fill(columnPrice, Double.POSITIVE_INFINITY);
            for (double[] row : gains) {
                for (int j = 0; j < n; j++) {
                    columnPrice[j] = Math.min(columnPrice[j], -row[j]);
                }
            }
            for (int i = 0; i < n; i++) {
                int best = 0;
                for (int j = 1; j < n; j++) {
                    best = reduced(i, j) < reduced(i, best) ? j : best;
                }
                rowPrice[i] = reduced(i, best);
                if (rowOf[best] == NONE) {
                    rowOf[best] = i;
                    columnOf[i] = best;
                }
            }
        }

        private double reduced(int i, int j) {
            return -gains[i][j] - columnPrice[j];
        }

        /** Finds the shortest way from a free row to a free column (Dijkstra), and changes places along it. */
        private void augment(int free) {
            Arrays.fill(distance, Double.POSITIVE_INFINITY);
            Arrays.fill(done, false);
            int row = free;
            double length = 0;
            int column;
            do {
                column = relax(row, length);
                length = distance[column];
                done[column] = true;
                row = rowOf[column];
            } while (row != NONE);
            reprice(free, length);
            while (row != free) {
                row = via[column];
                rowOf[column] = row;
                int next = columnOf[row];
                columnOf[row] = column;
                column = next;
            }
        }

        /** Takes the ways on from a row into account and returns the nearest column that is not done. */
        private int relax(int row, double length) {
            double[] gain = gains[row];
            double base = length - rowPrice[row];
            int nearest = NONE;
            double least = Double.POSITIVE_INFINITY;
            for (int j = 0; j < n; j++) {
                if (!done[j]) {
                    double way = base - gain[j] - columnPrice[j];
                    if (way < distance[j]) {
                        distance[j] = way;
                        via[j] = row;
                    }
                    if (distance[j] < least) {
                        least = distance[j];
                        nearest = j;
                    }
                }
            }
            return nearest;
        }

        private void reprice(int free, double length) {
            rowPrice[free] += length;
            for (int j = 0; j < n; j++) {
                if (done[j]) {
                    double change = length - distance[j];
                    columnPrice[j] -= change;
                    if (rowOf[j] != NONE) {
                        rowPrice[rowOf[j]] += change;
                    }
                }
            }
        }
    }
}
