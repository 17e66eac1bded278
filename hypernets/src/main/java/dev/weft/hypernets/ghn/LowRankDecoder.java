package dev.weft.hypernets.ghn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;
import dev.weft.metanets.nn.Affine;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.network.Seed;

/**
 * From node states to weights as products of low rank: d to 4 d to 8 d to two square matrices r x r, whose rows one shared map
 * takes to K values each. The first r rows are the factor A' [r, out * height], the last r the factor B [r, in * width].
 *
 * <p>The idea is LoGAH's (Zhou et al. 2024). Neither the paper nor its code was at hand: the layout is our reading, chosen so
 * that the published counts come out within 6 %, and its weights cannot be read. A class layer is a weight [classes, in] like any other.
 */
final class LowRankDecoder extends GhnBlock implements KernelDecoder {

    private static final int FIRST_WIDTH = 4; // times d
    private static final int SECOND_WIDTH = 8;

    private final int rank;
    private final int classes;
    private final Affine first;
    private final Affine second;
    private final Affine squares;
    private final Affine sides;

    LowRankDecoder(GhnConfig config, Decoding.LowRank decoding, Seed seed) {
        int d = config.hidden();
        rank = decoding.rank();
        classes = config.classes();
        first = addChildBlock("fc.0", new Affine(d, FIRST_WIDTH * d, seed.split("first")));
        second = addChildBlock("fc.2", new Affine(FIRST_WIDTH * d, SECOND_WIDTH * d, seed.split("second")));
        squares = addChildBlock("fc.4", new Affine(SECOND_WIDTH * d, 2 * rank * rank, seed.split("squares")));
        sides = addChildBlock("sides", new Affine(rank, decoding.widest(), seed.split("sides")));
    }

    @Override
    public NDArray weights(ForwardPass pass, NDArray states, int out, int in, int height, int width) {
        NDArray hidden = Activation.relu(first.forward(pass, states));
        hidden = Activation.relu(second.forward(pass, hidden));
        NDArray rows = squares.forward(pass, hidden).reshape(-1, 2L * rank, rank);
        NDArray left = side(pass, rows.get(new NDIndex(":, :{}", rank)), out * height); // [n, r, out * height]
        NDArray right = side(pass, rows.get(new NDIndex(":, {}:", rank)), in * width);
        return left.transpose(0, 2, 1)
                .matMul(right)
                .reshape(-1, out, height, in, width)
                .transpose(0, 2, 4, 1, 3)
                .reshape(-1, (long) height * width, (long) out * in);
    }

    /** Takes rows to the first of the values that one has; the others are not computed. */
    private NDArray side(ForwardPass pass, NDArray rows, int length) {
        NDIndex some = new NDIndex(":{}", length);
        return Linear.linear(
                        rows, sides.weight(pass).get(some), sides.bias(pass).get(some))
                .singletonOrThrow();
    }

    @Override
    public NDArray classWeights(ForwardPass pass, NDArray states, int in) {
        return weights(pass, states, classes, in, 1, 1).reshape(-1, (long) classes * in);
    }
}
