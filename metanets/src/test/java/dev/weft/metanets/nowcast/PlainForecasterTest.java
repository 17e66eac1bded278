package dev.weft.metanets.nowcast;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import dev.weft.checkpoints.format.SafetensorsWriter;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.metanets.nowcast.wiring.CorrectedWiring;
import dev.weft.metanets.nowcast.wiring.EdgeBlock;
import dev.weft.metanets.nowcast.wiring.ReferenceWiring;
import dev.weft.metanets.nowcast.wiring.RowLayout;
import dev.weft.metanets.nowcast.wiring.WiredGraph;
import dev.weft.network.Seed;
import dev.weft.network.family.Families;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is trained is what forecasts: the block form has the folded form's displacements, for every horizon at once. */
class PlainForecasterTest {

    private static final RowLayout PERCEPTRON = new RowLayout(Map.of("fc.weight", List.of(4, 3)));

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "small-cnn-zoo"})
    void ninoIsTheFoldedOne(String family) throws IOException {
        var architecture = Families.named(family).small().get();
        WiredGraph graph = family.equals("gpt2")
                ? CorrectedWiring.of(architecture)
                : ReferenceWiring.of(RowLayout.of(architecture.parameters()), OptionalInt.empty());
        try (NDManager manager = NDManager.newBaseManager()) {
            Path file = write(RandomNino.weights(Math.max(4, graph.features())));
            requireSame(manager, PlainNino.load(manager, file), file, graph);
        }
    }

    @Test
    void wnnIsTheFoldedOne() throws IOException {
        try (NDManager manager = NDManager.newBaseManager()) {
            PlainWnn wnn = new PlainWnn(6, RandomNino.HORIZONS, new Seed(1));
            wnn.initialize(manager, DataType.FLOAT32);
            SafetensorsWriter writer = new SafetensorsWriter();
            Random random = new Random(5);
            wnn.namedParameters().forEach((name, parameter) -> {
                Shape shape = parameter.getArray().getShape();
                parameter.getArray().set(RandomNino.normal(random, (int) shape.size(), 0.5));
                writer.add(name, parameter.getArray());
            });
            WiredGraph graph = ReferenceWiring.of(PERCEPTRON, OptionalInt.empty());
            requireSame(manager, wnn, write(writer), graph);
        }
    }

    private Path write(SafetensorsWriter weights) throws IOException {
        Path file = folder.resolve("weights.safetensors");
        weights.write(file);
        return file;
    }

    /** Compares two copies of a graph with different states in one pass, and a forecast of each. */
    private static void requireSame(NDManager manager, PlainForecaster net, Path file, WiredGraph graph)
            throws IOException {
        float[][] rows = RandomNino.rows(graph.layout());
        float[][] backwards = {rows[4], rows[3], rows[2], rows[1], rows[0]};
        List<Trajectory> states =
                List.of(Trajectory.of(graph.layout(), rows), Trajectory.of(graph.layout(), backwards));
        int width = graph.features() * Trajectory.STATES;
        int edges = (int) graph.edges();
        float[] raw = new float[2 * edges * width];
        for (int copy = 0; copy < 2; copy++) {
            Trajectory own = states.get(copy);
            float[][] features = PlainEdges.of(graph, own, StateScaling.of(own)).features();
            for (int e = 0; e < edges; e++) {
                System.arraycopy(features[e], 0, raw, (copy * edges + e) * width, width);
            }
        }
        ForwardPass pass = new ForwardPass(new ParameterStore(manager, false), manager.getDevice(), false);
        NDArray outputs = net.forward(
                pass,
                new BlockEdges(manager, graph),
                manager.create(raw, new Shape(2, edges, width)),
                manager.zeros(new Shape(2, graph.nodes(), Nino.ENCODING)));
        float[] displacements = outputs.toFloatArray();
        for (int horizon = 1; horizon <= RandomNino.HORIZONS; horizon++) {
            for (int copy = 0; copy < 2; copy++) {
                float[] expected = NowcastModel.load(file)
                        .forecast(manager, graph, states.get(copy), ForecastSettings.horizon(horizon))
                        .row();
                float[] found = row(graph, states.get(copy), displacements, copy * edges, horizon - 1);
                double error = NinoFixtures.relativeError(expected, found, copy == 0 ? rows[4] : rows[0]);
                assertTrue(error < 1e-4, "copy " + copy + ", horizon " + horizon + ": " + error);
            }
        }
    }

    private static float[] row(WiredGraph graph, Trajectory states, float[] displacements, int edge, int horizon)
            throws IOException {
        StateScaling scaling = StateScaling.of(states);
        float[] row = new float[(int) graph.layout().size()];
        int next = edge * graph.features() * RandomNino.HORIZONS + horizon;
        for (EdgeBlock block : graph.blocks()) {
            for (int cell = 0; cell < block.edges(); cell++, next += graph.features() * RandomNino.HORIZONS) {
                for (int f = 0; block.forecast() && f < block.features(); f++) {
                    var tensor = block.place().tensor();
                    long place = block.place().position(cell / block.columns(), cell % block.columns(), f);
                    float last = scaling.scaled(tensor, states.values(4, tensor).get((int) place));
                    row[(int) (tensor.offset() + place)] =
                            scaling.unscaled(tensor, last + displacements[next + f * RandomNino.HORIZONS]);
                }
            }
        }
        return row;
    }
}
