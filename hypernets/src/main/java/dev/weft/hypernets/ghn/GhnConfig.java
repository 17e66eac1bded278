package dev.weft.hypernets.ghn;

import dev.weft.graph.ComputationGraph;
import java.util.List;

/**
 * Sizes and switches of a graph hypernetwork.
 *
 * @param hidden d, width of the node states; a multiple of 4
 * @param channels M: wider layers are made of identical blocks
 * @param kernel S, side of the largest kernel that is decoded
 * @param classes K of the networks that it writes
 * @param layerNorm whether the final states are normalised
 * @param normalized whether predicted tensors are scaled by their fan-in, and norms and biases bounded
 * @param propagation between the nodes
 * @param decoder of weights; vectors of more than M values repeat under each of them
 */
public record GhnConfig(
        int hidden,
        int channels,
        int kernel,
        int classes,
        boolean layerNorm,
        boolean normalized,
        Propagation propagation,
        Decoding decoder) {

    /** The decoder of the published hypernetworks but LoGAH. */
    public static final Decoding TILED = new Decoding.Tiled();

    private static final int MOST = 1 << 14;
    private static final int LONGEST_STRETCHED = 256; // more taps a side than any published network has

    public GhnConfig {
        within("hidden", hidden, 4);
        within("channels", channels, 1);
        within("kernel", kernel, 1);
        within("classes", classes, 1);
        if (hidden % 4 != 0) {
            throw new IllegalArgumentException("ghn: hidden: expected a multiple of 4, got " + hidden);
        }
        if (decoder instanceof Decoding.LowRank low && classes > low.widest()) {
            throw new IllegalArgumentException(
                    "ghn: classes: expected at most widest = " + low.widest() + ", got " + classes);
        }
        if (propagation instanceof Propagation.Transformer transformer && hidden % transformer.heads() != 0) {
            throw new IllegalArgumentException(
                    "ghn: heads: expected a divisor of hidden = " + hidden + ", got " + transformer.heads());
        }
    }

    private static void within(String name, int value, int least) {
        if (value < least || value > MOST) {
            throw new IllegalArgumentException(
                    "ghn: " + name + ": expected " + least + " to " + MOST + ", got " + value);
        }
    }

    /** GHN-1: no virtual edges, no normalisation. */
    public static GhnConfig ghn1(int hidden, int channels, int kernel, int classes) {
        return new GhnConfig(hidden, channels, kernel, classes, false, false, new Propagation.Gated(false), TILED);
    }

    /** GHN-2. */
    public static GhnConfig ghn2(int hidden, int channels, int kernel, int classes) {
        return new GhnConfig(hidden, channels, kernel, classes, true, true, new Propagation.Gated(true), TILED);
    }

    /** GHN-3. */
    public static GhnConfig ghn3(int hidden, int channels, int kernel, int classes, int layers, int heads) {
        return new GhnConfig(
                hidden, channels, kernel, classes, true, true, new Propagation.Transformer(layers, heads), TILED);
    }

    /** GHN-2 without a graph. */
    public static GhnConfig nodes(int hidden, int channels, int kernel, int classes) {
        return new GhnConfig(hidden, channels, kernel, classes, true, true, new Propagation.Nodes(), TILED);
    }

    /** Returns the same hypernetwork with another decoder of weights. */
    public GhnConfig withDecoder(Decoding other) {
        return new GhnConfig(hidden, channels, kernel, classes, layerNorm, normalized, propagation, other);
    }

    /** Returns the most channels of a layer that do not repeat, for so many taps along the same side of its kernel. */
    int mostChannels(int taps) {
        return decoder instanceof Decoding.LowRank low ? Math.max(1, low.widest() / taps) : channels;
    }

    /** Returns the side of the largest kernel that is written: GHN-2 repeats its taps once, GHN-3 stretches them. */
    int longestKernel() {
        if (decoder instanceof Decoding.LowRank low) {
            return low.widest();
        }
        return centred() ? Math.max(LONGEST_STRETCHED, kernel) : 2 * kernel;
    }

    /**
     * Checks that a network can be written: all tensors are within the decoders' range, and its row fits into an array.
     *
     * @param classLayers whether the layers that put out classes are to be predicted
     * @throws IllegalArgumentException if it cannot; the tensor is named
     */
    public void requireWithinRange(ComputationGraph graph, boolean classLayers) {
        if (graph.parameterCount() > PredictedNetwork.MAX_PARAMETERS) {
            throw new IllegalArgumentException("the network has " + graph.parameterCount() + " parameters; at most "
                    + PredictedNetwork.MAX_PARAMETERS + " are predicted");
        }
        DecodingPlan.of(this, List.of(graph), classLayers);
    }

    /** Whether kernels are cut out of the middle, as in GHN-3, and not from the corner. */
    boolean centred() {
        return propagation instanceof Propagation.Transformer;
    }
}
