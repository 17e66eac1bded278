package dev.weft.metanets.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.core.Linear;
import dev.weft.graph.WeightBlock;

/**
 * The part of an edge's update that its two end nodes give, A x_receiver + C x_sender: computed once a node, then added
 * to edges by broadcasting.
 *
 * <p>Direction 0 of a weight block carries messages from source to target, direction 1 back. So a target neuron gives
 * A x in direction 0 and C x in direction 1, a source neuron the other way round.
 */
final class PairTerms {

    private final GraphLayout layout;
    private final NDList onTargets; // a block of neurons each: [k, b, n, d]
    private final NDList onSources;

    private PairTerms(GraphLayout layout, NDList onTargets, NDList onSources) {
        this.layout = layout;
        this.onTargets = onTargets;
        this.onSources = onSources;
    }

    /**
     * Computes both terms of all nodes.
     *
     * @param x [b, n, d]
     * @param weight A over C, [2 d, d]
     * @param bias [2 d]
     */
    static PairTerms of(GraphLayout layout, NDArray x, NDArray weight, NDArray bias) {
        long b = x.getShape().get(0);
        long n = x.getShape().get(1);
        NDArray both = Linear.linear(x, weight, bias)
                .singletonOrThrow()
                .reshape(b, n, 2, -1)
                .transpose(2, 0, 1, 3); // [2, b, n, d]
        if (layout.reverse()) {
            return new PairTerms(layout, layout.split(both, 2), layout.split(both.flip(0), 2));
        }
        NDList parts = both.split(2, 0);
        return new PairTerms(layout, layout.split(parts.get(0), 2), layout.split(parts.get(1), 2));
    }

    /** Returns the target neurons' terms, [k, b, t, 1, d]. */
    NDArray target(WeightBlock weight) {
        return onTargets.get(weight.target().index()).expandDims(3);
    }

    /** Returns the source neurons' terms, [k, b, 1, s, d]. */
    NDArray source(WeightBlock weight) {
        return onSources.get(weight.source().index()).expandDims(2);
    }
}
