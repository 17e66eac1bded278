package dev.weft.metanets.nowcast;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.metanets.nn.SeededInitializer;
import dev.weft.metanets.nn.WeightSpaceBlock;
import dev.weft.network.Seed;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A forecasting network in the engine's operations, to be trained. Parameters have the names of the reference. Their first
 * values are normal with deviation 1 / sqrt(fan in), biases 0, and the last map's 0, so that the first forecast is the last
 * state. (The reference draws with deviation 0.02 whatever the width, of which little is left behind four layers of a
 * narrow network; how much this changes was not measured by itself.)
 *
 * <p>Shapes: b copies of a graph, e edges, n nodes, F values an edge, K horizons.
 */
public abstract sealed class PlainForecaster extends WeightSpaceBlock permits PlainNino, PlainWnn {

    /** Of tables, as in the reference. */
    private static final double TABLE_DEVIATION = 0.02;

    private final int horizons;
    private final Seed seed;
    private final Map<String, Parameter> values = new LinkedHashMap<>();

    /**
     * @param horizons K
     * @param seed of the first values
     */
    PlainForecaster(int horizons, Seed seed) {
        this.horizons = horizons;
        this.seed = seed;
    }

    /** Returns K. */
    public final int horizons() {
        return horizons;
    }

    /** Returns the most values that an edge may carry. */
    public abstract int features();

    /**
     * Returns displacements of the scaled values, feature by feature, horizon by horizon, [b, e, F K].
     *
     * @param raw features of b copies of the graph [b, e, 5 F], F at most {@link #features()}
     * @param encoding of the nodes [b, n, 8]
     */
    public abstract NDArray forward(ForwardPass pass, BlockEdges graph, NDArray raw, NDArray encoding);

    /** Registers a table of vectors. */
    final void table(String name, int rows, int width) {
        add(name + ".weight", normal(name, TABLE_DEVIATION), true, new Shape(rows, width));
    }

    /** Registers an affine map. */
    final void map(String name, boolean trained, int out, int in) {
        map(name, normal(name, 1 / Math.sqrt(in)), trained, out, in);
    }

    /** Registers the affine map to the displacements. */
    final void lastMap(String name, int out, int in) {
        map(name, SeededInitializer.constant(0), true, out, in);
    }

    private void map(String name, SeededInitializer weights, boolean trained, int out, int in) {
        add(name + ".weight", weights, trained, new Shape(out, in));
        add(name + ".bias", SeededInitializer.constant(0), trained, new Shape(out));
    }

    private SeededInitializer normal(String name, double deviation) {
        return SeededInitializer.normal(seed.split(name), deviation);
    }

    private void add(String name, SeededInitializer initializer, boolean trained, Shape shape) {
        values.put(name, trained ? parameter(name, shape, initializer) : constant(name, shape, initializer));
    }

    /** Puts in the values of a file, which must have these and no others. */
    final void set(ReleasedWeights weights) throws IOException {
        for (Map.Entry<String, Parameter> value : values.entrySet()) {
            NDArray array = value.getValue().getArray();
            array.set(weights.floats(value.getKey(), array.getShape().getShape()));
        }
        weights.requireAllTaken();
    }

    final NDArray value(ForwardPass pass, String name) {
        return pass.value(Objects.requireNonNull(values.get(name), name));
    }

    /** Applies the affine map called {@code name} to the last axis. */
    final NDArray apply(ForwardPass pass, String name, NDArray x) {
        return Linear.linear(x, value(pass, name + ".weight"), value(pass, name + ".bias"))
                .singletonOrThrow();
    }

    static NDArray silu(NDArray x) {
        return x.mul(Activation.sigmoid(x));
    }

    @Override
    protected final NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, @Nullable PairList<String, Object> params) {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " reads graphs, not lists of arrays");
    }

    @Override
    public final Shape[] getOutputShapes(Shape[] inputs) {
        throw new UnsupportedOperationException(getClass().getSimpleName() + " reads graphs, not lists of arrays");
    }
}
