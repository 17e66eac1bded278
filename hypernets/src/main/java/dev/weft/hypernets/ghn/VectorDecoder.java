package dev.weft.hypernets.ghn;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import dev.weft.metanets.nn.Affine;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.network.Seed;

/** From node states to vectors of M values, two a node: a norm's gain, and a norm's shift or any bias. */
final class VectorDecoder extends GhnBlock {

    private final Affine first;
    private final Affine second;

    VectorDecoder(GhnConfig config, Seed seed) {
        int d = config.hidden();
        first = addChildBlock("fc.0", new Affine(d, 2 * d, seed.split("first")));
        second = addChildBlock("fc.2", WeightDecoder.last(2 * d, 2 * config.channels(), config, seed.split("second")));
    }

    /** Returns the vectors of states [n, d], [n, 2, M]. */
    NDArray forward(ForwardPass pass, NDArray states) {
        NDArray both = second.forward(pass, Activation.relu(first.forward(pass, states)));
        return both.reshape(states.getShape().get(0), 2, -1);
    }
}
