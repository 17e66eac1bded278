package dev.weft.hypernets.ghn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;
import dev.weft.graph.ComputationGraph;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.network.run.Joined;
import java.util.ArrayList;
import java.util.List;

/**
 * {@link GraphHyperNetwork#rows} in its plain form, the truth and the baseline of the fast one: GHN-2's sweeps in the engine's
 * operations, with every message computed anew for each node that hears it; GHN-3's attention with a vector for each pair of
 * nodes; and every tensor decoded by itself, with all of the decoder's channels, before it is cut.
 */
public final class NodeByNodeTraining {

    private final GraphHyperNetwork model;
    private final ForwardPass pass;

    private NodeByNodeTraining(GraphHyperNetwork model, ForwardPass pass) {
        this.model = model;
        this.pass = pass;
    }

    /**
     * Writes parameter rows that the loss of the networks can be differentiated in.
     *
     * @param model with a tiled decoder
     * @param pass a recording one
     * @param graphs whose nodes hold every value of their rows
     * @return one row [1, P] a graph
     */
    public static List<NDArray> rows(GraphHyperNetwork model, ForwardPass pass, List<ComputationGraph> graphs) {
        if (model.config().decoder() instanceof Decoding.LowRank) {
            throw new IllegalArgumentException("the plain form is that of the tiled decoder, got " + model.config());
        }
        NodeByNodeTraining plain = new NodeByNodeTraining(model, pass);
        return graphs.stream().map(plain::row).toList();
    }

    private NDArray row(ComputationGraph graph) {
        NDArray states = model.normed(pass, states(model.features(pass, graph.nodes()), graph));
        DecodingPlan plan = DecodingPlan.of(model.config(), List.of(graph), true);
        int length = Math.toIntExact(graph.parameterCount());
        long[] sources = new long[length];
        float[] factors = new float[length];
        NDList decoded = new NDList();
        long begin = 0;
        for (DecodingPlan.Destination tensor : plan.tensors()) {
            int node = plan.groups().getOrDefault(tensor.shape(), List.of()).get(tensor.member());
            boolean weight = tensor.shape().kind() == DecodedShape.Kind.WEIGHT;
            DecodedShape shape = weight ? whole(tensor.shape()) : tensor.shape();
            Placement placement = weight ? Placement.weight(graph.nodes().get(node), shape) : tensor.placement();
            placement.index(begin, sources, factors);
            decoded.add(model.decode(pass, states, shape, List.of(node)).reshape(-1));
            begin += shape.size();
        }
        NDArray all = Joined.of(decoded, 0);
        NDManager manager = all.getManager();
        NDArray row = all.gather(manager.create(sources), 0);
        return (model.config().normalized() ? row.mul(manager.create(factors)) : row).expandDims(0);
    }

    /** Returns a shape with all channels of the decoder. */
    private DecodedShape whole(DecodedShape shape) {
        int most = model.config().channels();
        return new DecodedShape(shape.kind(), most, most, shape.height(), shape.width());
    }

    private NDArray states(NDArray features, ComputationGraph graph) {
        if (model.encoder() instanceof GatedGnn gnn) {
            return sweeps(gnn, features, graph);
        } else if (model.encoder() instanceof GraphTransformer transformer) {
            NDArray bias = NodeByNodePrediction.bias(transformer, pass, graph);
            return transformer.encode(pass, features, graph, bias);
        }
        return model.encoder().forward(pass, features, List.of(graph));
    }

    private NDArray sweeps(GatedGnn gnn, NDArray features, ComputationGraph graph) {
        int n = graph.nodes().size();
        List<NDArray> states = new ArrayList<>();
        for (int v = 0; v < n; v++) {
            states.add(features.get(new NDIndex("{}:{}", v, v + 1)));
        }
        for (int v = 0; v < n; v++) {
            states.set(v, visited(gnn, states, graph, v, true));
        }
        for (int v = n - 1; v >= 0; v--) {
            states.set(v, visited(gnn, states, graph, v, false));
        }
        return Joined.of(new NDList(states), 0);
    }

    private NDArray visited(GatedGnn gnn, List<NDArray> states, ComputationGraph graph, int v, boolean forward) {
        NDManager manager = states.get(v).getManager();
        NDList near = new NDList();
        NDList all = new NDList();
        List<Float> shares = new ArrayList<>();
        for (int u = 0; u < states.size(); u++) {
            int distance = forward ? graph.distance(u, v) : graph.distance(v, u);
            if (distance == 1) {
                near.add(states.get(u));
            }
            if (distance >= 1 && distance <= gnn.cutoff()) {
                all.add(states.get(u));
                shares.add(1f / distance);
            }
        }
        NDArray heard = manager.zeros(states.get(v).getShape(), states.get(v).getDataType());
        if (!near.isEmpty()) {
            heard = heard.add(messages(gnn, "mlp", near).sum(new int[] {0}, true));
        }
        if (gnn.virtualEdges() && !all.isEmpty()) {
            float[] column = new float[shares.size()];
            for (int i = 0; i < column.length; i++) {
                column[i] = shares.get(i);
            }
            NDArray weights = manager.create(column).expandDims(1);
            heard = heard.add(messages(gnn, "mlp_ve", all).mul(weights).sum(new int[] {0}, true));
        }
        return gru(gnn, heard, states.get(v));
    }

    private NDArray messages(GatedGnn gnn, String map, NDList senders) {
        // DJL cuts the gradient where it concatenates a single array
        NDArray states = Joined.of(senders, 0);
        NDArray hidden = affine(gnn, map + ".fc.0.weight", map + ".fc.0.bias", states);
        return Activation.relu(affine(gnn, map + ".fc.2.weight", map + ".fc.2.bias", Activation.relu(hidden)));
    }

    private NDArray affine(GatedGnn gnn, String weight, String bias, NDArray x) {
        return Linear.linear(x, gnn.value(pass, weight), gnn.value(pass, bias)).singletonOrThrow();
    }

    private NDArray gru(GatedGnn gnn, NDArray input, NDArray state) {
        long d = state.getShape().get(1);
        NDArray a = affine(gnn, "gru.weight_ih", "gru.bias_ih", input);
        NDArray b = affine(gnn, "gru.weight_hh", "gru.bias_hh", state);
        NDIndex reset = new NDIndex(":, :{}", d);
        NDIndex update = new NDIndex(":, {}:{}", d, 2 * d);
        NDIndex candidate = new NDIndex(":, {}:", 2 * d);
        NDArray open = Activation.sigmoid(a.get(reset).add(b.get(reset)));
        NDArray kept = Activation.sigmoid(a.get(update).add(b.get(update)));
        NDArray fresh = a.get(candidate).add(open.mul(b.get(candidate))).tanh();
        return fresh.add(kept.mul(state.sub(fresh)));
    }
}
