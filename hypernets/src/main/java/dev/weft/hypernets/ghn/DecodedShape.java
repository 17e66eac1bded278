package dev.weft.hypernets.ghn;

import dev.weft.graph.ComputationNode;
import dev.weft.graph.Operation;
import java.util.List;

/**
 * What is decoded for a node; all nodes with the same one are decoded together. Channels are rounded up to few different
 * numbers, so that there are few groups.
 *
 * @param kind which decoder
 * @param out output channels
 * @param in input channels
 */
record DecodedShape(Kind kind, int out, int in, int height, int width) {

    private static final long MOST_VALUES = 1L << 28; // of one node: 1 GiB

    /** The decoders. */
    enum Kind {
        VECTOR,
        CLASS_BIAS,
        CLASS_WEIGHT,
        WEIGHT
    }

    /** Returns what is decoded for the weight of the layer that puts out classes. */
    static DecodedShape classWeight(GhnConfig config, ComputationNode node) {
        return new DecodedShape(
                Kind.CLASS_WEIGHT, config.classes(), rounded(node.shape().get(1), 1, config), 1, 1);
    }

    static DecodedShape classBias(GhnConfig config) {
        return new DecodedShape(Kind.CLASS_BIAS, config.classes(), 1, 1, 1);
    }

    static DecodedShape of(GhnConfig config, ComputationNode node) {
        List<Integer> shape = node.shape();
        boolean table = node.operation() == Operation.POS_ENC && shape.size() == 3 && shape.get(0) == 1;
        if (shape.size() == 1) {
            return new DecodedShape(Kind.VECTOR, 2, config.channels(), 1, 1);
        } else if (shape.size() != 2 && shape.size() != 4 && !table) {
            throw new IllegalArgumentException("'" + node.name() + "': weights of shape " + shape
                    + " are not decoded, only [out, in] and [out, in, height, width]");
        }
        int[] four = ShapeVocabulary.canonical(shape);
        int longest = Math.max(four[2], four[3]);
        if (longest > config.longestKernel()) {
            throw new IllegalArgumentException("'" + node.name() + "': a kernel " + four[2] + " x " + four[3]
                    + " is beyond this hypernetwork's range of " + config.longestKernel());
        }
        int out = rounded(four[0], four[2], config);
        int in = rounded(four[1], four[3], config);
        if ((long) out * in * four[2] * four[3] > MOST_VALUES) { // below 2^62 by the ranges of the four
            throw new IllegalArgumentException("'" + node.name() + "': " + out + " x " + in + " channels and "
                    + four[2] + " x " + four[3] + " taps are more than the " + MOST_VALUES
                    + " values that are decoded at once");
        }
        return new DecodedShape(Kind.WEIGHT, out, in, four[2], four[3]);
    }

    /** Returns how many of so many channels are decoded, rounded up to few different numbers where all are in one grid. */
    private static int rounded(int channels, int taps, GhnConfig config) {
        int most = config.mostChannels(taps);
        int least = Math.min(channels, most);
        if (config.decoder() instanceof Decoding.LowRank) {
            return least;
        }
        int even = least % 3 == 0 ? least / 3 * 4 : least;
        return 2 * even >= most ? most : even;
    }

    /** Returns the number of values for one node. */
    int size() {
        return Math.multiplyExact(Math.multiplyExact(out, in), Math.multiplyExact(height, width));
    }
}
