package dev.weft.metanets.nowcast;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.metanets.nowcast.wiring.EdgeBlock;
import dev.weft.metanets.nowcast.wiring.RowTensor;
import dev.weft.metanets.nowcast.wiring.WiredGraph;
import dev.weft.network.FormatException;
import java.util.ArrayList;
import java.util.List;

/**
 * A forecast by {@link PlainNino}, edge by edge, with the state of every edge in memory: the plain way that the folded form
 * is compared with. Edges go through the engine in chunks, as in the reference; means are taken in double precision.
 */
public final class PlainForecast {

    private static final int CHUNK_DEFAULT = 100_000;

    private final PlainNino net;
    private final NDManager manager;
    private final int chunkSize;
    private final ForwardPass pass;
    private final List<Chunk> chunks = new ArrayList<>();

    /** Some edges, and their states, which are replaced. */
    private static final class Chunk {
        final PlainEdges edges;
        final NDArray sources;
        final NDArray targets;
        NDArray states;

        Chunk(PlainEdges edges, NDArray sources, NDArray targets, NDArray states) {
            this.edges = edges;
            this.sources = sources;
            this.targets = targets;
            this.states = states;
        }
    }

    private PlainForecast(PlainNino net, NDManager manager, int chunkSize) {
        this.net = net;
        this.manager = manager;
        this.chunkSize = chunkSize;
        this.pass = new ForwardPass(new ParameterStore(manager, false), manager.getDevice(), false);
    }

    /**
     * Forecasts as {@link Nino#forecast} does.
     *
     * @throws IllegalArgumentException if the horizon is not one that the weights allow
     */
    public static Forecast of(
            PlainNino net, NDManager manager, WiredGraph graph, Trajectory states, ForecastSettings settings)
            throws FormatException {
        return of(net, manager, graph, states, settings, CHUNK_DEFAULT);
    }

    static Forecast of(
            PlainNino net,
            NDManager manager,
            WiredGraph graph,
            Trajectory states,
            ForecastSettings settings,
            int chunkSize)
            throws FormatException {
        settings.requireHorizonUpTo(net.horizons());
        StateScaling scaling = StateScaling.of(states);
        PlainEdges edges = PlainEdges.of(graph, states, scaling);
        try (NDManager sub = manager.newSubManager()) {
            PlainForecast forecast = new PlainForecast(net, sub, chunkSize);
            float[] encoding = settings.encoding();
            float[] given = encoding == null ? new float[graph.nodes() * Nino.ENCODING] : encoding;
            forecast.run(edges, sub.create(given, new Shape(graph.nodes(), Nino.ENCODING)));
            return forecast.write(graph, edges, scaling, settings);
        }
    }

    private void run(PlainEdges edges, NDArray encoding) {
        for (int from = 0; from < edges.count(); from += chunkSize) {
            chunks.add(chunk(edges.part(from, Math.min(edges.count(), from + chunkSize))));
        }
        NDArray x = net.apply(pass, "node_proj.fc.0", encoding);
        for (int layer = 0; layer < 2; layer++) {
            NDArray received = received(layer, x, edges);
            x = PlainNino.silu(net.nodes(pass, layer, x, received));
            for (Chunk chunk : chunks) {
                update(chunk, layer, x);
            }
        }
    }

    private Chunk chunk(PlainEdges part) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray raw = manager.create(part.features());
            NDArray sources = manager.create(part.sources());
            NDArray targets = manager.create(part.targets());
            NDArray states = net.edges(pass, raw, manager.create(part.types()));
            NDScope.unregister(sources, targets, states);
            return new Chunk(part, sources, targets, states);
        }
    }

    private void update(Chunk chunk, int layer, NDArray x) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray next = net.update(pass, layer, chunk.states, x.get(chunk.sources), x.get(chunk.targets));
            NDScope.unregister(next);
            chunk.states.close();
            chunk.states = next;
        }
    }

    /** Returns the mean message of each node, [n, d]. */
    private NDArray received(int layer, NDArray x, PlainEdges edges) {
        int d = (int) x.getShape().get(1);
        double[] sums = new double[edges.nodes() * d];
        for (Chunk chunk : chunks) {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDArray source = x.get(chunk.sources);
                float[] m = net.messages(pass, layer, chunk.states, source, x.get(chunk.targets))
                        .toFloatArray();
                for (int i = 0; i < m.length; i++) {
                    sums[(int) chunk.edges.targets()[i / d] * d + i % d] += m[i];
                }
            }
        }
        float[] degrees = edges.degrees();
        for (int i = 0; i < sums.length; i++) {
            sums[i] /= degrees[i / d];
        }
        return manager.create(AffineMap.floats(sums), new Shape(edges.nodes(), d));
    }

    /** Returns the mean over the horizons [edges, F] of the outputs [edges, F K]. */
    private NDArray mean(NDArray outputs, ForecastSettings settings) {
        NDArray byHorizon = outputs.reshape(-1, outputs.getShape().get(1) / net.horizons(), net.horizons());
        String horizons = settings.from() - 1 + ":" + settings.horizon();
        return byHorizon.get("..., " + horizons).mean(new int[] {2});
    }

    private Forecast write(WiredGraph graph, PlainEdges edges, StateScaling scaling, ForecastSettings settings) {
        Forecast forecast = new Forecast(graph.layout());
        int outputs = 0;
        List<float[]> displacements = new ArrayList<>();
        for (Chunk chunk : chunks) {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDArray all = net.output(pass, chunk.states);
                outputs = (int) all.getShape().get(1);
                displacements.add(mean(all, settings).toFloatArray());
            }
        }
        int features = outputs / net.horizons();
        int edge = 0;
        for (EdgeBlock block : graph.blocks()) {
            for (int r = 0; r < block.rows(); r++) {
                for (int c = 0; c < block.columns(); c++, edge++) {
                    for (int f = 0; block.forecast() && f < block.features(); f++) {
                        RowTensor tensor = block.place().tensor();
                        float last = edges.features()[edge][f * Trajectory.STATES + Trajectory.STATES - 1];
                        float move = displacements.get(edge / chunkSize)[edge % chunkSize * features + f];
                        forecast.values(tensor)[(int) block.place().position(r, c, f)] =
                                scaling.unscaled(tensor, last + settings.updateScale() * move);
                    }
                }
            }
        }
        return forecast;
    }
}
