package dev.weft.symmetry.expand;

import dev.weft.network.Architecture;
import dev.weft.network.Architecture.Node;
import dev.weft.network.Axis;
import dev.weft.network.Layer;
import dev.weft.network.ParameterTensor;
import dev.weft.network.Reshaping;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which values write the keys of an attention layer: all of a linear layer's, or a run of its rows. */
final class KeyTensors {

    private final Set<String> tensors;
    private final int from;
    private final int to;

    private KeyTensors(Set<String> tensors, int from, int to) {
        this.tensors = tensors;
        this.from = from;
        this.to = to;
    }

    /** Finds the linear layer in front of the keys. */
    static KeyTensors of(Architecture architecture, String attention) {
        String keys = node(architecture, attention).inputs().get(1);
        int from = 0;
        int to = Integer.MAX_VALUE;
        Node node = node(architecture, keys);
        if (node.layer() instanceof Reshaping.Slice slice) {
            from = slice.from();
            to = slice.to();
            node = node(architecture, node.inputs().get(0));
        }
        if (!(node.layer() instanceof Layer.Linear) && !(node.layer() instanceof Layer.InputMajorLinear)) {
            throw new IllegalArgumentException(
                    "'" + attention + "': expected a linear layer in front of its keys, found '" + node.name() + "'");
        }
        Set<String> tensors = new HashSet<>();
        for (String suffix : List.of("weight", "bias")) {
            tensors.add(ParameterTensor.nameOf(node.name(), suffix));
        }
        return new KeyTensors(tensors, from, to);
    }

    private static Node node(Architecture architecture, String name) {
        return architecture.nodes().stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("keys come from '" + name + "', expected a layer"));
    }

    /** Whether a segment of an axis holds rows that write keys. */
    boolean writes(ParameterTensor tensor, int axis, int segment) {
        if (!tensors.contains(tensor.name()) || tensor.axes().get(axis).flow() != Axis.Flow.OUT) {
            return false;
        }
        int start = 0;
        for (int s = 0; s < segment; s++) {
            start += tensor.axes().get(axis).segments().get(s).size();
        }
        return start >= from && start < to;
    }
}
