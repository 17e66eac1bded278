package dev.weft.metanets.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import dev.weft.network.NeuronBlock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * {@link FilmLayer} as one would write it on an edge list: end nodes are gathered, messages are added up by a sparse
 * matrix, extremes are taken over a table of each node's edges. The plain form that the block form is tested against, and
 * measured against in {@code weft bench ng-gnn.train}; it shares the layer's values.
 *
 * <p>Edges [b, e, d]: forward edges block by block, target-major as in the flat row, then the same list mirrored.
 */
public final class PerEdgeFilm {

    private final GraphLayout layout;
    private final int[][] incoming;
    /** The sending and the receiving node of each edge [e]. */
    private final NDArray source;

    private final NDArray target;
    /** A one where an edge ends in a node, sparse [n, e]. */
    private final NDArray incidence;
    /** Numbers of each node's edges, the first repeated where a node has fewer than the most [n most]. */
    private final NDArray table;

    private final int most;

    /**
     * Lays out the edges once and for all.
     *
     * @param manager owner of the arrays that say so
     * @param type of node and edge states
     */
    public PerEdgeFilm(GraphLayout layout, NDManager manager, DataType type) {
        this.layout = layout;
        List<int[]> pairs = new ArrayList<>();
        layout.edges().forEach(edges -> addEdges(edges, pairs));
        long[] tails = pairs.stream().mapToLong(pair -> pair[0]).toArray();
        long[] heads = pairs.stream().mapToLong(pair -> pair[1]).toArray();
        incoming = new int[layout.nodes()][];
        for (int node = 0; node < incoming.length; node++) {
            int receiver = node;
            incoming[node] = IntStream.range(0, heads.length)
                    .filter(edge -> heads[edge] == receiver)
                    .toArray();
        }
        most = Arrays.stream(incoming).mapToInt(edges -> edges.length).max().orElse(0);
        source = manager.create(tails);
        target = manager.create(heads);
        incidence = incidence(manager, type, heads);
        table = manager.create(places());
    }

    /** Through a dense matrix, since DJL's {@code createCoo} refers to memory that it lets go. */
    private NDArray incidence(NDManager manager, DataType type, long[] heads) {
        float[] ones = new float[layout.nodes() * heads.length];
        for (int edge = 0; edge < heads.length; edge++) {
            ones[(int) heads[edge] * heads.length + edge] = 1;
        }
        try (NDArray dense = manager.create(ones, new Shape(layout.nodes(), heads.length));
                NDArray typed = dense.toType(type, true)) {
            return typed.toSparse(SparseFormat.COO);
        }
    }

    private long[] places() {
        long[] places = new long[layout.nodes() * most];
        for (int node = 0; node < incoming.length; node++) {
            int[] edges = incoming[node];
            for (int i = 0; i < most; i++) {
                places[node * most + i] = edges.length == 0 ? 0 : edges[i < edges.length ? i : 0];
            }
        }
        return places;
    }

    private void addEdges(GraphLayout.Edges edges, List<int[]> pairs) {
        NeuronBlock from = edges.weight().source();
        NeuronBlock to = edges.weight().target();
        for (int t = 0; t < to.size(); t++) {
            for (int s = 0; s < from.size(); s++) {
                int tail = layout.offset(from) + s;
                int head = layout.offset(to) + t;
                pairs.add(edges.reversed() ? new int[] {head, tail} : new int[] {tail, head});
            }
        }
    }

    /** Node and edge states behind a layer: nodes [b, n, d], edges [b, e, d]. */
    public record Output(NDArray nodes, NDArray edges) {}

    /** Passes messages over x [b, n, d] and edges [b, e, d] with a layer's values. */
    public Output forward(ForwardPass pass, FilmLayer layer, NDArray x, NDArray edges) {
        long d = x.getShape().get(2);
        NDList film = layer.film.forward(pass, edges).split(new long[] {d}, 2);
        NDArray ends = Functions.concat(new NDList(gather(x, target), gather(x, source)), 2);
        NDArray m = film.get(0).mul(layer.pair.forward(pass, ends)).add(film.get(1));
        NDArray nodes = layer.nodes(pass, x, statistics(m));
        FilmLayer.Update rest = layer.update;
        if (rest == null) {
            return new Output(nodes, edges);
        }
        NDArray hidden = rest.edge()
                .forward(pass, edges)
                .add(rest.source().forward(pass, gather(nodes, source)))
                .add(rest.target().forward(pass, gather(nodes, target)));
        return new Output(nodes, rest.pending().forward(pass, Functions.silu(hidden)));
    }

    private static NDArray gather(NDArray x, NDArray places) {
        return x.get(new NDIndex(":, {}", places));
    }

    private NDArray statistics(NDArray m) {
        NDArray counts = NeighbourStatistics.perNode(
                m,
                Arrays.stream(incoming)
                        .mapToDouble(edges -> Math.max(1, edges.length))
                        .toArray());
        NDArray some = NeighbourStatistics.perNode(
                m,
                Arrays.stream(incoming)
                        .mapToDouble(edges -> Math.min(1, edges.length))
                        .toArray());
        NDArray mean = sum(m).div(counts);
        NDArray variance = sum(m.square()).div(counts).sub(mean.square());
        NDArray table = table(m); // [b, n, most edges, d]
        return Functions.concat(
                new NDList(
                        mean,
                        table.min(new int[] {2}).mul(some),
                        table.max(new int[] {2}).mul(some),
                        NeighbourStatistics.deviation(variance)),
                2);
    }

    /** Adds up each node's messages. */
    private NDArray sum(NDArray m) {
        Shape shape = m.getShape();
        NDArray flat = m.transpose(1, 0, 2).reshape(shape.get(1), shape.get(0) * shape.get(2)); // [e, b d]
        return incidence
                .matMul(flat)
                .reshape(layout.nodes(), shape.get(0), shape.get(2))
                .transpose(1, 0, 2);
    }

    /** Gathers each node's messages, [b, n, most, d]. */
    private NDArray table(NDArray m) {
        Shape shape = m.getShape();
        return gather(m, table).reshape(shape.get(0), layout.nodes(), most, shape.get(2));
    }
}
