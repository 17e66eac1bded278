package dev.weft.network.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import dev.weft.network.Architecture;
import dev.weft.network.Layer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs an {@link Architecture} on a batch of parameter rows and inputs, vectorised over the networks and differentiable
 * in both. Fitting, probing, editing losses and hypernetwork losses all run networks through this one class.
 *
 * <p>Arrays that it makes belong to the manager of {@code rows}.
 *
 * <p>Shapes, with n networks and m inputs each:
 *
 * <ul>
 *   <li>rows [n, P]
 *   <li>inputs [m, in], the same for every network, or [n, m, in]
 *   <li>output [n, m, out]; values of a block of neurons [n, m, size]
 * </ul>
 */
public final class FunctionalNetwork {

    private final Architecture architecture;

    /**
     * The output and the value of every neuron.
     *
     * @param output [n, m, out]
     * @param blocks for each of {@link Architecture#blocks()} its neurons' last values [n, m, size]: the inputs
     *     themselves, hidden neurons behind their activation, and the output (offset included)
     */
    public record Trace(NDArray output, List<NDArray> blocks) {}

    public FunctionalNetwork(Architecture architecture) {
        this.architecture = architecture;
    }

    public Architecture architecture() {
        return architecture;
    }

    /** Returns the outputs [n, m, out] for rows [n, P] and inputs [m, in] or [n, m, in]. */
    public NDArray forward(NDArray rows, NDArray inputs) {
        return trace(rows, inputs).output();
    }

    /** Returns outputs and every neuron's value for rows [n, P] and inputs [m, in] or [n, m, in]. */
    public Trace trace(NDArray rows, NDArray inputs) {
        Map<String, NDArray> tensors = namedTensors(rows);
        NDArray[] blocks = new NDArray[architecture.blocks().size()];
        Map<String, NDArray> values = new HashMap<>();
        NDArray current = batched(rows.getShape().get(0), inputs);
        values.put(Architecture.INPUT, current);
        blocks[0] = current;
        for (Architecture.Node node : architecture.nodes()) {
            NDArray input = Objects.requireNonNull(values.get(node.inputs().get(0)), node.name());
            current = apply(node, input, tensors);
            values.put(node.name(), current);
            blocks[architecture.blockOf(node.name()).index()] = current;
        }
        return new Trace(current, List.of(blocks));
    }

    private Map<String, NDArray> namedTensors(NDArray rows) {
        List<NDArray> split = ParameterRows.split(architecture, rows);
        Map<String, NDArray> tensors = new HashMap<>();
        for (int i = 0; i < split.size(); i++) {
            tensors.put(architecture.parameters().get(i).name(), split.get(i));
        }
        return tensors;
    }

    private NDArray batched(long n, NDArray inputs) {
        Shape shape = inputs.getShape();
        int width = architecture.inputSize();
        boolean shared = shape.dimension() == 2;
        if ((!shared && (shape.dimension() != 3 || shape.get(0) != n)) || shape.get(shape.dimension() - 1) != width) {
            throw new IllegalArgumentException("inputs for " + n + " networks " + architecture + " are [m, " + width
                    + "] or [" + n + ", m, " + width + "], got " + shape);
        }
        return shared ? inputs.expandDims(0).broadcast(n, shape.get(0), width) : inputs;
    }

    private static NDArray apply(Architecture.Node node, NDArray x, Map<String, NDArray> tensors) {
        Layer layer = node.layer();
        if (layer instanceof Layer.Linear) {
            NDArray weight = Objects.requireNonNull(tensors.get(node.name() + ".weight"), node.name());
            return linear(x, weight, tensors.get(node.name() + ".bias"));
        }
        if (layer instanceof Layer.Offset offset) {
            return x.add(offset.value());
        }
        return activate((Layer.Activation) layer, x);
    }

    /** x [n, m, in], weight [n, out, in], bias [n, out] or none; returns [n, m, out]. */
    private static NDArray linear(NDArray x, NDArray weight, @Nullable NDArray bias) {
        NDArray y = x.matMul(weight.transpose(0, 2, 1));
        return bias == null ? y : y.add(bias.expandDims(1));
    }

    private static NDArray activate(Layer.Activation activation, NDArray x) {
        if (activation instanceof Layer.Sine sine) {
            return x.mul(Constants.of(x, sine.w0())).sin();
        } else if (activation instanceof Layer.Relu) {
            return Activation.relu(x);
        } else if (activation instanceof Layer.LeakyRelu leaky) {
            return Activation.leakyRelu(x, (float) leaky.slope());
        } else if (activation instanceof Layer.Tanh) {
            return x.tanh();
        } else if (activation instanceof Layer.Sigmoid) {
            return Activation.sigmoid(x);
        } else if (activation instanceof Layer.Gelu) {
            return Activation.gelu(x);
        }
        return x.mul(Activation.sigmoid(x)); // SiLU
    }
}
