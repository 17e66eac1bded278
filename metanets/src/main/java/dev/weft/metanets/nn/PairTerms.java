package dev.weft.metanets.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.core.Linear;

/**
 * The part of an edge's update that its two end nodes give, A x_receiver + C x_sender + b: computed once a node, then
 * added to edges by broadcasting.
 */
final class PairTerms {

    private final NDList receivers; // a block of neurons each: [b, n, d]
    private final NDList senders;

    /**
     * Computes both terms of all nodes.
     *
     * @param x [b, n, d]
     * @param receiver A, [d, d]
     * @param sender C, [d, d]
     * @param bias b, [d]
     */
    PairTerms(GraphLayout layout, NDArray x, NDArray receiver, NDArray sender, NDArray bias) {
        receivers = layout.split(Linear.linear(x, receiver, bias).singletonOrThrow(), 1);
        senders = layout.split(Linear.linear(x, sender).singletonOrThrow(), 1);
    }

    /** Returns the receivers' term of edges, to be added to [b, t, s, d]. */
    NDArray receiver(GraphLayout.Edges edges) {
        return receivers.get(edges.receiver().index()).expandDims(edges.senderAxis());
    }

    /** Returns the senders' term of edges, to be added to [b, t, s, d]. */
    NDArray sender(GraphLayout.Edges edges) {
        return senders.get(edges.sender().index()).expandDims(edges.receiverAxis());
    }
}
