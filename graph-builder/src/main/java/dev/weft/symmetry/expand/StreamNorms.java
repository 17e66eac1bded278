package dev.weft.symmetry.expand;

import dev.weft.network.Architecture;
import dev.weft.network.Architecture.Node;
import dev.weft.network.Layer;
import dev.weft.network.NeuronBlock;
import dev.weft.network.Norm;
import dev.weft.network.ParameterTensor;
import java.util.HashSet;
import java.util.Set;

/** The RMS norms of a stream: more neurons that are all zero make the mean square smaller, which their gains make up for. */
final class StreamNorms {

    private StreamNorms() {}

    /** Returns the names of the gains; refuses streams that something else reads as a whole. */
    static Set<String> gains(Architecture architecture, NeuronBlock stream) {
        Set<String> gains = new HashSet<>();
        for (Node node : architecture.nodes()) {
            if (architecture.formOf(node.inputs().get(0)).units().names(stream)) {
                if (node.layer() instanceof Norm.RmsNorm || node.layer() instanceof Norm.OffsetRmsNorm) {
                    gains.add(ParameterTensor.nameOf(node.name(), "weight"));
                } else if (node.layer() instanceof Norm.LayerNorm
                        || node.layer() instanceof Norm.GroupNorm
                        || node.layer() instanceof Layer.Softmax) {
                    throw new IllegalArgumentException(
                            "'" + node.name() + "' takes the mean over block '" + stream.name()
                                    + "', so that new neurons would change the function; only RMS norms allow them");
                }
            }
        }
        if (gains.isEmpty()) {
            throw new IllegalArgumentException(
                    "block '" + stream.name() + "' is no stream that RMS norms read; widen it as a plain block");
        }
        return gains;
    }

    /** Multiplies the gains of the old neurons. */
    static void scale(Architecture small, NeuronBlock stream, double growth, Expanded larger) {
        for (Node node : small.nodes()) {
            boolean offset = node.layer() instanceof Norm.OffsetRmsNorm;
            if ((offset || node.layer() instanceof Norm.RmsNorm)
                    && small.formOf(node.inputs().get(0)).units().names(stream)) {
                String name = ParameterTensor.nameOf(node.name(), "weight");
                ParameterTensor gain = larger.architecture().parameters().stream()
                        .filter(tensor -> tensor.name().equals(name))
                        .findFirst()
                        .orElseThrow();
                for (int k = 0; k < stream.size(); k++) {
                    int at = (int) gain.offset() + k;
                    double value = larger.row()[at];
                    larger.row()[at] = offset ? (1 + value) * growth - 1 : value * growth;
                }
            }
        }
    }
}
