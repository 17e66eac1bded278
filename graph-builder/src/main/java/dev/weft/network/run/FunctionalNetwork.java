package dev.weft.network.run;

import ai.djl.ndarray.NDArray;
import dev.weft.network.Architecture;
import dev.weft.network.Form.Layout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

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
 *   <li>inputs [m, *shape], the same for every network, or [n, m, *shape]; shape is [in] for vectors, [channels, height,
 *       width] for images, [length] for texts (numbers of words, up to the longest length), see {@link
 *       dev.weft.network.Input}
 *   <li>output [n, m, *shape] with the shape of {@link Architecture#outputForm()}; values of a block of neurons [n, m, size]
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

    /** Returns the outputs for rows [n, P] and inputs. */
    public NDArray forward(NDArray rows, NDArray inputs) {
        return run(rows, inputs, new HashMap<>());
    }

    /**
     * Returns outputs and every neuron's value for rows [n, P] and inputs [m, in] or [n, m, in].
     *
     * @throws IllegalArgumentException if not all neurons have one value an input, because of positions, heads or parts
     */
    public Trace trace(NDArray rows, NDArray inputs) {
        Map<String, Batch> values = new HashMap<>();
        NDArray output = run(rows, inputs, values);
        NDArray[] blocks = new NDArray[architecture.blocks().size()];
        blocks[0] = requireVector(Architecture.INPUT, values).array();
        for (Architecture.Node node : architecture.nodes()) {
            blocks[architecture.blockOf(node.name()).index()] =
                    requireVector(node.name(), values).array();
        }
        return new Trace(output, List.of(blocks));
    }

    /**
     * Returns the output of each of {@link Architecture#nodes()}, [n, m, *shape] with the shapes of {@link
     * Architecture#formOf}.
     *
     * @param rows [n, P]
     */
    public List<NDArray> outputs(NDArray rows, NDArray inputs) {
        Map<String, Batch> values = new HashMap<>();
        run(rows, inputs, values);
        List<NDArray> outputs = new ArrayList<>();
        for (Architecture.Node node : architecture.nodes()) {
            Batch value = Objects.requireNonNull(values.get(node.name()), node.name());
            outputs.add(InputBatches.unfolded(rows.getShape().get(0), value));
        }
        return outputs;
    }

    private Batch requireVector(String node, Map<String, Batch> values) {
        Batch value = Objects.requireNonNull(values.get(node), node);
        if (value.layout() != Layout.VECTOR) {
            throw new IllegalArgumentException("'" + node + "' of " + architecture + " has values "
                    + architecture.formOf(node).shape() + ", not one for each neuron");
        }
        return value;
    }

    /** Runs the nodes in order and keeps what they put out in {@code values}. */
    private NDArray run(NDArray rows, NDArray inputs, Map<String, Batch> values) {
        Map<String, NDArray> tensors = namedTensors(rows);
        long n = rows.getShape().get(0);
        Batch current = InputBatches.of(architecture, n, inputs);
        values.put(Architecture.INPUT, current);
        for (Architecture.Node node : architecture.nodes()) {
            List<Batch> sources = new ArrayList<>(node.inputs().size());
            for (String source : node.inputs()) {
                sources.add(Objects.requireNonNull(values.get(source), source));
            }
            current = Operations.run(new Step(node, n, sources, tensors));
            values.put(node.name(), current);
        }
        return InputBatches.unfolded(n, current);
    }

    private Map<String, NDArray> namedTensors(NDArray rows) {
        List<NDArray> split = ParameterRows.split(architecture, rows);
        Map<String, NDArray> tensors = new HashMap<>();
        for (int i = 0; i < split.size(); i++) {
            tensors.put(architecture.parameters().get(i).name(), split.get(i));
        }
        return tensors;
    }
}
