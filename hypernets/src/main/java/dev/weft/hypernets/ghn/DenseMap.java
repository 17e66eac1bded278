package dev.weft.hypernets.ghn;

/** y = W x + b on one vector at a time, with its gradients: plain loops that the JIT compiler turns into vector code. */
final class DenseMap {

    private final int in;
    private final int out;
    private final double[] weight; // [out, in]
    private final double[] columns; // [in, out]
    private final double[] bias;
    private final double[] weightGradient;
    private final double[] biasGradient;

    DenseMap(int in, int out, double[] weight, double[] bias) {
        this.in = in;
        this.out = out;
        this.weight = weight;
        this.bias = bias;
        this.columns = new double[weight.length];
        for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
                columns[i * out + o] = weight[o * in + i];
            }
        }
        weightGradient = new double[weight.length];
        biasGradient = new double[out];
    }

    double[] weightGradient() {
        return weightGradient;
    }

    double[] biasGradient() {
        return biasGradient;
    }

    double[] apply(double[] x) {
        double[] y = bias.clone();
        for (int i = 0; i < in; i++) {
            add(y, 0, x[i], columns, i * out, out);
        }
        return y;
    }

    double[] applyRelu(double[] x) {
        double[] y = apply(x);
        for (int o = 0; o < out; o++) {
            y[o] = Math.max(0, y[o]);
        }
        return y;
    }

    /** Adds to the gradients of weight and bias, and to {@code gx} the gradient of x. */
    void back(double[] gy, double[] x, double[] gx) {
        for (int o = 0; o < out; o++) {
            if (gy[o] != 0) {
                add(gx, 0, gy[o], weight, o * in, in);
                add(weightGradient, o * in, gy[o], x, 0, in);
                biasGradient[o] += gy[o];
            }
        }
    }

    /** y[yo..] += a x[xo..]. */
    static void add(double[] y, int yo, double a, double[] x, int xo, int n) {
        for (int i = 0; i < n; i++) {
            y[yo + i] += a * x[xo + i];
        }
    }
}
