package dev.weft.network;

import java.util.Collections;
import java.util.List;

/**
 * A convolution over one or two spatial axes with zero padding, weight [out, in / groups, *kernel], bias [out].
 *
 * @param in channels of the input
 * @param out channels of the output
 * @param kernel extents of the kernel: [length] or [height, width]
 * @param stride steps, one a spatial axis
 * @param padding zeros on both sides, one a spatial axis
 * @param dilation distances of kernel taps, one a spatial axis
 * @param groups output channel o reads only the input channels of its group; {@code in} for a depthwise convolution
 * @param bias whether there is a bias
 */
public record Convolution(
        int in,
        int out,
        List<Integer> kernel,
        List<Integer> stride,
        List<Integer> padding,
        List<Integer> dilation,
        int groups,
        boolean bias)
        implements Layer {

    private static final String NAME = "convolution";

    public Convolution {
        Checks.positive(NAME, "in", in);
        Checks.positive(NAME, "out", out);
        Checks.positive(NAME, "groups", groups);
        Checks.divides(NAME, "groups", groups, "in", in);
        Checks.divides(NAME, "groups", groups, "out", out);
        kernel = Checks.kernel(NAME, kernel);
        stride = Checks.extents(NAME, "stride", stride, kernel.size(), 1);
        padding = Checks.extents(NAME, "padding", padding, kernel.size(), 0);
        dilation = Checks.extents(NAME, "dilation", dilation, kernel.size(), 1);
    }

    /** A convolution over images with a square kernel, dilation 1 and one group. */
    public static Convolution square(int in, int out, int kernel, int stride, int padding, boolean bias) {
        return grouped(in, out, kernel, stride, padding, 1, bias);
    }

    /** A convolution over images with a square kernel and dilation 1. */
    public static Convolution grouped(int in, int out, int kernel, int stride, int padding, int groups, boolean bias) {
        return new Convolution(in, out, both(kernel), both(stride), both(padding), both(1), groups, bias);
    }

    private static List<Integer> both(int value) {
        return Collections.nCopies(2, value);
    }

    boolean depthwise() {
        return groups == in && out == in;
    }
}
