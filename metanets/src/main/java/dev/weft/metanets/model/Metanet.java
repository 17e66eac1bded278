package dev.weft.metanets.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.metanets.nn.WeightSpaceBlock;
import dev.weft.network.Architecture;
import org.jspecify.annotations.Nullable;

/**
 * A network that reads rows of another network's parameters: raw rows [b, P] in, [b, outputs] out. It standardises by
 * itself, so callers never do.
 *
 * <p>What every metanet promises, and {@code EquivarianceContract} checks: a network's output does not depend on its
 * neighbours in the batch, and, but for the flat MLP, permuting hidden neurons does not change it.
 */
public abstract class Metanet extends WeightSpaceBlock {

    private final Architecture architecture;
    private final int outputs;

    protected Metanet(Architecture architecture, int outputs) {
        this.architecture = architecture;
        this.outputs = outputs;
    }

    /** Returns the architecture whose rows this metanet reads. */
    public final Architecture architecture() {
        return architecture;
    }

    /** Returns the number of values it gives for each row. */
    public final int outputs() {
        return outputs;
    }

    /** Reads raw rows [b, P]; returns [b, outputs]. */
    public abstract NDArray forward(ForwardPass pass, NDArray rows);

    /** Returns the number of trained values. */
    public final long parameterCount() {
        return namedParameters().values().stream()
                .filter(parameter -> parameter.requiresGradient())
                .mapToLong(parameter -> parameter.getShape().size())
                .sum();
    }

    @Override
    protected final NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, @Nullable PairList<String, Object> params) {
        NDArray rows = inputs.singletonOrThrow();
        return new NDList(forward(new ForwardPass(store, rows.getDevice(), training), rows));
    }

    @Override
    public final Shape[] getOutputShapes(Shape[] inputs) {
        return new Shape[] {new Shape(inputs[0].get(0), outputs)};
    }
}
