package dev.weft.hypernets.ghn;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import dev.weft.graph.ComputationGraph;
import dev.weft.metanets.nn.Affine;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.network.Seed;
import java.util.List;

/** The baseline that sees no edges: two maps d to d with ReLU behind each, on every node by itself. */
final class NodePerceptron extends NodeEncoder {

    private final Affine first;
    private final Affine second;

    NodePerceptron(int hidden, Seed seed) {
        first = addChildBlock("fc.0", new Affine(hidden, hidden, seed.split("first")));
        second = addChildBlock("fc.2", new Affine(hidden, hidden, seed.split("second")));
    }

    @Override
    NDArray forward(ForwardPass pass, NDArray features, List<ComputationGraph> graphs) {
        return Activation.relu(second.forward(pass, Activation.relu(first.forward(pass, features))));
    }
}
