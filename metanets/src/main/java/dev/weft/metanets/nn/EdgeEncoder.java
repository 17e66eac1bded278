package dev.weft.metanets.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.weft.network.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Encodes weights as edge states: Gaussian Fourier features, then two affine maps (Kofinas et al. 2024, appendix C).
 *
 * <p>The reference gives a forward edge the channels (w, 0, w) and its mirror (0, w, w). Both are functions of the one
 * scalar w, so each direction has one frequency vector, the sum of two columns of the reference's matrix, and only real
 * edges are encoded. The two maps have nothing between them and are applied as one.
 *
 * <p>Input: one array [b, t, s] a weight block; output: one array [k, b, t, s, d] a weight block.
 */
public final class EdgeEncoder extends WeightSpaceBlock {

    /** Channels a direction reads: forward edges 0 and 2, mirrored edges 1 and 2; without mirrors there is only one. */
    private static final double[] BOTH = {1, 0, 1, 0, 1, 1};

    private final int frequencies;
    private final int directions;
    private final @Nullable Parameter frequency;
    private final Affine first;
    private final Affine second;

    /**
     * @param directions k, 1 or 2
     * @param frequencies number of Fourier frequencies, 0 for none
     * @param scale deviation of the frequencies
     * @param hidden d
     */
    public EdgeEncoder(int directions, int frequencies, double scale, int hidden, Seed seed) {
        int channels = directions == 2 ? 3 : 1;
        this.directions = directions;
        this.frequencies = frequencies;
        this.frequency = frequencies == 0
                ? null
                : constant(
                        "frequency",
                        new Shape(frequencies, channels),
                        SeededInitializer.normal(seed.split("frequency"), scale));
        first = addChildBlock(
                "first", new Affine(frequencies == 0 ? channels : 2 * frequencies, hidden, seed.split("first")));
        second = addChildBlock("second", new Affine(hidden, hidden, seed.split("second")));
    }

    /** Encodes standardised weights, one array [b, t, s] a block, to [k, b, t, s, d]. */
    public List<NDArray> forward(ForwardPass pass, List<NDArray> weights) {
        NDArray map = second.weight(pass).matMul(first.weight(pass)); // [d, 2f] or [d, c]
        NDArray shift = second.weight(pass)
                .matMul(first.bias(pass).expandDims(1))
                .squeeze(1)
                .add(second.bias(pass));
        List<NDArray> encoded = new ArrayList<>();
        for (NDArray weight : weights) {
            NDArray value = weight.expandDims(-1); // [b, t, s, 1]
            encoded.add(frequency == null ? linear(value, map, shift) : fourier(pass, value, map, shift));
        }
        return encoded;
    }

    private NDArray linear(NDArray value, NDArray map, NDArray shift) {
        return value.mul(perDirection(map.transpose())).add(shift);
    }

    private NDArray fourier(ForwardPass pass, NDArray value, NDArray map, NDArray shift) {
        NDArray vectors =
                perDirection(pass.value(Objects.requireNonNull(frequency)).transpose());
        NDArray angle = value.mul(vectors.mul(2 * Math.PI)); // [k, b, t, s, f]
        NDList halves = map.split(new long[] {frequencies}, 1); // for cosines and for sines
        NDArray cosines = Linear.linear(angle.cos(), halves.get(0), shift).singletonOrThrow();
        return cosines.add(Linear.linear(angle.sin(), halves.get(1)).singletonOrThrow());
    }

    /** [c, f] to [k, 1, 1, 1, f]: the vector that each direction multiplies its weight with. */
    private NDArray perDirection(NDArray columns) {
        NDArray vectors = columns;
        if (directions == 2) {
            NDArray channels = columns.getManager()
                    .create(BOTH, new Shape(2, 3))
                    .toDevice(columns.getDevice(), false)
                    .toType(columns.getDataType(), false);
            vectors = channels.matMul(columns);
        }
        return vectors.reshape(directions, 1, 1, 1, columns.getShape().get(1));
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, @Nullable PairList<String, Object> params) {
        return new NDList(forward(new ForwardPass(store, inputs.head().getDevice(), training), inputs));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
        Shape[] outputs = new Shape[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            long hidden = second.getOutputShapes(new Shape[] {new Shape(1)})[0].get(0);
            outputs[i] = new Shape(directions).addAll(inputs[i]).add(hidden);
        }
        return outputs;
    }
}
