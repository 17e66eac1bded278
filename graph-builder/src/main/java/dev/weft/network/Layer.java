package dev.weft.network;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * One operation of an {@link Architecture}, without values. The family is closed.
 *
 * <p>To add a layer: 1. a record here or in one of the permitted interfaces, checked in its constructor, and its name in
 * {@link JsonSubTypes}; 2. its rule in {@code WiringRules}: the form of its output, its parameters with their axis labels,
 * and which permutations and scales it lets through; 3. its forward pass in {@code network.run.Operations}; 4. if pictures
 * should name it, its word in {@code graph.BlockLabels}. A test fails while one of the first three is missing.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Layer.Linear.class, name = "linear"),
    @JsonSubTypes.Type(value = Layer.Offset.class, name = "offset"),
    @JsonSubTypes.Type(value = Layer.Multiplier.class, name = "multiplier"),
    @JsonSubTypes.Type(value = Layer.Gain.class, name = "gain"),
    @JsonSubTypes.Type(value = Layer.Shift.class, name = "shift"),
    @JsonSubTypes.Type(value = Layer.Sine.class, name = "sine"),
    @JsonSubTypes.Type(value = Layer.Relu.class, name = "relu"),
    @JsonSubTypes.Type(value = Layer.LeakyRelu.class, name = "leaky_relu"),
    @JsonSubTypes.Type(value = Layer.Tanh.class, name = "tanh"),
    @JsonSubTypes.Type(value = Layer.Sigmoid.class, name = "sigmoid"),
    @JsonSubTypes.Type(value = Layer.Gelu.class, name = "gelu"),
    @JsonSubTypes.Type(value = Layer.Silu.class, name = "silu"),
    @JsonSubTypes.Type(value = Layer.GeluTanh.class, name = "gelu_tanh"),
    @JsonSubTypes.Type(value = Layer.Relu6.class, name = "relu6"),
    @JsonSubTypes.Type(value = Layer.HardSigmoid.class, name = "hardsigmoid"),
    @JsonSubTypes.Type(value = Layer.HardSwish.class, name = "hardswish"),
    @JsonSubTypes.Type(value = Layer.Softmax.class, name = "softmax"),
    @JsonSubTypes.Type(value = Layer.InputMajorLinear.class, name = "input_major_linear"),
    @JsonSubTypes.Type(value = Convolution.class, name = "convolution"),
    @JsonSubTypes.Type(value = Norm.BatchNorm.class, name = "batch_norm"),
    @JsonSubTypes.Type(value = Norm.LayerNorm.class, name = "layer_norm"),
    @JsonSubTypes.Type(value = Norm.GroupNorm.class, name = "group_norm"),
    @JsonSubTypes.Type(value = Norm.RmsNorm.class, name = "rms_norm"),
    @JsonSubTypes.Type(value = Norm.OffsetRmsNorm.class, name = "offset_rms_norm"),
    @JsonSubTypes.Type(value = Pooling.MaxPool.class, name = "max_pool"),
    @JsonSubTypes.Type(value = Pooling.AvgPool.class, name = "avg_pool"),
    @JsonSubTypes.Type(value = Pooling.AdaptiveAvgPool.class, name = "adaptive_avg_pool"),
    @JsonSubTypes.Type(value = Pooling.GlobalAvgPool.class, name = "global_avg_pool"),
    @JsonSubTypes.Type(value = Reshaping.Flatten.class, name = "flatten"),
    @JsonSubTypes.Type(value = Reshaping.ToSequence.class, name = "to_sequence"),
    @JsonSubTypes.Type(value = Reshaping.ToMap.class, name = "to_map"),
    @JsonSubTypes.Type(value = Reshaping.ToPixel.class, name = "to_pixel"),
    @JsonSubTypes.Type(value = Reshaping.Positions.class, name = "positions"),
    @JsonSubTypes.Type(value = Reshaping.Position.class, name = "position"),
    @JsonSubTypes.Type(value = Reshaping.Slice.class, name = "slice"),
    @JsonSubTypes.Type(value = Reshaping.Crop.class, name = "crop"),
    @JsonSubTypes.Type(value = Junction.Add.class, name = "add"),
    @JsonSubTypes.Type(value = Junction.Multiply.class, name = "multiply"),
    @JsonSubTypes.Type(value = Junction.Concat.class, name = "concat"),
    @JsonSubTypes.Type(value = Embedding.Lookup.class, name = "embedding"),
    @JsonSubTypes.Type(value = Embedding.PositionTable.class, name = "position_table"),
    @JsonSubTypes.Type(value = Embedding.PositionArray.class, name = "position_array"),
    @JsonSubTypes.Type(value = Embedding.ClassToken.class, name = "class_token"),
    @JsonSubTypes.Type(value = Embedding.SegmentTable.class, name = "segment_table"),
    @JsonSubTypes.Type(value = Embedding.TiedOutput.class, name = "tied_output"),
    @JsonSubTypes.Type(value = Attention.Heads.class, name = "attention"),
    @JsonSubTypes.Type(value = Attention.Rotary.class, name = "rotary"),
    @JsonSubTypes.Type(value = Attention.Rotation.class, name = "rotation"),
    @JsonSubTypes.Type(value = Recurrence.Rnn.class, name = "rnn"),
    @JsonSubTypes.Type(value = Recurrence.Gru.class, name = "gru"),
    @JsonSubTypes.Type(value = Recurrence.Lstm.class, name = "lstm"),
    @JsonSubTypes.Type(value = Equivariant.Cyclic.class, name = "cyclic_linear"),
    @JsonSubTypes.Type(value = Equivariant.Symmetric.class, name = "set_linear"),
})
public sealed interface Layer
        permits Layer.Linear,
                Layer.InputMajorLinear,
                Layer.Offset,
                Layer.Multiplier,
                Layer.Gain,
                Layer.Shift,
                Layer.Softmax,
                Layer.Activation,
                Convolution,
                Norm,
                Pooling,
                Reshaping,
                Junction,
                Embedding,
                Attention,
                Recurrence,
                Equivariant {

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

    /** y = x W + b with W of shape [in, out], as GPT-2's released files keep it, and b of shape [out]. */
    record InputMajorLinear(int in, int out, boolean bias) implements Layer {
        public InputMajorLinear {
            Checks.positive("input_major_linear", "in", in);
            Checks.positive("input_major_linear", "out", out);
        }
    }

    /** y_i = exp(x_i) / sum over the neurons j of exp(x_j). */
    record Softmax() implements Layer {}

    /** y = x + value, the constant that some implicit networks add to their last output (0.5 in DWSNets' data). */
    record Offset(double value) implements Layer {
        public Offset {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("offset: value must be finite, got " + value);
            }
        }
    }

    /** y = factor x, a constant (the square root of the width behind Gemma's word table). */
    record Multiplier(double factor) implements Layer {
        public Multiplier {
            if (!Double.isFinite(factor) || factor == 0) {
                throw new IllegalArgumentException("multiplier: factor must be finite and not 0, got " + factor);
            }
        }
    }

    /** y_i = g_i x_i for neuron i, with the trained vector g [size] called as the node ("layer scale"). */
    record Gain(int size) implements Layer {
        public Gain {
            Checks.positive("gain", "size", size);
        }
    }

    /** y_i = x_i + b_i for neuron i, with a trained {@code bias} [size]: that of an output that is tied to a table. */
    record Shift(int size) implements Layer {
        public Shift {
            Checks.positive("shift", "size", size);
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

    /** GELU by its tanh form: y = x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))). */
    record GeluTanh() implements Activation {}

    /** y = min(max(x, 0), 6). */
    record Relu6() implements Activation {}

    /** y = relu6(x + 3) / 6. */
    record HardSigmoid() implements Activation {}

    /** y = x relu6(x + 3) / 6. */
    record HardSwish() implements Activation {}
}
