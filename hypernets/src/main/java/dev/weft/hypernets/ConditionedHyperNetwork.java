package dev.weft.hypernets;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.metanets.nn.SeededInitializer;
import dev.weft.metanets.nn.WeightSpaceBlock;
import dev.weft.network.Architecture;
import dev.weft.network.ParameterTensor;
import dev.weft.network.Seed;
import dev.weft.network.run.Joined;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A hypernetwork that writes one architecture's parameters for given conditions, say the strength of a regulariser: an MLP
 * with leaky ReLUs whose last layer has a block for each tensor.
 *
 * <p>Without more, its output is proportional to its input at the start of training: He-initialised layers with biases of 0 are
 * homogeneous, so activations and gradients of the written network change scale with the conditions. The magnitude
 * invariant parametrisation (MIP; Ortiz, Guttag and Dalca 2023) is {@link InputEncoding#COS_SIN} together with {@code
 * residual}: what is written is added to parameters of their own, which start as an ordinary network's.
 *
 * <p>Shapes: conditions [b, k] in [0, 1], output [b, P].
 */
public final class ConditionedHyperNetwork extends WeightSpaceBlock {

    private static final float SLOPE = 0.01f;

    private final Architecture target;
    private final Config config;
    private final List<Parameter> weights = new ArrayList<>();
    private final List<Parameter> biases = new ArrayList<>();
    private final List<Parameter> own = new ArrayList<>();

    /**
     * The form of the hypernetwork.
     *
     * @param conditions k
     * @param hidden widths
     * @param encoding of the conditions
     * @param residual whether the output is added to parameters of their own
     */
    public record Config(int conditions, List<Integer> hidden, InputEncoding encoding, boolean residual) {

        public Config {
            hidden = List.copyOf(hidden);
            if (conditions < 1 || hidden.isEmpty() || hidden.stream().anyMatch(width -> width < 1)) {
                throw new IllegalArgumentException(
                        "expected conditions and hidden widths, got " + conditions + " and " + hidden);
            }
        }

        /** The magnitude invariant parametrisation with the published widths. */
        public static Config mip(int conditions) {
            return new Config(conditions, List.of(16, 64, 128), InputEncoding.COS_SIN, true);
        }
    }

    public ConditionedHyperNetwork(Architecture target, Config config, Seed seed) {
        if (target.trainableCount() != target.parameterCount()) {
            throw new IllegalArgumentException(target + " has running moments, which are measured and not written");
        }
        this.target = target;
        this.config = config;
        int in = config.conditions * config.encoding.widening();
        for (int width : config.hidden) {
            layer("hidden." + weights.size(), in, width, seed);
            in = width;
        }
        for (ParameterTensor tensor : target.parameters()) {
            int size = Math.toIntExact(tensor.size());
            layer("out." + tensor.name(), in, size, seed);
            if (config.residual) {
                own.add(parameter("own." + tensor.name(), new Shape(size), ordinary(tensor, seed)));
            }
        }
    }

    /** He's initialisation by fan-out, block by block, without biases. */
    private void layer(String name, int in, int out, Seed seed) {
        double deviation = Math.sqrt(2 / (1 + (double) SLOPE * SLOPE) / out);
        weights.add(
                parameter(name + ".weight", new Shape(out, in), SeededInitializer.normal(seed.split(name), deviation)));
        biases.add(parameter(name + ".bias", new Shape(out), SeededInitializer.constant(0)));
    }

    private static SeededInitializer ordinary(ParameterTensor tensor, Seed seed) {
        if (tensor.shape().size() < 2) {
            return SeededInitializer.constant(tensor.name().endsWith("weight") ? 1 : 0); // a norm's gain, or a bias
        }
        long fanIn = tensor.size() / tensor.shape().get(0);
        return SeededInitializer.normal(seed.split("own").split(tensor.name()), Math.sqrt(2.0 / fanIn));
    }

    public Architecture target() {
        return target;
    }

    /**
     * Writes parameters.
     *
     * @param conditions [b, k], in [0, 1]
     * @return rows [b, P]
     * @throws IllegalArgumentException if a condition is outside, where encodings are no longer one to one
     */
    public NDArray forward(ForwardPass pass, NDArray conditions) {
        requireInside(conditions);
        NDArray x = config.encoding.of(conditions);
        int depth = config.hidden.size();
        for (int i = 0; i < depth; i++) {
            x = Activation.leakyRelu(linear(pass, x, i), SLOPE);
        }
        NDList tensors = new NDList();
        for (int t = 0; t < target.parameters().size(); t++) {
            NDArray written = linear(pass, x, depth + t);
            tensors.add(config.residual ? written.add(pass.value(own.get(t))) : written);
        }
        return Joined.of(tensors, 1);
    }

    private NDArray linear(ForwardPass pass, NDArray x, int layer) {
        return Linear.linear(x, pass.value(weights.get(layer)), pass.value(biases.get(layer)))
                .singletonOrThrow();
    }

    private void requireInside(NDArray conditions) {
        Shape shape = conditions.getShape();
        if (shape.dimension() != 2 || shape.get(1) != config.conditions) {
            throw new IllegalArgumentException("conditions: expected [b, " + config.conditions + "], got " + shape);
        }
        for (double value : conditions.toType(DataType.FLOAT64, false).toDoubleArray()) {
            if (!(value >= 0 && value <= 1)) {
                throw new IllegalArgumentException("conditions: expected values in [0, 1], got " + value);
            }
        }
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, @Nullable PairList<String, Object> params) {
        NDArray conditions = inputs.singletonOrThrow();
        return new NDList(forward(new ForwardPass(store, conditions.getDevice(), training), conditions));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
        return new Shape[] {new Shape(inputs[0].get(0), target.parameterCount())};
    }
}
