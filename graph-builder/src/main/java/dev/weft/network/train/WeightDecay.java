package dev.weft.network.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.weft.network.Architecture;
import dev.weft.network.ParameterTensor;
import java.util.Arrays;
import java.util.Map;

/**
 * How much parameters are pulled to 0, and which.
 *
 * @param factor at least 0
 * @param vectors whether biases, gains and shifts (tensors of one axis) are pulled too; PyTorch's optimizers do that unless
 *     told otherwise, recipes for language models do not
 */
public record WeightDecay(double factor, boolean vectors) {

    /** No decay. */
    public static final WeightDecay NONE = new WeightDecay(0, true);

    public WeightDecay {
        if (!(factor >= 0) || Double.isInfinite(factor)) {
            throw new IllegalArgumentException("weight decay must be at least 0 and finite, got " + factor);
        }
    }

    /** Returns the decay of each parameter [1, P]. */
    NDArray perParameter(NDManager manager, Architecture architecture) {
        float[] factors = new float[Math.toIntExact(architecture.parameterCount())];
        for (ParameterTensor tensor : architecture.parameters()) {
            if (tensor.trainable() && (vectors || tensor.shape().size() > 1)) {
                Arrays.fill(factors, (int) tensor.offset(), (int) tensor.end(), (float) factor);
            }
        }
        return manager.create(factors, new Shape(1, factors.length));
    }

    Map<String, String> provenance() {
        return Map.of("weight_decay", String.valueOf(factor), "weight_decay.vectors", String.valueOf(vectors));
    }
}
