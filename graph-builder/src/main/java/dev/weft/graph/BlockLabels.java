package dev.weft.graph;

import dev.weft.network.Architecture;
import dev.weft.network.Layer;
import dev.weft.network.NeuronBlock;
import java.util.Locale;
import java.util.stream.Collectors;

/** The words that pictures and exports put beside a block. */
final class BlockLabels {

    private BlockLabels() {}

    /** Returns what is done to a block's values, in order and once each, for example {@code sin(30x)}; empty for a plain linear block. */
    static String functions(Architecture architecture, NeuronBlock block) {
        return architecture.nodes().stream()
                .filter(node -> writes(architecture, node, block))
                .map(node -> function(node.layer()))
                .filter(text -> !text.isEmpty())
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private static boolean writes(Architecture architecture, Architecture.Node node, NeuronBlock block) {
        return architecture.formOf(node.name()).units().names(block);
    }

    private static String function(Layer layer) {
        if (layer instanceof Layer.Sine sine) {
            return sine.w0() == 1 ? "sin(x)" : "sin(" + number(sine.w0()) + "x)";
        } else if (layer instanceof Layer.Offset offset) {
            return (offset.value() < 0 ? "x - " : "x + ") + number(Math.abs(offset.value()));
        } else if (layer instanceof Layer.LeakyRelu leaky) {
            return "leaky ReLU " + number(leaky.slope());
        } else if (layer instanceof Layer.Relu) {
            return "ReLU";
        } else if (layer instanceof Layer.Relu6) {
            return "ReLU6";
        } else if (layer instanceof Layer.HardSigmoid) {
            return "hard sigmoid";
        } else if (layer instanceof Layer.HardSwish) {
            return "hard swish";
        } else if (layer instanceof Layer.Softmax) {
            return "softmax";
        } else if (layer instanceof Layer.Gelu || layer instanceof Layer.GeluTanh) {
            return "GELU";
        } else if (layer instanceof Layer.Silu) {
            return "SiLU";
        } else if (layer instanceof Layer.Tanh) {
            return "tanh";
        } else if (layer instanceof Layer.Sigmoid) {
            return "sigmoid";
        }
        return "";
    }

    /** Returns a number without a needless fraction. */
    static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    /** Returns a count with thousands set apart. */
    static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** Returns a count with its noun, for example {@code 1 weight} or {@code 1,024 weights}. */
    static String count(long value, String noun) {
        return count(value) + " " + noun + (value == 1 ? "" : "s");
    }
}
