package dev.weft.checkpoints.format.onnx.topology;

/** erf(x) = 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x, to about 1e-15, in tens of operations. */
final class ErrorFunction {

    private static final double SATURATED = 6; // 1 - erf(6) is below 1e-16
    private static final double LEAST_TERM = 1e-17;

    private ErrorFunction() {}

    /** By the series erf(x) = 2 x / sqrt(pi) exp(-x^2) sum of (2 x^2)^n / (1 3 5 ... (2 n + 1)), whose terms are positive. */
    static double of(double x) {
        if (Math.abs(x) > SATURATED || Double.isNaN(x)) {
            return Math.signum(x);
        }
        double term = 1;
        double sum = 1;
        for (int n = 1; term > LEAST_TERM * sum; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 * x / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }
}
