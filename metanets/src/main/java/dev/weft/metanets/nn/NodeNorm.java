package dev.weft.metanets.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.weft.network.run.Constants;
import org.jspecify.annotations.Nullable;

/** Normalises node states [b, n, d], then scales and shifts each channel. */
public final class NodeNorm extends WeightSpaceBlock {

    private static final float EPSILON = 1e-5f;

    /** What shares a mean and a deviation. */
    public enum Over {
        /** One neuron's channels: ordinary layer norm. The default. */
        NODE,
        /** All neurons and channels of one network. */
        GRAPH,
        /**
         * All neurons and channels of all networks of the batch, as the reference does by a slip (it calls PyTorch
         * Geometric's LayerNorm without a batch vector). A network's output then depends on its neighbours in the
         * batch; only for published weights.
         */
        BATCH
    }

    private final Over over;
    private final int hidden;
    private final Parameter gain;
    private final Parameter shift;

    public NodeNorm(Over over, int hidden) {
        this.over = over;
        this.hidden = hidden;
        gain = parameter("gain", new Shape(hidden), SeededInitializer.constant(1));
        shift = parameter("shift", new Shape(hidden), SeededInitializer.constant(0));
    }

    /** Returns whether a neuron's result depends on other neurons. */
    boolean couplesNodes() {
        return over != Over.NODE;
    }

    /** Normalises x [b, n, d]. */
    public NDArray forward(ForwardPass pass, NDArray x) {
        NDArray scale = pass.value(gain);
        NDArray offset = pass.value(shift);
        if (over == Over.NODE) {
            return LayerNorm.layerNorm(x, new Shape(hidden), scale, offset, EPSILON)
                    .singletonOrThrow();
        }
        int[] axes = over == Over.GRAPH ? new int[] {1, 2} : new int[] {0, 1, 2};
        long count = over == Over.GRAPH ? x.size() / x.size(0) : x.size();
        NDArray centred = x.sub(x.sum(axes, true).div(Constants.of(x, count)));
        // PyTorch Geometric adds epsilon to the deviation, not to the variance.
        NDArray deviation = centred.square()
                .sum(axes, true)
                .div(Constants.of(x, count))
                .sqrt()
                .add(EPSILON);
        return centred.div(deviation).mul(scale).add(offset);
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, @Nullable PairList<String, Object> params) {
        NDArray x = inputs.singletonOrThrow();
        return new NDList(forward(new ForwardPass(store, x.getDevice(), training), x));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
        return inputs;
    }
}
