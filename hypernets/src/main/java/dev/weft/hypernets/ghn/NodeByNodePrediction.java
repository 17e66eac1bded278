package dev.weft.hypernets.ghn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.training.ParameterStore;
import dev.weft.graph.ComputationGraph;
import dev.weft.metanets.nn.ForwardPass;
import java.util.List;

/**
 * GHN-3's prediction in its plain form, the truth and the baseline of the fast one: a vector for each pair of nodes in the
 * attention's bias, and every node decoded by itself, with all of the decoder's channels, before it is cut.
 */
public final class NodeByNodePrediction {

    private NodeByNodePrediction() {}

    /**
     * Writes the parameters of one network into a row.
     *
     * @param model with a transformer
     * @param manager owner of what is computed on the way
     * @param row [P]
     */
    public static void predict(GraphHyperNetwork model, NDManager manager, ComputationGraph graph, float[] row) {
        if (!(model.encoder() instanceof GraphTransformer transformer)
                || model.config().decoder() instanceof Decoding.LowRank) {
            throw new IllegalArgumentException("the plain form is that of GHN-3, got " + model.config());
        }
        DecodingPlan plan = DecodingPlan.of(model.config(), List.of(graph), true);
        try (NDManager sub = manager.newSubManager();
                NDScope scope = new NDScope()) { // what starts from a parameter would stay with the model
            scope.suppressNotUsedWarning();
            ForwardPass pass = new ForwardPass(new ParameterStore(sub, false), sub.getDevice(), false);
            NDArray features = model.features(pass, graph.nodes());
            NDArray states =
                    model.normed(pass, transformer.encode(pass, features, graph, bias(transformer, pass, graph)));
            states.attach(sub);
            for (DecodingPlan.Destination tensor : plan.tensors()) {
                write(model, sub, states, plan, tensor, graph, row);
            }
        }
    }

    /** Returns the attention's bias from a vector for each pair of nodes, [heads, n, n]. */
    static NDArray bias(GraphTransformer transformer, ForwardPass pass, ComputationGraph graph) {
        int n = graph.nodes().size();
        int[] forward = new int[n * n];
        int[] back = new int[n * n];
        for (int i = 0; i < forward.length; i++) {
            forward[i] = transformer.distance(graph, i / n, i % n);
            back[i] = transformer.distance(graph, i % n, i / n);
        }
        return transformer.biases(pass, forward, back).reshape(n, n, -1).transpose(2, 0, 1);
    }

    private static void write(
            GraphHyperNetwork model,
            NDManager manager,
            NDArray states,
            DecodingPlan plan,
            DecodingPlan.Destination tensor,
            ComputationGraph graph,
            float[] row) {
        DecodedShape shape = tensor.shape();
        int node = plan.groups().getOrDefault(shape, List.of()).get(tensor.member());
        Placement placement = tensor.placement();
        if (shape.kind() == DecodedShape.Kind.WEIGHT) {
            int most = model.config().channels();
            shape = new DecodedShape(shape.kind(), most, most, shape.height(), shape.width());
            placement = Placement.weight(graph.nodes().get(node), shape);
        }
        try (NDManager sub = manager.newSubManager();
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            ForwardPass pass = new ForwardPass(new ParameterStore(sub, false), sub.getDevice(), false);
            states.tempAttach(sub);
            float[] decoded = model.decode(pass, states, shape, List.of(node)).toFloatArray();
            placement.copy(decoded, 0, row, model.config().normalized());
        }
    }
}
