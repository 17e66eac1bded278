package dev.weft.hypernets.ghn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.Activation;
import dev.weft.graph.ComputationGraph;
import dev.weft.graph.ComputationNode;
import dev.weft.metanets.nn.Affine;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.network.Seed;
import dev.weft.network.run.Joined;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * GHN-3's encoder: tables for the numbers of incoming and outgoing edges and for the distance from the input, then
 * transformer layers whose attention has a bias for each pair's distance.
 *
 * <p>The reference makes a vector for each pair of nodes, n^2 2d values. In a graph without cycles there are only two paths'
 * worth of pairs, forward and backward by distance, so we make a table of 2 cutoff + 1 biases and look them up: the same
 * numbers. It also pads graphs to one length and then, by mistake, reads other nodes' rows for all graphs behind a smaller
 * one; here each graph is encoded by itself.
 */
final class GraphTransformer extends NodeEncoder {

    private static final int MAX_DEGREE = 100;
    private static final int MAX_DISTANCE = 1000;
    private static final int PAIR_ROWS = 257;
    private static final int FIRST_ROW = 2; // of distance 0

    private final int cutoff;
    private final Table incoming;
    private final Table outgoing;
    private final Table fromInput;
    private final Table pairs;
    private final Affine widen;
    private final Affine perHead;
    private final List<TransformerLayer> layers = new ArrayList<>();

    GraphTransformer(int hidden, Propagation.Transformer sizes, Seed seed) {
        cutoff = sizes.cutoff();
        incoming = table("0.centrality_embed_in", MAX_DEGREE + 1, hidden, seed);
        outgoing = table("0.centrality_embed_out", MAX_DEGREE + 1, hidden, seed);
        fromInput = table("0.input_dist_embed", MAX_DISTANCE + 1, hidden, seed);
        pairs = table("0.attn.edge_embed.embed", PAIR_ROWS, hidden, seed);
        widen = addChildBlock("0.attn.proj_e.0", new Affine(2 * hidden, hidden, seed.split("pairs")));
        perHead = addChildBlock("0.attn.proj_e.2", new Affine(hidden, sizes.heads(), seed.split("heads")));
        for (int i = 0; i < sizes.layers(); i++) {
            layers.add(addChildBlock(
                    Integer.toString(i),
                    new TransformerLayer(
                            hidden, sizes.heads(), seed.split("layer").split(i))));
        }
    }

    private Table table(String name, int rows, int size, Seed seed) {
        return addChildBlock(name, Table.of(rows, size, true, seed.split(name)));
    }

    @Override
    NDArray forward(ForwardPass pass, NDArray features, List<ComputationGraph> graphs) {
        NDArray biases = distanceBiases(pass);
        NDList states = new NDList();
        long begin = 0;
        for (ComputationGraph graph : graphs) {
            long end = begin + graph.nodes().size();
            NDArray x = graphs.size() == 1 ? features : features.get(new NDIndex("{}:{}", begin, end));
            states.add(encode(pass, x, graph, pairBias(biases, graph)));
            begin = end;
        }
        return Joined.of(states, 0);
    }

    /**
     * Encodes one graph.
     *
     * @param bias of each pair of nodes, [heads, n, n]
     */
    NDArray encode(ForwardPass pass, NDArray features, ComputationGraph graph, NDArray bias) {
        NDArray x = placed(pass, features, graph);
        for (TransformerLayer layer : layers) {
            x = layer.forward(pass, x, bias);
        }
        return x;
    }

    /** Adds what a node's place in the graph says, [n, d]. */
    NDArray placed(ForwardPass pass, NDArray features, ComputationGraph graph) {
        List<ComputationNode> nodes = graph.nodes();
        return features.add(incoming.rows(
                        pass,
                        nodes.stream()
                                .mapToLong(node ->
                                        Math.min(MAX_DEGREE, graph.graph().inDegreeOf(node)))
                                .toArray()))
                .add(outgoing.rows(
                        pass,
                        nodes.stream()
                                .mapToLong(node ->
                                        Math.min(MAX_DEGREE, graph.graph().outDegreeOf(node)))
                                .toArray()))
                .add(fromInput.rows(
                        pass,
                        nodes.stream()
                                .mapToLong(node -> distance(graph, 0, node.index()))
                                .toArray()));
    }

    /** Returns the length of the shortest path that counts, 0 if there is none. */
    int distance(ComputationGraph graph, int u, int v) {
        int distance = graph.distance(u, v);
        return distance <= cutoff ? distance : 0;
    }

    /** Returns the bias of each head for no path, paths of length 1 to cutoff, and paths back, [2 cutoff + 1, heads]. */
    NDArray distanceBiases(ForwardPass pass) {
        int rows = 2 * cutoff + 1;
        return biases(
                pass,
                IntStream.range(0, rows).map(i -> i <= cutoff ? i : 0).toArray(),
                IntStream.range(0, rows).map(i -> i > cutoff ? i - cutoff : 0).toArray());
    }

    /** Returns the biases of pairs with these paths forward and back, [pairs, heads]. */
    NDArray biases(ForwardPass pass, int[] forward, int[] back) {
        NDList both = new NDList();
        for (int[] distances : List.of(forward, back)) {
            both.add(pairs.rows(
                    pass,
                    Arrays.stream(distances)
                            .mapToLong(distance -> FIRST_ROW + distance)
                            .toArray()));
        }
        return perHead.forward(pass, Activation.relu(widen.forward(pass, NDArrays.concat(both, 1))));
    }

    /** Looks the biases of all pairs up, [heads, n, n]. */
    NDArray pairBias(NDArray biases, ComputationGraph graph) {
        int n = graph.nodes().size();
        long[] rows = new long[n * n];
        for (int u = 0; u < n; u++) {
            for (int v = u + 1; v < n; v++) {
                int distance = distance(graph, u, v);
                rows[u * n + v] = distance;
                rows[v * n + u] = distance == 0 ? 0 : cutoff + distance;
            }
        }
        NDArray index = biases.getManager().create(rows).toDevice(biases.getDevice(), false);
        return biases.get(new NDIndex("{}", index)).reshape(n, n, -1).transpose(2, 0, 1);
    }
}
