package dev.weft.cli.bench;

import ai.djl.ndarray.NDManager;
import dev.weft.cli.report.Progress;
import dev.weft.metanets.nowcast.ForecastSettings;
import dev.weft.metanets.nowcast.NowcastModel;
import dev.weft.metanets.nowcast.PlainForecast;
import dev.weft.metanets.nowcast.PlainNino;
import dev.weft.metanets.nowcast.Trajectory;
import dev.weft.metanets.nowcast.wiring.ReferenceWiring;
import dev.weft.metanets.nowcast.wiring.RowLayout;
import dev.weft.metanets.nowcast.wiring.WiredGraph;
import dev.weft.network.Input;
import dev.weft.network.family.Llama;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code nino.llama-111m}: the largest network of NiNo's paper, which its authors forecast with one in twenty of the edges.
 * Here all edges count, and memory is bounded by a tile. The per-edge form would need some 60 GB: what it takes is
 * measured on a small network and multiplied by the number of edges, and so is what a network of a billion parameters takes.
 */
final class NinoLlama implements Benchmark {

    private static final Logger LOG = LoggerFactory.getLogger(NinoLlama.class);

    private static final String NAME = "nino.llama-111m";

    private static final double BOUND_MEBIBYTES = 4096;

    /** Does not divide the blocks, and is no power of 2. */
    private static final int OTHER_TILE = 3000;

    private static final ForecastSettings SETTINGS = ForecastSettings.horizon(16);

    /** Llama 3's words, width 384, six layers of six heads with two key and value heads: 111,481,728 parameters. */
    private static final Llama.Config LARGE = config(128_256, 384, 6, 64, 1536);

    private static final Llama.Config SMALL = config(1000, 48, 2, 8, 192);
    private static final Llama.Config TINY = config(40, 12, 1, 2, 24);

    private static Llama.Config config(int words, int width, int layers, int headSize, int hidden) {
        Input.Tokens input = new Input.Tokens(words, 1024);
        return new Llama.Config(input, width, layers, 6, 2, headSize, hidden, 500_000, 1e-5, false, false, false);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "Forecasting a Llama of 111 million parameters with NiNo and all edges, twice, with tiles of two sizes,"
                + " which must agree: time, and memory beyond the states and the engine. Per-edge figures and those for"
                + " TinyLlama's 1.1 billion are multiplied up. Runs only if it is asked for, with WEFT_JAVA_OPTS=-Xmx5g.";
    }

    @Override
    public boolean onlyByName() {
        return true;
    }

    private static WiredGraph graph(Llama.Config config) {
        return ReferenceWiring.of(RowLayout.of(Llama.of(config).parameters()), OptionalInt.empty());
    }

    @Override
    public List<Row> run(BenchContext context) throws IOException {
        WiredGraph graph = graph(context.workload().published() ? LARGE : TINY);
        WiredGraph small = graph(context.workload().published() ? SMALL : TINY);
        try (TemporaryFolder folder = TemporaryFolder.create();
                NDManager manager = NDManager.newBaseManager(context.device());
                Progress line = context.lines().start(NAME, 4, "forecasts")) {
            Path file = ReleasedNino.weights(context, manager, folder.path());
            NowcastModel nino = NowcastModel.load(file);
            Trajectory few = Trajectory.of(small.layout(), states(context, small));
            nino.forecast(manager, small, few, SETTINGS); // loads and compiles what belongs to the engine
            line.update(1);
            Large large = large(context, manager, nino, graph, line);
            PlainNino plain = PlainNino.load(manager, file);
            ForecastCost perEdge = ForecastCost.of(manager, sub -> PlainForecast.of(plain, sub, small, few, SETTINGS));
            line.update(4);
            return figures(graph, large, perEdge, (double) graph.edges() / small.edges());
        }
    }

    private static float[][] states(BenchContext context, WiredGraph graph) {
        return ReleasedNino.states(graph.layout(), context.seed().split("states"));
    }

    /** What the large forecast took, and the memory beyond its states. */
    private record Large(ForecastCost cost, OptionalDouble mebibytes) {}

    private static Large large(
            BenchContext context, NDManager manager, NowcastModel nino, WiredGraph graph, Progress line)
            throws IOException {
        double stateMebibytes = graph.layout().size() * Trajectory.STATES * Float.BYTES / 0x1p20;
        float[][] rows;
        ForecastCost cost;
        OptionalDouble added;
        try (MemoryWatch memory = MemoryWatch.start()) {
            rows = states(context, graph);
            Trajectory states = Trajectory.of(graph.layout(), rows);
            cost = ForecastCost.of(manager, sub -> nino.forecast(sub, graph, states, SETTINGS));
            added = memory.addedMebibytes();
        }
        line.update(2);
        LOG.info(
                "{} CPU s, {} s, {} MiB with {} MiB of states",
                cost.processorSeconds(),
                cost.seconds(),
                added,
                stateMebibytes);
        Trajectory states = Trajectory.of(graph.layout(), rows);
        ForecastSettings other = SETTINGS.withTileCells(OTHER_TILE);
        ForecastCost again = ForecastCost.of(manager, sub -> nino.forecast(sub, graph, states, other));
        line.update(3);
        cost.requireSame(NAME, again, rows[Trajectory.STATES - 1]);
        LOG.info("with tiles of {} edges: {} CPU s", OTHER_TILE, again.processorSeconds());
        return new Large(
                cost, added.isPresent() ? OptionalDouble.of(Math.max(1, added.getAsDouble() - stateMebibytes)) : added);
    }

    private static List<Row> figures(WiredGraph graph, Large large, ForecastCost perEdge, double factor) {
        double billion = (double) graph(Llama.tiny1b()).edges() / graph.edges();
        double plain = factor * perEdge.processorSeconds();
        double own = large.cost.processorSeconds();
        List<Row> figures = new ArrayList<>();
        figures.add(Row.of(NAME, own, "CPU s", "per-edge, multiplied up", plain));
        figures.add(Row.of(
                NAME + ".clock", large.cost.seconds(), "s", "per-edge, multiplied up", factor * perEdge.seconds()));
        if (large.mebibytes.isPresent()) {
            figures.add(Row.of(NAME + ".memory", large.mebibytes.getAsDouble(), "MiB", "bound", BOUND_MEBIBYTES));
        }
        figures.add(Row.of(
                "nino.llama-1b, multiplied up", billion * own, "CPU s", "per-edge, multiplied up", billion * plain));
        return figures;
    }
}
