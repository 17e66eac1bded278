package dev.weft.hypernets.ghn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/**
 * Which of the decoder's S taps along one axis make a kernel: the first ones (GHN-1, GHN-2), or those in the middle (GHN-3).
 * A longer kernel takes all of them and stretches: GHN-2 repeats them once, GHN-3 interpolates linearly.
 *
 * @param begin first tap
 * @param end behind the last one
 * @param extent of the kernel
 * @param centred as in GHN-3
 */
record Window(int begin, int end, int extent, boolean centred) {

    static Window of(GhnConfig config, int extent) {
        int side = config.kernel();
        if (extent >= side) {
            return new Window(0, side, extent, config.centred());
        }
        int begin = config.centred() ? side / 2 - extent / 2 : 0;
        return new Window(begin, begin + extent, extent, config.centred());
    }

    int size() {
        return end - begin;
    }

    boolean stretched() {
        return extent > size();
    }

    /**
     * Stretches decoded kernels.
     *
     * @param decoded [n, rows * columns, channels]
     * @return [n, height * width, channels]
     */
    static NDArray stretched(NDArray decoded, Window rows, Window columns) {
        double[] across = rows.weights();
        double[] along = columns.weights();
        int taps = rows.size() * columns.size();
        double[] both = new double[rows.extent * columns.extent * taps];
        for (int i = 0; i < both.length; i++) {
            int tap = i % taps;
            int pixel = i / taps;
            both[i] = across[pixel / columns.extent * rows.size() + tap / columns.size()]
                    * along[pixel % columns.extent * columns.size() + tap % columns.size()];
        }
        NDArray matrix = decoded.getManager()
                .create(both, new Shape(1, both.length / taps, taps))
                .toType(decoded.getDataType(), false)
                .toDevice(decoded.getDevice(), false);
        return matrix.matMul(decoded);
    }

    /** Returns how much each tap gives to each place of the kernel, [extent, size]. */
    private double[] weights() {
        int size = size();
        double[] weights = new double[extent * size];
        for (int i = 0; i < extent; i++) {
            if (!stretched()) {
                weights[i * size + i] = 1;
            } else if (!centred) {
                weights[i * size + i % size] = 1;
            } else { // pixel centres, as PyTorch's bilinear without aligned corners
                double place = Math.max(0, (i + 0.5) * size / extent - 0.5);
                int below = Math.min((int) place, size - 1);
                int above = Math.min(below + 1, size - 1);
                weights[i * size + below] += 1 - (place - below);
                weights[i * size + above] += place - below;
            }
        }
        return weights;
    }
}
