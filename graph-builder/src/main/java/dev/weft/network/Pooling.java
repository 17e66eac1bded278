package dev.weft.network;

import java.util.List;

/** Statistics over positions; each channel by itself. */
public sealed interface Pooling extends Layer {

    /** The largest value under a window. */
    record MaxPool(List<Integer> kernel, List<Integer> stride, List<Integer> padding) implements Pooling {
        public MaxPool {
            kernel = Checks.kernel("max_pool", kernel);
            stride = Checks.extents("max_pool", "stride", stride, kernel.size(), 1);
            padding = Checks.extents("max_pool", "padding", padding, kernel.size(), 0);
            requireNarrow("max_pool", kernel, padding);
        }
    }

    /** The mean under a window. */
    record AvgPool(List<Integer> kernel, List<Integer> stride, List<Integer> padding, boolean countPadding)
            implements Pooling {
        public AvgPool {
            kernel = Checks.kernel("avg_pool", kernel);
            stride = Checks.extents("avg_pool", "stride", stride, kernel.size(), 1);
            padding = Checks.extents("avg_pool", "padding", padding, kernel.size(), 0);
            requireNarrow("avg_pool", kernel, padding);
        }
    }

    /** Means over windows that divide the positions into {@code size}; the extents must be multiples. */
    record AdaptiveAvgPool(List<Integer> size) implements Pooling {
        public AdaptiveAvgPool {
            size = Checks.kernel("adaptive_avg_pool", size);
        }
    }

    /** The mean over all positions of a map or a sequence: [units]. */
    record GlobalAvgPool() implements Pooling {}

    private static void requireNarrow(String layer, List<Integer> kernel, List<Integer> padding) {
        for (int i = 0; i < kernel.size(); i++) {
            if (padding.get(i) > kernel.get(i) / 2) {
                throw new IllegalArgumentException(
                        layer + ": padding must be at most half the kernel " + kernel + ", got " + padding);
            }
        }
    }
}
