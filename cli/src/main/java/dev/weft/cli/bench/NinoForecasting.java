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
import dev.weft.network.Layer;
import dev.weft.network.family.Gpt2;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** {@code nino.forecast}: the folded form beside the plain one, on a small GPT-2 with the full vocabulary. */
final class NinoForecasting implements Benchmark {

    private static final String NAME = "nino.forecast";
    private static final int POSITIONS = 1024;
    private static final int WIDTH = 24;
    private static final int HEADS = 3;
    private static final int LAYERS = 3;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "Forecasting a GPT-2 with 3 layers, width 24 and 50,257 words (1.25 million parameters) with NiNo:"
                + " parameters per second of processor time, and memory beyond that of a process which has the states and"
                + " the engine, both beside the plain per-edge form, which is run once.";
    }

    @Override
    public List<Row> run(BenchContext context) throws IOException {
        WiredGraph graph = graph(context.workload().forecastWords());
        float[][] rows = ReleasedNino.states(graph.layout(), context.seed().split("states"));
        Trajectory states = Trajectory.of(graph.layout(), rows);
        ForecastSettings settings = ForecastSettings.horizon(16);
        try (TemporaryFolder folder = TemporaryFolder.create();
                NDManager manager = NDManager.newBaseManager(context.device());
                Progress line = context.lines().start(NAME, 3, "forecasts")) {
            Path weights = ReleasedNino.weights(context, manager, folder.path());
            NowcastModel nino = NowcastModel.load(weights);
            PlainNino plain = PlainNino.load(manager, weights);
            ForecastCost first = ForecastCost.of(manager, sub -> nino.forecast(sub, graph, states, settings));
            line.update(1);
            ForecastCost second = ForecastCost.of(manager, sub -> nino.forecast(sub, graph, states, settings));
            line.update(2);
            ForecastCost baseline =
                    ForecastCost.of(manager, sub -> PlainForecast.of(plain, sub, graph, states, settings));
            line.update(3);
            first.requireSame(NAME, baseline, rows[Trajectory.STATES - 1]);
            return figures(graph.layout().size(), first, second, baseline);
        }
    }

    /** The first forecast, with the JIT compiler at work, counts for memory and the second for time. */
    private static List<Row> figures(long parameters, ForecastCost first, ForecastCost second, ForecastCost baseline) {
        List<Row> figures = new ArrayList<>();
        figures.add(Row.of(
                NAME,
                parameters / second.processorSeconds(),
                "parameters/CPU s",
                "per-edge",
                parameters / baseline.processorSeconds()));
        figures.add(Row.of(NAME + ".cpu", second.processorSeconds(), "CPU s", "per-edge", baseline.processorSeconds()));
        if (first.mebibytes().isPresent() && baseline.mebibytes().isPresent()) {
            figures.add(Row.of(
                    NAME + ".memory",
                    first.mebibytes().getAsDouble(),
                    "MiB",
                    "per-edge",
                    baseline.mebibytes().getAsDouble()));
        }
        return figures;
    }

    private static WiredGraph graph(int words) {
        Gpt2.Config config = new Gpt2.Config(
                new Input.Tokens(words, POSITIONS), WIDTH, LAYERS, HEADS, true, true, new Layer.GeluTanh());
        RowLayout layout = RowLayout.of(Gpt2.of(config).parameters());
        return ReferenceWiring.of(layout, OptionalInt.of(HEADS));
    }
}
