package dev.weft.metanets.nowcast;

/**
 * y = W x + b in double precision, for folding maps that follow each other into one.
 *
 * @param out height of W
 * @param in width of W
 * @param weight W [out, in], row-major
 * @param bias b [out]
 */
record AffineMap(int out, int in, double[] weight, double[] bias) {

    /** Returns the map that applies this one to what {@code first} gives. */
    AffineMap after(AffineMap first) {
        double[] w = new double[out * first.in];
        double[] b = bias.clone();
        for (int o = 0; o < out; o++) {
            for (int k = 0; k < in; k++) {
                double factor = weight[o * in + k];
                b[o] += factor * first.bias[k];
                for (int i = 0; i < first.in; i++) {
                    w[o * first.in + i] += factor * first.weight[k * first.in + i];
                }
            }
        }
        return new AffineMap(out, first.in, w, b);
    }

    /** Returns the outputs [from, from + count). */
    AffineMap rows(int from, int count) {
        double[] w = new double[count * in];
        double[] b = new double[count];
        System.arraycopy(weight, from * in, w, 0, count * in);
        System.arraycopy(bias, from, b, 0, count);
        return new AffineMap(count, in, w, b);
    }

    /** Returns the mean of the outputs [from, from + count) as the one output. */
    AffineMap mean(int from, int count) {
        double[] w = new double[in];
        double b = 0;
        for (int o = from; o < from + count; o++) {
            b += bias[o] / count;
            for (int i = 0; i < in; i++) {
                w[i] += weight[o * in + i] / count;
            }
        }
        return new AffineMap(1, in, w, new double[] {b});
    }

    /** Returns what the inputs [from, from + count) add to the output, without b. */
    AffineMap columns(int from, int count) {
        double[] w = new double[out * count];
        for (int o = 0; o < out; o++) {
            System.arraycopy(weight, o * in + from, w, o * count, count);
        }
        return new AffineMap(out, count, w, new double[out]);
    }

    /** Returns this map with another b. */
    AffineMap withBias(double[] other) {
        return new AffineMap(out, in, weight, other);
    }

    /** Returns W in single precision. */
    float[] floatWeight() {
        return floats(weight);
    }

    /** Returns b in single precision. */
    float[] floatBias() {
        return floats(bias);
    }

    static float[] floats(double[] values) {
        float[] narrow = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            narrow[i] = (float) values[i];
        }
        return narrow;
    }

    static double[] sum(double[] a, double[] b) {
        double[] sum = a.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += b[i];
        }
        return sum;
    }
}
