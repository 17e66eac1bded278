package dev.weft.metanets.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import dev.weft.network.run.Constants;
import java.util.List;

/**
 * {@link EdgeEncoder} as the reference has it, on an edge list: channels (w, 0, w) for forward edges and (0, w, w) for
 * their mirrors, times the matrix of frequencies, cosines and sines side by side, then two affine maps. The plain form
 * that the block form is tested against; it shares the encoder's values.
 *
 * <p>Edges in the order of {@link PerEdgeFilm}; c channels are 3, or 1 without reverse messages.
 */
public final class PerEdgeEncoder {

    private final GraphLayout layout;

    public PerEdgeEncoder(GraphLayout layout) {
        this.layout = layout;
    }

    /** Encodes standardised weights, one array [b, t, s] a weight block, with an encoder's values: [b, e, d]. */
    public NDArray forward(ForwardPass pass, EdgeEncoder encoder, List<NDArray> weights) {
        NDArray x = channels(weights); // [b, e, c]
        if (encoder.frequency != null) {
            NDArray turns = Linear.linear(x, pass.value(encoder.frequency)).singletonOrThrow();
            NDArray angle = turns.mul(Constants.of(turns, 2 * Math.PI)); // [b, e, f]
            x = Functions.concat(new NDList(angle.cos(), angle.sin()), 2);
        }
        return encoder.second.forward(pass, encoder.first.forward(pass, x));
    }

    private NDArray channels(List<NDArray> weights) {
        NDList flat = new NDList();
        for (NDArray weight : weights) {
            Shape shape = weight.getShape();
            flat.add(weight.reshape(shape.get(0), shape.get(1) * shape.get(2), 1));
        }
        NDArray w = Functions.concat(flat, 1); // [b, e, 1]
        if (!layout.reverse()) {
            return w;
        }
        NDArray zero = w.zerosLike();
        NDArray forward = Functions.concat(new NDList(w, zero, w), 2);
        NDArray mirrored = Functions.concat(new NDList(zero, w, w), 2);
        return Functions.concat(new NDList(forward, mirrored), 1);
    }
}
