package dev.weft.cli.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.sun.management.OperatingSystemMXBean;
import dev.weft.checkpoints.format.SafetensorsWriter;
import dev.weft.cli.report.Progress;
import dev.weft.metanets.nowcast.Forecast;
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
import dev.weft.network.Seed;
import dev.weft.network.family.Gpt2;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/** {@code nino.forecast}: the folded form beside the plain one, on a small GPT-2 with the full vocabulary. */
final class NinoForecasting implements Benchmark {

    private static final String NAME = "nino.forecast";
    private static final int POSITIONS = 1024;
    private static final int WIDTH = 24;
    private static final int HEADS = 3;
    private static final int LAYERS = 3;

    /** The forecasting network as released. */
    private static final int NET_WIDTH = 128;

    private static final int NET_FEATURES = 9;
    private static final int NET_HORIZONS = 40;
    private static final double NET_DEVIATION = 0.1;

    /** Both are float32, sums in another order. */
    private static final double TOLERANCE = 1e-4;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "Forecasting a GPT-2 with 3 layers, width 24 and 50,257 words (1.25 million parameters) with NiNo, random"
                + " weights: parameters per second of processor time, and memory beyond that of a process which has the"
                + " states and the engine, both beside the plain per-edge form, which is run once.";
    }

    /** What a forecast took. */
    private record Cost(double processorSeconds, OptionalDouble mebibytes, float[] row) {}

    @FunctionalInterface
    private interface Work {
        Forecast run(NDManager manager) throws IOException;
    }

    @Override
    public List<Row> run(BenchContext context) throws IOException {
        WiredGraph graph = graph(context.workload().forecastWords());
        float[][] rows = states(graph.layout(), context.seed().split("states"));
        Trajectory states = Trajectory.of(graph.layout(), rows);
        ForecastSettings settings = ForecastSettings.horizon(16);
        try (TemporaryFolder folder = TemporaryFolder.create();
                NDManager manager = NDManager.newBaseManager(Device.cpu());
                Progress line = context.lines().start(NAME, 3, "forecasts")) {
            Path weights = folder.path().resolve("nino.safetensors");
            writeWeights(manager, context.seed().split("weights"), weights);
            NowcastModel nino = NowcastModel.load(weights);
            PlainNino plain = PlainNino.load(manager, weights);
            Cost first = cost(manager, sub -> nino.forecast(sub, graph, states, settings));
            line.update(1);
            Cost second = cost(manager, sub -> nino.forecast(sub, graph, states, settings));
            line.update(2);
            Cost baseline = cost(manager, sub -> PlainForecast.of(plain, sub, graph, states, settings));
            line.update(3);
            requireSame(first.row, baseline.row, rows[Trajectory.STATES - 1]);
            return figures(graph.layout().size(), first, second, baseline);
        }
    }

    /** The first forecast, with the JIT compiler at work, counts for memory and the second for time. */
    private static List<Row> figures(long parameters, Cost first, Cost second, Cost baseline) {
        List<Row> figures = new ArrayList<>();
        figures.add(Row.of(
                NAME,
                parameters / second.processorSeconds,
                "parameters/CPU s",
                "per-edge",
                parameters / baseline.processorSeconds));
        figures.add(Row.of(NAME + ".cpu", second.processorSeconds, "CPU s", "per-edge", baseline.processorSeconds));
        if (first.mebibytes.isPresent() && baseline.mebibytes.isPresent()) {
            figures.add(Row.of(
                    NAME + ".memory",
                    first.mebibytes.getAsDouble(),
                    "MiB",
                    "per-edge",
                    baseline.mebibytes.getAsDouble()));
        }
        return figures;
    }

    private static WiredGraph graph(int words) {
        Gpt2.Config config = new Gpt2.Config(
                new Input.Tokens(words, POSITIONS), WIDTH, LAYERS, HEADS, true, true, new Layer.GeluTanh());
        RowLayout layout = RowLayout.of(Gpt2.of(config).parameters());
        return ReferenceWiring.of(layout, OptionalInt.of(HEADS));
    }

    private static float[][] states(RowLayout layout, Seed seed) {
        RandomGenerator random = seed.random();
        float[][] rows = new float[Trajectory.STATES][(int) layout.size()];
        for (int i = 0; i < rows[0].length; i++) {
            double value = 0.02 * random.nextGaussian();
            for (float[] row : rows) {
                value += 0.002 * random.nextGaussian();
                row[i] = (float) value;
            }
        }
        return rows;
    }

    private static void writeWeights(NDManager manager, Seed seed, Path file) throws IOException {
        PlainNino shapes = new PlainNino(NET_WIDTH, NET_FEATURES, NET_HORIZONS, seed);
        RandomGenerator random = seed.random();
        SafetensorsWriter writer = new SafetensorsWriter();
        try (NDManager sub = manager.newSubManager()) {
            shapes.initialize(sub, DataType.FLOAT32);
            shapes.namedParameters().forEach((name, parameter) -> {
                Shape shape = parameter.getArray().getShape();
                float[] values = new float[(int) shape.size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) (NET_DEVIATION * random.nextGaussian());
                }
                writer.add(name, shape.getShape(), values);
            });
        }
        writer.write(file);
    }

    private static Cost cost(NDManager manager, Work work) throws IOException {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        try (NDManager sub = manager.newSubManager();
                MemoryWatch memory = MemoryWatch.start()) {
            long start = system.getProcessCpuTime();
            float[] row = work.run(sub).row();
            return new Cost((system.getProcessCpuTime() - start) * 1e-9, memory.addedMebibytes(), row);
        }
    }

    private static void requireSame(float[] folded, float[] plain, float[] last) {
        double error = 0;
        double displacement = 0;
        for (int i = 0; i < last.length; i++) {
            error += Math.pow((double) folded[i] - plain[i], 2);
            displacement += Math.pow((double) plain[i] - last[i], 2);
        }
        if (!(Math.sqrt(error / displacement) <= TOLERANCE)) {
            throw new IllegalStateException(NAME + ": expected the same forecast of both forms, found a difference of "
                    + Math.sqrt(error / displacement) + " of its displacement");
        }
    }
}
