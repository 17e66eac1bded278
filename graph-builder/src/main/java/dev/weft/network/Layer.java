package dev.weft.network;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * One operation of an {@link Architecture}, without values. The family is closed: whoever switches over it learns from
 * the compiler when a layer is added.
 *
 * <p>To add a layer: 1. a record here, checked in its constructor, and its name in {@link JsonSubTypes}; 2. its
 * parameters and axis labels in {@code Wiring}; 3. its forward pass in {@code network.run}; 4. its weight block in
 * {@code graph.ParameterGraph}, if it has weights, and its word in {@code graph.BlockLabels}; 5. in
 * {@code symmetry.SignFlip}, whether it is odd.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Layer.Linear.class, name = "linear"),
    @JsonSubTypes.Type(value = Layer.Offset.class, name = "offset"),
    @JsonSubTypes.Type(value = Layer.Sine.class, name = "sine"),
    @JsonSubTypes.Type(value = Layer.Relu.class, name = "relu"),
    @JsonSubTypes.Type(value = Layer.LeakyRelu.class, name = "leaky_relu"),
    @JsonSubTypes.Type(value = Layer.Tanh.class, name = "tanh"),
    @JsonSubTypes.Type(value = Layer.Sigmoid.class, name = "sigmoid"),
    @JsonSubTypes.Type(value = Layer.Gelu.class, name = "gelu"),
    @JsonSubTypes.Type(value = Layer.Silu.class, name = "silu"),
})
public sealed interface Layer {

    /**
     * y = W x + b with W of shape [out, in] (as PyTorch keeps it) and b of shape [out].
     *
     * @param in width of the input
     * @param out width of the output, a new block of neurons
     * @param bias whether there is a b
     */
    record Linear(int in, int out, boolean bias) implements Layer {
        public Linear {
            if (in < 1 || out < 1) {
                throw new IllegalArgumentException("linear: widths must be positive, got in=" + in + " out=" + out);
            }
        }
    }

    /** y = x + value, the constant that some implicit networks add to their last output (0.5 in DWSNets' data). */
    record Offset(double value) implements Layer {
        public Offset {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("offset: value must be finite, got " + value);
            }
        }
    }

    /** An elementwise function: it keeps the block of neurons that it is applied to. */
    sealed interface Activation extends Layer {}

    /** y = sin(w0 x), SIREN (Sitzmann et al. 2020, section 3). */
    record Sine(double w0) implements Activation {
        public Sine {
            if (!Double.isFinite(w0) || w0 == 0) {
                throw new IllegalArgumentException("sine: w0 must be finite and not 0, got " + w0);
            }
        }
    }

    /** y = max(x, 0). */
    record Relu() implements Activation {}

    /** y = x for x &gt; 0, else slope x. */
    record LeakyRelu(double slope) implements Activation {
        public LeakyRelu {
            if (!Double.isFinite(slope)) {
                throw new IllegalArgumentException("leaky_relu: slope must be finite, got " + slope);
            }
        }
    }

    /** y = tanh(x). */
    record Tanh() implements Activation {}

    /** y = 1 / (1 + exp(-x)). */
    record Sigmoid() implements Activation {}

    /** y = x Phi(x) with the exact normal distribution function, not the tanh form. */
    record Gelu() implements Activation {}

    /** y = x sigmoid(x). */
    record Silu() implements Activation {}
}
