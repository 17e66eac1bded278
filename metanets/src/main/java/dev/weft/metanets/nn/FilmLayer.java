package dev.weft.metanets.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
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
 * <p>With residual updates, which the reference does not have, what becomes of x_i is added to x_i.
 *
 * <p>Nodes [b, n, d], edges one array [b, t, s, d] for each of {@link GraphLayout#edges()}. O(e d^2) time, O(e d) memory.
 */
public final class FilmLayer extends WeightSpaceBlock {

    private final GraphLayout layout;
    final float dropout;
    final boolean residual;
    final Affine film;
    final Affine pair;
    final Affine post;
    final Affine out;
    final @Nullable Update update;

    /** The parts that the last layer does not have. */
    record Update(NodeNorm norm, Affine edge, Affine source, Affine target, Affine pending) {}

    /** Node and edge states behind a layer. */
    public record Output(NDArray nodes, EdgeState edges) {}

    public FilmLayer(
            GraphLayout layout,
            int hidden,
            NodeNorm.Over over,
            double dropout,
            boolean residual,
            boolean last,
            Seed seed) {
        this.layout = layout;
        this.dropout = (float) dropout;
        this.residual = residual;
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
        NDArray next = nodes(pass, x, aggregate(pass, x, edges));
        Update rest = update;
        return rest == null
                ? new Output(next, edges)
                : new Output(next, new EdgeState(updated(pass, rest, next, edges), rest.pending));
    }

    /** Returns the next states of nodes x [b, n, d] from the statistics of their messages [b, n, 4 d]. */
    NDArray nodes(ForwardPass pass, NDArray x, NDArray aggregate) {
        NDArray y = out.forward(pass, post.forward(pass, gathered(x, aggregate)));
        NDArray next =
                update == null ? y : Functions.dropout(pass, Functions.silu(update.norm.forward(pass, y)), dropout);
        return residual ? x.add(next) : next;
    }

    /** Messages m = s * (A x_i + C x_j + b) + t, reduced over each neuron's neighbours: [b, n, 4 d]. */
    private NDArray aggregate(ForwardPass pass, NDArray x, EdgeState edges) {
        NDList ends = pair.weight(pass).split(2, 1); // receiver, sender
        PairTerms terms = new PairTerms(layout, x, ends.get(0), ends.get(1), pair.bias(pass));
        NDList weights = film.weight(pass).split(2, 0);
        NDList biases = film.bias(pass).split(2, 0);
        List<NDArray> scale = edges.apply(pass, weights.get(0), biases.get(0));
        List<NDArray> shift = edges.apply(pass, weights.get(1), biases.get(1));
        NeighbourStatistics statistics = new NeighbourStatistics(layout);
        for (int i = 0; i < scale.size(); i++) {
            GraphLayout.Edges edge = layout.edges().get(i);
            NDArray h = terms.receiver(edge).add(terms.sender(edge));
            statistics.add(edge, scale.get(i).mul(h).add(shift.get(i)));
        }
        return statistics.concatenated(x);
    }

    private List<NDArray> updated(ForwardPass pass, Update rest, NDArray nodes, EdgeState edges) {
        NDArray bias = rest.source.bias(pass).add(rest.target.bias(pass));
        PairTerms terms = new PairTerms(layout, nodes, rest.target.weight(pass), rest.source.weight(pass), bias);
        List<NDArray> mapped = edges.apply(pass, rest.edge.weight(pass), rest.edge.bias(pass));
        List<NDArray> hidden = new ArrayList<>();
        for (int i = 0; i < mapped.size(); i++) {
            GraphLayout.Edges edge = layout.edges().get(i);
            NDArray ends = terms.receiver(edge).add(terms.sender(edge));
            hidden.add(Functions.silu(mapped.get(i).add(ends)));
        }
        return hidden;
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
