package dev.weft.checkpoints.format.onnx.topology;

import dev.weft.checkpoints.format.onnx.OnnxAttribute;
import dev.weft.checkpoints.format.onnx.OnnxNode;
import dev.weft.checkpoints.format.onnx.topology.Fixed.Kind;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node of the graph while it is read: its attributes, and what its inputs mean. */
final class Call {

    private final OnnxNode node;
    private final List<@Nullable Meaning> inputs;
    private final GraphReading reading;

    Call(OnnxNode node, List<@Nullable Meaning> inputs, GraphReading reading) {
        this.node = node;
        this.inputs = inputs;
        this.reading = reading;
    }

    OnnxNode node() {
        return node;
    }

    String operator() {
        return node.operator();
    }

    /** Returns what to call a layer made here if its tensors do not tell. */
    String hint() {
        return node.name().isEmpty() && !node.outputs().isEmpty()
                ? node.outputs().get(0)
                : node.name();
    }

    Flows flows() {
        return reading.flows();
    }

    Drafts drafts() {
        return reading.drafts();
    }

    /** Returns the version of the operators. */
    long opset() {
        return reading.opset();
    }

    /** Returns how many samples the graph is read for. */
    int batch() {
        return reading.batch();
    }

    FixedArithmetic arithmetic() {
        return reading.arithmetic();
    }
    /** Notes what is taken for granted. */
    void assume(String what) {
        reading.assume(what);
    }

    int inputs() {
        return inputs.size();
    }

    boolean has(int i) {
        return i < inputs.size() && inputs.get(i) != null;
    }

    Meaning input(int i) {
        Meaning input = i < inputs.size() ? inputs.get(i) : null;
        if (input == null) {
            throw new IllegalArgumentException("expected an input " + i + ", found none");
        }
        return input;
    }

    Flow flow(int i) {
        if (input(i) instanceof Flow flow) {
            return flow;
        }
        throw new IllegalArgumentException(
                "expected input " + i + " to be a layer's output, found " + Descriptions.of(input(i)));
    }

    Fixed fixed(int i) {
        if (input(i) instanceof Fixed fixed) {
            return fixed;
        }
        throw new IllegalArgumentException(
                "expected input " + i + " not to depend on the network's input, found " + Descriptions.of(input(i)));
    }

    boolean allFixed() {
        return inputs.stream().allMatch(input -> input == null || input instanceof Fixed);
    }

    /**
     * Returns parameters with a shape.
     *
     * @throws IllegalArgumentException if they are no tensor of the file or have another shape
     */
    Fixed parameter(int i, int... shape) {
        Fixed fixed = fixed(i);
        if (!fixed.parameter()) {
            throw new IllegalArgumentException(
                    "expected input " + i + " to be a tensor of the file, found values that are computed");
        }
        if (!Arrays.equals(fixed.shape(), shape)) {
            throw new IllegalArgumentException("expected input " + i + " to have shape " + Arrays.toString(shape)
                    + ", found " + Arrays.toString(fixed.shape()));
        }
        return fixed;
    }

    int[] integers(int i) {
        return arithmetic().integers(fixed(i));
    }

    double scalar(int i) {
        return arithmetic().scalar(fixed(i));
    }

    @Nullable
    OnnxAttribute attribute(String name) {
        return node.attributes().get(name);
    }

    long integer(String name, long otherwise) {
        OnnxAttribute attribute = attribute(name);
        if (attribute == null) {
            return otherwise;
        }
        if (attribute instanceof OnnxAttribute.Int found) {
            return found.value();
        }
        throw wrong(name, "a whole number");
    }

    float real(String name, double otherwise) {
        OnnxAttribute attribute = attribute(name);
        if (attribute == null) {
            return (float) otherwise;
        }
        if (attribute instanceof OnnxAttribute.Real found) {
            return found.value();
        }
        throw wrong(name, "a number");
    }

    String text(String name, String otherwise) {
        OnnxAttribute attribute = attribute(name);
        if (attribute == null) {
            return otherwise;
        }
        if (attribute instanceof OnnxAttribute.Text found) {
            return found.value();
        }
        throw wrong(name, "a text");
    }

    /** Returns whole numbers of an attribute. */
    int[] integers(String name, int... otherwise) {
        OnnxAttribute attribute = attribute(name);
        if (attribute == null) {
            return otherwise;
        }
        if (attribute instanceof OnnxAttribute.Ints found) {
            return found.values().stream()
                    .mapToInt(value -> (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, value)))
                    .toArray();
        }
        throw wrong(name, "whole numbers");
    }

    /** Returns whole numbers that are an input in newer operator sets and an attribute in older ones. */
    int[] integers(int i, String name, int... otherwise) {
        return has(i) ? integers(i) : integers(name, otherwise);
    }

    private IllegalArgumentException wrong(String name, String expected) {
        return new IllegalArgumentException("attribute '" + name + "': expected " + expected);
    }

    void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException(what);
        }
    }

    /** Requires an attribute to have the only value that is supported. */
    void requireInteger(String name, long expected, long otherwise) {
        long found = integer(name, otherwise);
        require(found == expected, "attribute '" + name + "': expected " + expected + ", found " + found);
    }

    static Kind kind(long onnxType) {
        return switch ((int) onnxType) {
            case 1, 10, 11, 16 -> Kind.REAL;
            case 9 -> Kind.LOGICAL;
            case 2, 3, 4, 5, 6, 7, 12, 13 -> Kind.INTEGER;
            default -> throw new IllegalArgumentException("values of the type number " + onnxType);
        };
    }
}
