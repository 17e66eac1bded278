package dev.weft.checkpoints.format.onnx.topology;

import org.jspecify.annotations.Nullable;

/**
 * One of the two terms of a rotation: a flow times cosines, or the flow turned by a right angle times sines.
 *
 * @param turn the second term's, with {@code flow} the same
 * @param table of cosines or sines
 */
record TurnTerm(Flow flow, @Nullable Turned turn, Fixed table) implements Meaning {

    @Override
    public int[] shape() {
        return flow.shape();
    }
}
