package dev.weft.hypernets.ghn;

import ai.djl.ndarray.NDManager;
import dev.weft.graph.ComputationGraph;
import dev.weft.network.Architecture;
import dev.weft.network.ParameterTensor;
import dev.weft.network.Seed;
import java.util.List;
import java.util.Set;

/**
 * All parameters of an architecture, written by a hypernetwork, and an account of them.
 *
 * @param row [P]
 * @param predicted names of the tensors that the hypernetwork wrote
 * @param tiled those of them whose channels are copies of each other, because they are wider than the decoder
 * @param left names of the tensors that it does not write: running moments, class tokens, and class layers if new ones
 *     were asked for
 */
public record PredictedNetwork(
        Architecture architecture, float[] row, List<String> predicted, List<String> tiled, List<String> left) {

    /** The most parameters: what fits into one array. */
    public static final long MAX_PARAMETERS = Integer.MAX_VALUE - 8L;

    /**
     * Predicts a network.
     *
     * @param manager on the hypernetwork's device
     * @param newClasses whether the layer that puts out classes is left as new ones start, for another set of classes
     * @param ties what is done to weights with copies, for training further; {@link TieBreaking#NONE} for what the hypernetwork
     *     says
     * @param seed of the values that are not predicted, and of the noise
     * @throws IllegalArgumentException if the network cannot be predicted; the layer is named
     */
    public static PredictedNetwork of(
            GraphHyperNetwork model,
            NDManager manager,
            Architecture architecture,
            boolean newClasses,
            TieBreaking ties,
            Seed seed) {
        ComputationGraph graph = ComputationGraph.of(architecture);
        model.config().requireWithinRange(graph, !newClasses);
        if (newClasses && graph.classWeight().isEmpty()) {
            throw new IllegalArgumentException(
                    architecture + " has no layer with a bias that puts out classes; it cannot be left for new ones");
        }
        float[] row = StartingRow.of(architecture, seed);
        GraphHyperNetwork.Written written = model.predict(manager, graph, !newClasses, row);
        ties.apply(manager, graph, row, seed.split("ties"));
        Set<String> names = Set.copyOf(written.tensors());
        List<String> left = architecture.parameters().stream()
                .map(ParameterTensor::name)
                .filter(name -> !names.contains(name))
                .toList();
        return new PredictedNetwork(architecture, row, written.tensors(), written.tiled(), left);
    }
}
