package dev.weft.metanets.nowcast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.checkpoints.format.Safetensors;
import dev.weft.metanets.nowcast.wiring.ReferenceWiring;
import dev.weft.metanets.nowcast.wiring.RowLayout;
import dev.weft.metanets.nowcast.wiring.WiredGraph;
import dev.weft.network.Architecture;
import dev.weft.network.Layer;
import dev.weft.network.Mlp;
import dev.weft.network.train.OptimizerRule;
import dev.weft.network.train.RowOptimizer;
import dev.weft.network.train.WeightDecay;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows side by side against a wrapper around each network's own optimizer. */
class NowcastingRowsTest {

    private static final RowLayout LAYOUT = new RowLayout(Map.of("w", List.of(1, 2)));
    private static final WiredGraph GRAPH = ReferenceWiring.of(LAYOUT, OptionalInt.empty());
    private static final int PERIOD = 10;
    private static final int CALLS = 25;
    private static final float[][] STARTS = {{1, 2}, {-0.5f, 0.25f}};

    /** Subtracts the gradient; remembers nothing. */
    private static final class Descent implements RowOptimizer {
        @Override
        public void step(NDArray rows, @Nullable NDArray gradient, double learningRate) {
            rows.subi(gradient);
        }

        @Override
        public void close() {}
    }

    private static float[] gradient(int call, int row) {
        float slope = 0.1f * (call % 3 + 1) * (row + 1);
        return new float[] {slope, -slope / 2};
    }

    /** Returns a row behind each call, and the horizons of the forecasts. */
    private static List<float[]> alone(NowcastModel model, int row, List<OptionalInt> horizons) throws IOException {
        List<float[]> states = new ArrayList<>();
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray array = manager.create(STARTS[row], new Shape(1, 2));
            Optimizer base =
                    Optimizer.sgd().setLearningRateTracker(Tracker.fixed(1)).build();
            Nowcaster nowcaster =
                    new Nowcaster(base, Map.of("w", array), model, GRAPH, Nowcaster.Plan.of(model, PERIOD, 2 * PERIOD));
            for (int call = 0; call < CALLS; call++) {
                Nowcaster.Step step = nowcaster.step(Map.of("w", manager.create(gradient(call, row), new Shape(1, 2))));
                if (step.nowcast()) {
                    horizons.add(step.horizon());
                }
                states.add(array.toFloatArray());
            }
        }
        return states;
    }

    @Test
    void eachRowLeapsAsIfItWereAlone() throws IOException {
        NowcastModel model = NowcastModel.of(RandomNino.weights(1));
        List<OptionalInt> expected = new ArrayList<>();
        List<float[]> first = alone(model, 0, expected);
        List<float[]> second = alone(model, 1, new ArrayList<>());
        List<OptionalInt> horizons = new ArrayList<>();
        try (NDManager manager = NDManager.newBaseManager();
                NowcastingRows optimizer = new NowcastingRows(
                        new Descent(),
                        2,
                        model,
                        GRAPH,
                        Nowcaster.Plan.of(model, PERIOD, 2 * PERIOD),
                        step -> horizons.add(step.horizon()))) {
            NDArray rows = manager.create(new float[] {1, 2, -0.5f, 0.25f}, new Shape(2, 2));
            for (int call = 0; call < CALLS; call++) {
                assertEquals((call + 1) % PERIOD != 0, optimizer.needsGradient(), "call " + call);
                float[] one = gradient(call, 0);
                float[] two = gradient(call, 1);
                NDArray gradient = manager.create(new float[] {one[0], one[1], two[0], two[1]}, new Shape(2, 2));
                optimizer.step(rows, optimizer.needsGradient() ? gradient : null, 1);
                float[] found = rows.toFloatArray();
                float[] a = first.get(call);
                float[] b = second.get(call);
                assertArrayEquals(new float[] {a[0], a[1], b[0], b[1]}, found, "call " + call);
            }
        }
        assertEquals(2, expected.size());
        assertEquals(List.of(expected.get(0), expected.get(0), expected.get(1), expected.get(1)), horizons);
    }

    /** With PyTorch's own arithmetic in the steps between, nothing is left but rounding. */
    @ParameterizedTest
    @CsvSource({"wrapper_gnn_p10, nino_no_posw", "wrapper_mlp_p10, nino_mlp", "wrapper_mlp_p13_indivisible, nino_mlp"})
    void tracesAreTheReferences(String trace, String weights) throws IOException {
        JsonNode told = NinoFixtures.json(trace);
        Architecture architecture = Mlp.of(List.of(9, 5, 3), new Layer.Relu(), true);
        RowLayout layout = NinoFixtures.layout(told.get("parameters"));
        assertEquals(architecture.parameterCount(), layout.size());
        NowcastModel model = NowcastModel.load(NinoFixtures.file(weights + ".safetensors"));
        OptimizerRule adamW = new OptimizerRule.AdamW(0.9, 0.999, 1e-8, new WeightDecay(0.01, true));
        try (NDManager manager = NDManager.newBaseManager();
                Safetensors file = NinoFixtures.open(trace)) {
            float[][] states = NinoFixtures.rows(file.floats("params"), (int) layout.size());
            float[][] gradients = NinoFixtures.rows(file.floats("grads"), (int) layout.size());
            float[] encoding = weights.equals("nino_no_posw") ? file.floats("graph.pos") : null;
            Nowcaster.Plan plan = Nowcaster.Plan.of(
                            model,
                            told.get("period").intValue(),
                            told.get("max_train_steps").longValue())
                    .withSettings(ForecastSettings.horizon(1).withEncoding(encoding));
            NDArray rows = manager.create(states[0], new Shape(1, states[0].length));
            try (NowcastingRows optimizer = new NowcastingRows(
                    adamW.start(manager, architecture, rows),
                    1,
                    model,
                    ReferenceWiring.of(layout, OptionalInt.empty()),
                    plan,
                    step -> {})) {
                for (int call = 0; call < told.get("calls").intValue(); call++) {
                    optimizer.step(rows, manager.create(gradients[call], rows.getShape()), 0.01);
                    double moved = distance(states[call + 1], states[0]);
                    assertEquals(0, distance(rows.toFloatArray(), states[call + 1]), 1e-5 * moved, "call " + call);
                }
            }
        }
    }

    private static double distance(float[] one, float[] other) {
        double squares = 0;
        for (int i = 0; i < one.length; i++) {
            squares += Math.pow((double) one[i] - other[i], 2);
        }
        return Math.sqrt(squares);
    }
}
