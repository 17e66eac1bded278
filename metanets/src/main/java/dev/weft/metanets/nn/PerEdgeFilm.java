package dev.weft.metanets.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.weft.network.NeuronBlock;
import java.nio.FloatBuffer;
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
    private final int[] source;
    private final int[] target;
    private final int[][] incoming;

    public PerEdgeFilm(GraphLayout layout) {
        this.layout = layout;
        List<int[]> pairs = new ArrayList<>();
        layout.edges().forEach(edges -> addEdges(edges, pairs));
        source = pairs.stream().mapToInt(pair -> pair[0]).toArray();
        target = pairs.stream().mapToInt(pair -> pair[1]).toArray();
        incoming = new int[layout.nodes()][];
        for (int node = 0; node < incoming.length; node++) {
            int receiver = node;
            incoming[node] = IntStream.range(0, target.length)
                    .filter(edge -> target[edge] == receiver)
                    .toArray();
        }
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
        NDArray y = layer.out.forward(pass, layer.post.forward(pass, layer.gathered(x, statistics(m))));
        FilmLayer.Update rest = layer.update;
        if (rest == null) {
            return new Output(layer.residual ? x.add(y) : y, edges);
        }
        NDArray update = Functions.dropout(pass, Functions.silu(rest.norm().forward(pass, y)), layer.dropout);
        NDArray nodes = layer.residual ? x.add(update) : update;
        NDArray hidden = rest.edge()
                .forward(pass, edges)
                .add(rest.source().forward(pass, gather(nodes, source)))
                .add(rest.target().forward(pass, gather(nodes, target)));
        return new Output(nodes, rest.pending().forward(pass, Functions.silu(hidden)));
    }

    private static NDArray gather(NDArray x, int[] nodes) {
        NDManager manager = x.getManager();
        return x.get(new NDIndex(":, {}", manager.create(nodes).toDevice(x.getDevice(), false)));
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

    /** Adds up each node's messages with a sparse [n, e] matrix of ones. */
    private NDArray sum(NDArray m) {
        Shape shape = m.getShape();
        long[] edges = IntStream.range(0, target.length).asLongStream().toArray();
        long[] nodes = Arrays.stream(target).asLongStream().toArray();
        float[] ones = new float[target.length];
        Arrays.fill(ones, 1);
        NDArray incidence = m.getManager()
                .createCoo(
                        FloatBuffer.wrap(ones), new long[][] {nodes, edges}, new Shape(layout.nodes(), target.length))
                .toType(m.getDataType(), false);
        NDArray flat = m.transpose(1, 0, 2).reshape(shape.get(1), shape.get(0) * shape.get(2));
        return incidence
                .matMul(flat)
                .reshape(layout.nodes(), shape.get(0), shape.get(2))
                .transpose(1, 0, 2);
    }

    /** Gathers each node's messages, the first repeated where a node has fewer than the most. */
    private NDArray table(NDArray m) {
        int most = Arrays.stream(incoming).mapToInt(edges -> edges.length).max().orElse(0);
        int[] places = new int[layout.nodes() * most];
        for (int node = 0; node < incoming.length; node++) {
            int[] edges = incoming[node];
            for (int i = 0; i < most; i++) {
                places[node * most + i] = edges.length == 0 ? 0 : edges[i < edges.length ? i : 0];
            }
        }
        Shape shape = m.getShape();
        return gather(m, places).reshape(shape.get(0), layout.nodes(), most, shape.get(2));
    }
}
