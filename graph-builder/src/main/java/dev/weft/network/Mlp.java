package dev.weft.network;

import java.util.List;

/** Multilayer perceptrons with one activation between their linear layers. */
public final class Mlp {

    private Mlp() {}

    /**
     * Parameters are called {@code seq.0.weight}, {@code seq.0.bias}, ...
     *
     * @param widths input, hidden and output widths
     * @param activation between the layers, none behind the last
     * @param bias whether the layers have biases
     */
    public static Architecture of(List<Integer> widths, Layer.Activation activation, boolean bias) {
        if (widths.size() < 2) {
            throw new IllegalArgumentException("an MLP needs at least input and output width, got " + widths);
        }
        Architecture.Builder builder = Architecture.builder("mlp", widths.get(0));
        int last = widths.size() - 2;
        for (int l = 0; l <= last; l++) {
            builder.add("seq." + l, new Layer.Linear(widths.get(l), widths.get(l + 1), bias));
            if (l < last) {
                builder.add("act." + l, activation);
            }
        }
        return builder.build();
    }
}
