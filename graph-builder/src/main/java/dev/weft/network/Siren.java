package dev.weft.network;

import java.util.List;

/** Sinusoidal networks (SIREN, Sitzmann et al. 2020): linear layers with sin(w0 x) between them, a linear last one. */
public final class Siren {

    /** The frequency factor of every published data set of implicit networks. */
    public static final double W0_DEFAULT = 30;

    private Siren() {}

    /**
     * Parameters are called {@code seq.0.weight}, {@code seq.0.bias}, {@code seq.1.weight}, ... as in DWSNets' data.
     *
     * @param widths input, hidden and output widths, for example 2, 32, 32, 1
     * @param w0 the factor inside each sine
     * @param offset added to the output (0.5 in DWSNets' data), 0 for none
     */
    public static Architecture of(List<Integer> widths, double w0, double offset) {
        if (widths.size() < 2) {
            throw new IllegalArgumentException("a SIREN needs at least input and output width, got " + widths);
        }
        Architecture.Builder builder = Architecture.builder("siren", widths.get(0));
        int last = widths.size() - 2;
        for (int l = 0; l <= last; l++) {
            builder.add("seq." + l, new Layer.Linear(widths.get(l), widths.get(l + 1), true));
            if (l < last) {
                builder.add("sine." + l, new Layer.Sine(w0));
            }
        }
        if (offset != 0) {
            builder.add("offset", new Layer.Offset(offset));
        }
        return builder.build();
    }
}
