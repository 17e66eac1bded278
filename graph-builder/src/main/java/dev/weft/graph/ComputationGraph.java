package dev.weft.graph;

import dev.weft.network.Architecture;
import dev.weft.network.ParameterTensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jgrapht.Graph;
import org.jgrapht.Graphs;
import org.jgrapht.graph.AsUnmodifiableGraph;
import org.jgrapht.graph.DefaultEdge;
import org.jgrapht.graph.EdgeReversedGraph;
import org.jgrapht.graph.SimpleDirectedGraph;

/**
 * The graph that a graph hypernetwork reads (Zhang et al. 2019; Knyazev et al. 2021, 2023): one node an operation with
 * learned values, pooling, sum, concatenation or attention, directed along the forward pass, in topological order. Node 0
 * is the input; the last node is the output.
 *
 * <p>It comes from the architecture itself: nothing is traced, and no names are matched. Every node leads to the last one,
 * and every node but tables of positions is reached from node 0.
 */
public final class ComputationGraph {

    /** The most nodes: distances take two bytes a pair. */
    public static final int MAX_NODES = 10_000;

    private final List<ComputationNode> nodes;
    private final Graph<ComputationNode, DefaultEdge> graph;
    private final short[] distances;
    private final long parameterCount;

    /**
     * Where a value flows.
     *
     * @param source index of the earlier node
     * @param target index of the later node
     */
    public record Edge(int source, int target) {}

    private ComputationGraph(List<ComputationNode> nodes, List<Edge> edges, int output, long parameterCount) {
        this.nodes = List.copyOf(nodes);
        this.parameterCount = parameterCount;
        if (nodes.isEmpty() || nodes.size() > MAX_NODES) {
            throw new IllegalArgumentException(
                    "a computation graph has 1 to " + MAX_NODES + " nodes, got " + nodes.size());
        }
        requireOrder();
        graph = new AsUnmodifiableGraph<>(joined(edges));
        requireConnected(output);
        if (nodes.stream().allMatch(node -> node.tensors().isEmpty())) {
            throw new IllegalArgumentException("the network has no parameters that could be predicted: none of its "
                    + nodes.size() + " nodes has any");
        }
        distances = measure();
    }

    /**
     * Returns the graph of an architecture.
     *
     * @throws IllegalArgumentException if a layer is not in the vocabulary or does not lead to the output; it is named
     */
    public static ComputationGraph of(Architecture architecture) {
        ComputationTrace trace = new ComputationTrace(architecture);
        return new ComputationGraph(trace.nodes(), trace.edges(), trace.output(), architecture.parameterCount());
    }

    /**
     * Returns a graph that is given node by node.
     *
     * @param nodes in topological order, the input first
     * @throws IllegalArgumentException if the edges do not follow the order or leave nodes apart
     */
    public static ComputationGraph of(List<ComputationNode> nodes, List<Edge> edges) {
        long end = nodes.stream()
                .flatMap(node -> node.tensors().stream())
                .mapToLong(ParameterTensor::end)
                .max()
                .orElse(0);
        return new ComputationGraph(nodes, edges, nodes.size() - 1, end);
    }

    public List<ComputationNode> nodes() {
        return nodes;
    }

    /** Returns the graph for JGraphT's algorithms; it can't be changed. */
    public Graph<ComputationNode, DefaultEdge> graph() {
        return graph;
    }

    /** Returns P, the length of the parameter row that the nodes' tensors lie in. */
    public long parameterCount() {
        return parameterCount;
    }

    /**
     * Returns the number of edges on the shortest path from u to v, 0 if there is none; 1 are the graph's own edges, more are
     * the virtual edges of a hypernetwork.
     */
    public int distance(int u, int v) {
        return distances[u * nodes.size() + v];
    }

    /** Returns the weight of the layer that puts out the classes: the last node but one, if the last is its bias. */
    public Optional<ComputationNode> classWeight() {
        int last = nodes.size() - 1;
        if (last < 1 || nodes.get(last).operation() != Operation.BIAS) {
            return Optional.empty();
        }
        ComputationNode weight = nodes.get(last - 1);
        boolean linear = weight.operation() == Operation.CONV && weight.shape().size() == 2;
        return linear ? Optional.of(weight) : Optional.empty();
    }

    private void requireOrder() {
        for (int i = 0; i < nodes.size(); i++) {
            if (nodes.get(i).index() != i) {
                throw new IllegalArgumentException("node " + i + ": expected this index, got "
                        + nodes.get(i).index());
            }
        }
        if (nodes.get(0).operation() != Operation.INPUT) {
            throw new IllegalArgumentException(
                    "node 0 must be the input, got " + nodes.get(0).operation().label());
        }
    }

    private Graph<ComputationNode, DefaultEdge> joined(List<Edge> edges) {
        Graph<ComputationNode, DefaultEdge> joined = new SimpleDirectedGraph<>(DefaultEdge.class);
        nodes.forEach(joined::addVertex);
        for (Edge edge : edges) {
            if (edge.source < 0 || edge.source >= edge.target || edge.target >= nodes.size()) {
                throw new IllegalArgumentException("edge " + edge.source + " -> " + edge.target
                        + ": expected an earlier and a later one of " + nodes.size() + " nodes");
            }
            joined.addEdge(nodes.get(edge.source), nodes.get(edge.target));
        }
        return joined;
    }

    private void requireConnected(int output) {
        List<ComputationNode> sources = new ArrayList<>(List.of(nodes.get(0)));
        nodes.stream()
                .filter(node -> node.operation() == Operation.POS_ENC)
                .filter(node -> graph.inDegreeOf(node) == 0)
                .forEach(sources::add);
        require(sources, graph, "is not reached from the input");
        require(List.of(nodes.get(output)), new EdgeReversedGraph<>(graph), "does not lead to the output");
    }

    private void require(List<ComputationNode> from, Graph<ComputationNode, DefaultEdge> along, String complaint) {
        boolean[] reached = new boolean[nodes.size()];
        Deque<ComputationNode> open = new ArrayDeque<>(from);
        while (!open.isEmpty()) {
            ComputationNode node = open.pop();
            if (!reached[node.index()]) {
                reached[node.index()] = true;
                open.addAll(Graphs.successorListOf(along, node));
            }
        }
        nodes.stream().filter(node -> !reached[node.index()]).findFirst().ifPresent(node -> {
            throw new IllegalArgumentException("node " + node.index() + " '" + node.name() + "' ("
                    + node.operation().label() + ") " + complaint);
        });
    }

    /** One breadth-first search a node, on indices: O(N E). */
    private short[] measure() {
        int n = nodes.size();
        int[][] successors = new int[n][];
        for (ComputationNode node : nodes) {
            successors[node.index()] = Graphs.successorListOf(graph, node).stream()
                    .mapToInt(ComputationNode::index)
                    .toArray();
        }
        short[] all = new short[Math.multiplyExact(n, n)];
        int[] queue = new int[n];
        for (int source = 0; source < n; source++) {
            measure(source, successors, queue, all);
        }
        return all;
    }

    /** Writes the distances from one node; a node's distance to itself stays 0, and no cycle leads back to it. */
    private static void measure(int source, int[][] successors, int[] queue, short[] all) {
        int row = source * successors.length;
        int filled = 1;
        queue[0] = source;
        for (int read = 0; read < filled; read++) {
            int node = queue[read];
            for (int next : successors[node]) {
                if (all[row + next] == 0) {
                    all[row + next] = (short) (all[row + node] + 1);
                    queue[filled++] = next;
                }
            }
        }
    }
}
