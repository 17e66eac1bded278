package dev.weft.network.run;

import ai.djl.ndarray.NDArray;
import dev.weft.network.Architecture.Node;
import dev.weft.network.ParameterTensor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A node while it runs.
 *
 * @param node the layer and its name
 * @param networks n
 * @param inputs what it reads
 * @param tensors all parameters by name, each [n, *shape]
 */
record Step(Node node, long networks, List<Batch> inputs, Map<String, NDArray> tensors) {

    Batch only() {
        return inputs.get(0);
    }

    NDArray x() {
        return inputs.get(0).array();
    }

    /** Returns a tensor of the node, [n, *shape]. */
    NDArray tensor(String suffix) {
        return Objects.requireNonNull(optional(suffix), suffix);
    }

    /** Returns a tensor that the node may lack. */
    @Nullable
    NDArray optional(String suffix) {
        return tensors.get(ParameterTensor.nameOf(node.name(), suffix));
    }
}
