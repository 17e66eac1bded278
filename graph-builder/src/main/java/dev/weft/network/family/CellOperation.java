package dev.weft.network.family;

import java.util.Locale;

/** What an edge of a {@link Genotype} can do, in the order of DeepNets-1M's table. */
public enum CellOperation {
    /** There is no edge. */
    NONE,
    MAX_POOL_3X3,
    AVG_POOL_3X3,
    /** The value itself; where the map shrinks, two strided 1 x 1 convolutions side by side. */
    SKIP_CONNECT,
    SEP_CONV_3X3,
    SEP_CONV_5X5,
    DIL_CONV_3X3,
    DIL_CONV_5X5,
    CONV_1X1,
    /** 1 x 7 and then 7 x 1. */
    CONV_7X1_1X7,
    CONV_3X3,
    CONV_5X5,
    CONV_7X7,
    /** A transformer block on the map's pixels. */
    MSA,
    /** Squeeze-and-excitation. */
    CSE;

    /** Returns the name in published files, for example {@code sep_conv_3x3}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it has a convolution that mixes pixels or channels of its own. */
    public boolean convolves() {
        return name().contains("CONV");
    }

    /** Returns the side of the square kernel in the name. */
    int kernel() {
        return name().charAt(name().length() - 1) - '0';
    }
}
