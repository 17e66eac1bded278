package dev.weft.graph;

import java.util.Arrays;
import java.util.Locale;

/**
 * What a node of a {@link ComputationGraph} does: the vocabulary of DeepNets-1M (Knyazev et al. 2021, "Parameter prediction
 * for unseen deep architectures"), in the order of the rows of a graph hypernetwork's table. Activations, dropout and
 * reshapes are no nodes.
 */
public enum Operation {
    MAX_POOL,
    AVG_POOL,
    /** A grouped convolution. */
    SEP_CONV,
    /** A grouped and dilated convolution. */
    DIL_CONV,
    /** Every other convolution, and the weight of every linear layer. */
    CONV,
    /** Attention between its projections. */
    MSA,
    /** Channels times what their means say: squeeze-and-excitation. */
    CSE,
    SUM,
    CONCAT,
    INPUT,
    /** Of a convolution or a linear layer; its node follows the weight's. */
    BIAS,
    /** A batch norm: gain and shift are one node. */
    BN,
    /** A layer norm: gain and shift are one node. */
    LN,
    /** A table of positions that is added. */
    POS_ENC,
    GLOB_AVG;

    /** Returns the name in published files, for example {@code sep_conv}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Finds an operation by its {@link #label()}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Operation labelled(String label) {
        return Arrays.stream(values())
                .filter(operation -> operation.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no operation '" + label + "'"));
    }

    /** Whether a node of this kind holds a gain and a shift. */
    public boolean norm() {
        return this == BN || this == LN;
    }
}
