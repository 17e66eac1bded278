package dev.weft.hypernets.property;

/** How alike two descriptions are. */
public sealed interface Kernel {

    /** Returns the likeness of two descriptions of d numbers. */
    double of(double[] x, double[] y);

    /** Their inner product: regression with it is linear. */
    record Linear() implements Kernel {
        @Override
        public double of(double[] x, double[] y) {
            double sum = 0;
            for (int i = 0; i < x.length; i++) {
                sum += x[i] * y[i];
            }
            return sum;
        }
    }

    /** exp(-gamma |x - y|^2). */
    record Gaussian(double gamma) implements Kernel {
        public Gaussian {
            if (!(gamma > 0)) {
                throw new IllegalArgumentException("gamma: expected a positive number, got " + gamma);
            }
        }

        @Override
        public double of(double[] x, double[] y) {
            double squares = 0;
            for (int i = 0; i < x.length; i++) {
                squares += (x[i] - y[i]) * (x[i] - y[i]);
            }
            return Math.exp(-gamma * squares);
        }
    }
}
