package dev.weft.metanets.nn;

import ai.djl.ndarray.NDArray;

/** A list of edges behind the encoder, and the way back to the encoder's weights. */
interface EncodedEdges {

    /** Returns the edges' states, [e, d]. */
    NDArray values();

    /** Returns what to differentiate so that the encoder's weights get the gradient of the states, g [e, d]. */
    NDArray pull(NDArray g);

    /** States in the engine's graph. */
    record InGraph(NDArray values) implements EncodedEdges {
        @Override
        public NDArray pull(NDArray g) {
            return Tape.pull(values, g);
        }
    }
}
