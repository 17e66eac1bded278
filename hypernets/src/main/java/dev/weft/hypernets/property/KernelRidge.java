package dev.weft.hypernets.property;

/**
 * Ridge regression in the space of a kernel: f(x) = mean + sum over i of a_i k(x, x_i), a = (K + ridge I)^-1 (y - mean). With
 * the linear kernel that is ordinary ridge regression. Descriptions are brought to mean 0 and variance 1 over those that
 * were fitted. The reference fits a support vector machine with the same kernel; this has one knob less and an answer in
 * closed form, O(n^3).
 */
public final class KernelRidge {

    private final Kernel kernel;
    private final double[] means;
    private final double[] deviations;
    private final double[][] examples; // standardised
    private final double[] weights;
    private final double mean;

    /**
     * Fits.
     *
     * @param descriptions [n][d]
     * @param targets [n]
     * @param ridge positive: the larger, the flatter
     */
    public KernelRidge(double[][] descriptions, double[] targets, Kernel kernel, double ridge) {
        int n = descriptions.length;
        if (n == 0 || n != targets.length || !(ridge > 0)) {
            throw new IllegalArgumentException("expected descriptions, a target for each and a positive ridge, got " + n
                    + ", " + targets.length + " and " + ridge);
        }
        this.kernel = kernel;
        int d = descriptions[0].length;
        means = new double[d];
        deviations = new double[d];
        measure(descriptions);
        examples = new double[n][];
        double sum = 0;
        for (int i = 0; i < n; i++) {
            examples[i] = standardized(descriptions[i]);
            sum += targets[i];
        }
        mean = sum / n;
        double[][] matrix = new double[n][n];
        double[] right = new double[n];
        for (int i = 0; i < n; i++) {
            right[i] = targets[i] - mean;
            for (int j = 0; j <= i; j++) {
                matrix[i][j] = kernel.of(examples[i], examples[j]) + (i == j ? ridge : 0);
            }
        }
        weights = solved(matrix, right);
    }

    private void measure(double[][] descriptions) {
        int n = descriptions.length;
        for (int k = 0; k < means.length; k++) {
            double sum = 0;
            double squares = 0;
            for (double[] description : descriptions) {
                sum += description[k];
            }
            means[k] = sum / n;
            for (double[] description : descriptions) {
                squares += (description[k] - means[k]) * (description[k] - means[k]);
            }
            deviations[k] = squares > 0 ? Math.sqrt(squares / n) : 1;
        }
    }

    private double[] standardized(double[] description) {
        double[] result = new double[means.length];
        for (int k = 0; k < result.length; k++) {
            result[k] = (description[k] - means[k]) / deviations[k];
        }
        return result;
    }

    /** Solves by Cholesky's factors L L', which take the lower triangle of the matrix. */
    private static double[] solved(double[][] matrix, double[] right) {
        int n = right.length;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = matrix[i][j];
                for (int k = 0; k < j; k++) {
                    sum -= matrix[i][k] * matrix[j][k];
                }
                matrix[i][j] = i == j ? Math.sqrt(sum) : sum / matrix[j][j];
            }
        }
        double[] x = right.clone();
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < i; k++) {
                x[i] -= matrix[i][k] * x[k];
            }
            x[i] /= matrix[i][i];
        }
        for (int i = n - 1; i >= 0; i--) {
            for (int k = i + 1; k < n; k++) {
                x[i] -= matrix[k][i] * x[k];
            }
            x[i] /= matrix[i][i];
        }
        return x;
    }

    /** Returns the prediction for a description of d numbers. */
    public double predict(double[] description) {
        double[] x = standardized(description);
        double sum = mean;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * kernel.of(x, examples[i]);
        }
        return sum;
    }

    /** Returns the predictions for descriptions [m][d]. */
    public double[] predict(double[][] descriptions) {
        double[] predictions = new double[descriptions.length];
        for (int i = 0; i < predictions.length; i++) {
            predictions[i] = predict(descriptions[i]);
        }
        return predictions;
    }
}
