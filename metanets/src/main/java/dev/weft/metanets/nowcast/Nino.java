package dev.weft.metanets.nowcast;

import ai.djl.ndarray.NDManager;
import dev.weft.metanets.nowcast.wiring.EdgeBlock;
import dev.weft.metanets.nowcast.wiring.WiredGraph;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * NiNo (Knyazev et al. 2025): messages between the neurons of the network that is forecast, over edges whose features are
 * the five scaled states of their parameters. Three message-passing layers in the released files, of which the last has
 * no influence on the output and is not computed.
 *
 * <p>Forecasts are exact, but not computed as written down: maps that follow each other are folded, end nodes' shares are
 * computed once a node, and edge states are computed anew in each pass, a tile at a time, so that memory is O(n d + tile d)
 * for n nodes of width d. {@link PlainNino} is the plain form.
 */
public final class Nino implements NowcastModel {

    /** Width of a node's Laplacian encoding. */
    public static final int ENCODING = 8;

    private static final String TOKENS = "wte_pos_enc_layer.weight";

    private final NinoWeights weights;

    /** The weights of the released network that enter the output. */
    record NinoWeights(
            int width,
            int horizons,
            int features,
            double[][] types,
            float @Nullable [] tokens,
            AffineMap node,
            AffineMap edge,
            Layer[] layers,
            AffineMap outputHidden,
            AffineMap output) {

        /** Returns how many tokens have a place in the table. */
        int tokenCount() {
            return tokens == null ? Integer.MAX_VALUE : tokens.length / width - 1;
        }
    }

    /**
     * One layer of message passing with the edge update behind it.
     *
     * @param encoder of the edges: scales, then shifts [2 d]
     * @param pair of target and source
     * @param node of the node and what it received, both of the reference's maps in one
     * @param edge share of the edge's state in its update
     * @param source share of the source
     * @param target share of the target
     * @param last of the update
     */
    record Layer(
            AffineMap encoder,
            AffineMap pair,
            AffineMap node,
            AffineMap edge,
            AffineMap source,
            AffineMap target,
            AffineMap last) {}

    Nino(ReleasedWeights file) throws IOException {
        int d = file.size("edge_proj.fc.0.weight", 0);
        int features = file.size("edge_proj.fc.0.weight", 1) / Trajectory.STATES;
        int horizons = file.size("edge_out.fc.2.weight", 0) / Math.max(1, features);
        Layer[] layers = {layer(file, 0, d), layer(file, 1, d)};
        convolution(file, 2, d);
        weights = new NinoWeights(
                d,
                horizons,
                features,
                TypeTable.read(file, d),
                file.has(TOKENS) ? file.floats(TOKENS, file.size(TOKENS, 0), d) : null,
                file.map("node_proj.fc.0", d, ENCODING),
                file.map("edge_proj.fc.0", d, features * Trajectory.STATES),
                layers,
                file.map("edge_out.fc.0", d, d),
                file.map("edge_out.fc.2", features * horizons, d));
        file.requireAllTaken();
    }

    /** Returns encoder, pair and node maps. */
    private static AffineMap[] convolution(ReleasedWeights file, int i, int d) throws IOException {
        String name = "gnn.convs." + i + ".";
        AffineMap encoder = file.map(name + "edge_encoder", 2 * d, d);
        AffineMap pair = file.map(name + "pre_nns.0.0", d, 2 * d);
        AffineMap post = file.map(name + "post_nns.0.0", d, 2 * d);
        return new AffineMap[] {encoder, pair, file.map(name + "lin", d, d).after(post)};
    }

    private static Layer layer(ReleasedWeights file, int i, int d) throws IOException {
        AffineMap[] maps = convolution(file, i, d);
        String name = "gnn.edge_update." + i + ".";
        return new Layer(
                maps[0],
                maps[1],
                maps[2],
                file.map(name + "lin_e", d, d),
                file.map(name + "lin_s", d, d),
                file.map(name + "lin_t", d, d),
                file.map(name + "lin1", d, d));
    }

    @Override
    public String name() {
        return "nino";
    }

    @Override
    public int horizons() {
        return weights.horizons;
    }

    /** Returns the most values that an edge may carry: the area of the largest kernel. */
    public int features() {
        return weights.features;
    }

    @Override
    public Forecast forecast(NDManager manager, WiredGraph graph, Trajectory states, ForecastSettings settings)
            throws IOException {
        settings.requireHorizonUpTo(weights.horizons);
        requireFits(graph, settings);
        StateScaling scaling = StateScaling.of(states);
        try (NDManager sub = manager.newSubManager()) {
            FoldedNino folded = new FoldedNino(sub, weights, graph.features(), settings);
            return new NinoPass(folded, graph, states, scaling, settings).run().requireFinite();
        }
    }

    private void requireFits(WiredGraph graph, ForecastSettings settings) {
        EdgeBlock widest = graph.widest();
        if (widest.features() > weights.features) {
            throw new IllegalArgumentException("tensor '" + widest.name() + "': its kernel has " + widest.features()
                    + " values, the weights allow " + weights.features);
        }
        if (graph.tokens() > weights.tokenCount()) {
            throw new IllegalArgumentException(
                    "the weights know " + weights.tokenCount() + " tokens, the network has " + graph.tokens());
        }
        float[] encoding = settings.encoding();
        if (encoding != null && encoding.length != graph.nodes() * ENCODING) {
            throw new IllegalArgumentException(
                    "encoding: expected " + graph.nodes() + " x " + ENCODING + " values, found " + encoding.length);
        }
    }
}
