package dev.weft.metanets.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.weft.graph.WeightBlock;
import dev.weft.network.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One layer of NG-GNN (Kofinas et al. 2024, a modified PNA) in block form: no gather, no scatter, no object per edge.
 *
 * <pre>
 * [s | t]  = W_film e + b                      edge (j to i)
 * m        = s * (A x_i + C x_j + b) + t
 * y_i      = W_2 W_1 (x_i | agg | agg log(deg + 1) / delta),   agg = mean, min, max, deviation of m
 * x_i     &lt;- dropout(SiLU(norm(y_i)))          but the last layer returns y_i
 * e       &lt;- W_4 SiLU(W_e e + W_s x_src + W_t x_dst)           but not in the last layer
 * </pre>
 *
 * <p>Nodes [b, n, d], edges one array [k, b, t, s, d] a weight block. O(e d^2) time, e d memory, for e edges.
 */
public final class FilmLayer extends WeightSpaceBlock {

    private final GraphLayout layout;
    final float dropout;
    final Affine film;
    final Affine pair;
    final Affine post;
    final Affine out;
    final @Nullable Update update;

    /** The parts that the last layer does not have. */
    record Update(NodeNorm norm, Affine edge, Affine source, Affine target, Affine pending) {}

    /** Node and edge states behind a layer. */
    public record Output(NDArray nodes, EdgeState edges) {}

    public FilmLayer(GraphLayout layout, int hidden, NodeNorm.Over over, double dropout, boolean last, Seed seed) {
        this.layout = layout;
        this.dropout = (float) dropout;
        film = addChildBlock("film", new Affine(hidden, 2 * hidden, seed.split("film")));
        pair = addChildBlock("pair", new Affine(2 * hidden, hidden, seed.split("pair")));
        post = addChildBlock("post", new Affine(9 * hidden, hidden, seed.split("post")));
        out = addChildBlock("out", new Affine(hidden, hidden, seed.split("out")));
        update = last
                ? null
                : new Update(
                        addChildBlock("norm", new NodeNorm(over, hidden)),
                        addChildBlock("edge", new Affine(hidden, hidden, seed.split("edge"))),
                        addChildBlock("edgeSource", new Affine(hidden, hidden, seed.split("edgeSource"))),
                        addChildBlock("edgeTarget", new Affine(hidden, hidden, seed.split("edgeTarget"))),
                        addChildBlock("edgeOut", new Affine(hidden, hidden, seed.split("edgeOut"))));
    }

    /** Passes messages over x [b, n, d] and the edges' states. */
    public Output forward(ForwardPass pass, NDArray x, EdgeState edges) {
        List<NDList> maps = edgeMaps(pass, edges);
        NDArray y = out.forward(pass, post.forward(pass, gathered(x, aggregate(pass, x, maps))));
        Update rest = update;
        if (rest == null) {
            return new Output(y, edges);
        }
        NDArray nodes = Functions.dropout(pass, Functions.silu(rest.norm.forward(pass, y)), dropout);
        return new Output(nodes, new EdgeState(updated(pass, rest, nodes, maps), rest.pending));
    }

    /** All affine maps of the edge states at once: s, t and, except in the last layer, W_e e; each [k, b, t, s, d]. */
    private List<NDList> edgeMaps(ForwardPass pass, EdgeState edges) {
        NDArray weight = film.weight(pass);
        NDArray bias = film.bias(pass);
        long d = weight.getShape().get(1);
        long[] cuts = {d};
        if (update != null) {
            weight = weight.concat(update.edge.weight(pass), 0);
            bias = bias.concat(update.edge.bias(pass), 0);
            cuts = new long[] {d, 2 * d};
        }
        List<NDList> maps = new ArrayList<>();
        for (NDArray mapped : edges.apply(pass, weight, bias)) {
            maps.add(mapped.split(cuts, 4));
        }
        return maps;
    }

    private NDArray aggregate(ForwardPass pass, NDArray x, List<NDList> maps) {
        PairTerms terms = pairTerms(pass, x);
        NeighbourStatistics statistics = new NeighbourStatistics(layout);
        for (WeightBlock weight : layout.weights()) {
            NDList map = maps.get(weight.index());
            NDArray h = terms.target(weight).add(terms.source(weight));
            statistics.add(weight, map.get(0).mul(h).add(map.get(1)));
        }
        return statistics.concatenated(x);
    }

    private PairTerms pairTerms(ForwardPass pass, NDArray x) {
        NDArray weight = pair.weight(pass); // [d, receiver and sender]
        NDArray bias = pair.bias(pass);
        NDArray stacked = Functions.concat(weight.split(2, 1), 0);
        return PairTerms.of(layout, x, stacked, bias.concat(bias.zerosLike(), 0));
    }

    /** (x | agg | agg times amplification), [b, n, 9 d]. */
    NDArray gathered(NDArray x, NDArray aggregate) {
        double delta = layout.meanLogDegree();
        double[] amplification = Arrays.stream(layout.degrees())
                .map(degree -> Math.log(degree + 1) / delta)
                .toArray();
        NDArray amplified = aggregate.mul(NeighbourStatistics.perNode(x, amplification));
        return Functions.concat(new NDList(x, aggregate, amplified), 2);
    }

    private List<NDArray> updated(ForwardPass pass, Update rest, NDArray nodes, List<NDList> maps) {
        NDArray weight = rest.target.weight(pass).concat(rest.source.weight(pass), 0);
        NDArray bias = rest.target.bias(pass).concat(rest.source.bias(pass), 0);
        PairTerms terms = PairTerms.of(layout, nodes, weight, bias);
        List<NDArray> hidden = new ArrayList<>();
        for (WeightBlock block : layout.weights()) {
            NDArray ends = terms.target(block).add(terms.source(block));
            hidden.add(Functions.silu(maps.get(block.index()).get(2).add(ends)));
        }
        return hidden;
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, @Nullable PairList<String, Object> params) {
        ForwardPass pass = new ForwardPass(store, inputs.head().getDevice(), training);
        Output output = forward(pass, inputs.head(), new EdgeState(inputs.subNDList(1), null));
        NDList all = new NDList(output.nodes);
        all.addAll(output.edges.values(pass));
        return all;
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
        return inputs;
    }
}
