package dev.weft.metanets.nowcast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.checkpoints.format.Safetensors;
import dev.weft.metanets.nowcast.wiring.ReferenceWiring;
import dev.weft.metanets.nowcast.wiring.RowLayout;
import dev.weft.metanets.nowcast.wiring.RowTensor;
import dev.weft.metanets.nowcast.wiring.WiredGraph;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The wrapper around an optimizer, call by call as the reference's, and what it adds. */
class NowcasterTest {

    private static final RowLayout LAYOUT = new RowLayout(Map.of("w", List.of(1, 2)));
    private static final WiredGraph GRAPH = ReferenceWiring.of(LAYOUT, OptionalInt.empty());
    private static final int PERIOD = 10;

    @TempDir
    private Path folder;

    /** Subtracts the gradient. */
    private static Optimizer descent() {
        return Optimizer.sgd().setLearningRateTracker(Tracker.fixed(1)).build();
    }

    private static NowcastModel model() throws IOException {
        return NowcastModel.of(RandomNino.weights(1));
    }

    @ParameterizedTest
    @CsvSource({"wrapper_gnn_p10, nino_no_posw", "wrapper_mlp_p10, nino_mlp", "wrapper_mlp_p13_indivisible, nino_mlp"})
    void callsDoWhatTheReferencesDo(String trace, String weights) throws IOException {
        JsonNode told = NinoFixtures.json(trace);
        RowLayout layout = NinoFixtures.layout(told.get("parameters"));
        WiredGraph graph = ReferenceWiring.of(layout, OptionalInt.empty());
        NowcastModel model = NowcastModel.load(NinoFixtures.file(weights + ".safetensors"));
        Optimizer adam = Optimizer.adamW()
                .optLearningRateTracker(Tracker.fixed(0.01f))
                .optWeightDecays(0.01f)
                .build();
        try (NDManager manager = NDManager.newBaseManager();
                Safetensors file = NinoFixtures.open(trace)) {
            float[][] rows = NinoFixtures.rows(file.floats("params"), (int) layout.size());
            float[][] gradients = NinoFixtures.rows(file.floats("grads"), (int) layout.size());
            Map<String, NDArray> parameters = arrays(manager, layout, rows[0]);
            float[] encoding = weights.equals("nino_no_posw") ? file.floats("graph.pos") : null;
            Nowcaster.Plan plan = Nowcaster.Plan.of(
                            model,
                            told.get("period").asInt(),
                            told.get("max_train_steps").asLong())
                    .withSettings(ForecastSettings.horizon(1).withEncoding(encoding));
            Nowcaster nowcaster = new Nowcaster(adam, parameters, model, graph, plan);
            for (JsonNode event : told.get("events")) {
                int call = event.get("call").asInt();
                assertEquals(event.get("need_grads").asBoolean(), nowcaster.needsGradients(), "call " + call);
                Nowcaster.Step step = nowcaster.step(arrays(manager, layout, gradients[call]));
                assertEquals(event.get("nowcast").asBoolean(), step.nowcast());
                assertEquals(event.get("k").asInt(0), step.horizon().orElse(0));
                assertArrayEquals(rows[call + 1], row(parameters), 2e-5f, "call " + call);
            }
        }
    }

    private static Map<String, NDArray> arrays(NDManager manager, RowLayout layout, float[] row) {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        for (RowTensor tensor : layout.tensors()) {
            long[] shape = tensor.shape().stream().mapToLong(Integer::longValue).toArray();
            float[] values = Arrays.copyOfRange(row, (int) tensor.offset(), (int) tensor.end());
            arrays.put(tensor.name(), manager.create(values, new Shape(shape)));
        }
        return arrays;
    }

    private static float[] row(Map<String, NDArray> parameters) {
        int size = (int) parameters.values().stream().mapToLong(NDArray::size).sum();
        FloatBuffer row = FloatBuffer.allocate(size);
        parameters.values().forEach(array -> row.put(array.toFloatArray()));
        return row.array();
    }

    private static Nowcaster.Plan plan(NowcastModel model) {
        return Nowcaster.Plan.of(model, PERIOD, 2 * PERIOD);
    }

    private static void run(Nowcaster nowcaster, NDManager manager, int calls) throws IOException {
        for (int i = 0; i < calls; i++) {
            float slope = 0.1f * (nowcaster.calls() % 3 + 1);
            nowcaster.step(arrays(manager, LAYOUT, new float[] {slope, -slope / 2}));
        }
    }

    @Test
    void aSavedOneGoesOnInsideAPeriod() throws IOException {
        NowcastModel model = model();
        Path file = folder.resolve("nowcaster.safetensors");
        try (NDManager manager = NDManager.newBaseManager()) {
            Map<String, NDArray> parameters = arrays(manager, LAYOUT, new float[] {1, 2});
            Nowcaster whole = new Nowcaster(descent(), parameters, model, GRAPH, plan(model));
            run(whole, manager, 7);
            float[] then = row(parameters);
            whole.save(file);
            run(whole, manager, 8);

            Map<String, NDArray> others = arrays(manager, LAYOUT, then);
            Nowcaster resumed = new Nowcaster(descent(), others, model, GRAPH, plan(model));
            resumed.restore(file);
            assertEquals(7, resumed.calls());
            run(resumed, manager, 8);
            assertArrayEquals(row(parameters), row(others));
        }
    }

    @Test
    void aStateOfAnotherPeriodOrNetworkIsRefused() throws IOException {
        NowcastModel model = model();
        Path file = folder.resolve("nowcaster.safetensors");
        try (NDManager manager = NDManager.newBaseManager()) {
            Map<String, NDArray> parameters = arrays(manager, LAYOUT, new float[] {1, 2});
            new Nowcaster(descent(), parameters, model, GRAPH, plan(model)).save(file);
            Nowcaster other = new Nowcaster(descent(), parameters, model, GRAPH, Nowcaster.Plan.of(model, 20, 100));
            assertEquals(
                    file + ": metadata 'period': expected 20, found 10",
                    assertThrows(FormatException.class, () -> other.restore(file))
                            .getMessage());
        }
    }

    /** Runs to the first nowcast with a test. */
    private Nowcaster.Step tested(AcceptanceTest.BackOff backOff, int attempts, double... losses) throws IOException {
        NowcastModel model = model();
        int[] next = {0};
        AcceptanceTest test = new AcceptanceTest(() -> losses[next[0]++], 0.1, backOff, attempts);
        try (NDManager manager = NDManager.newBaseManager()) {
            Map<String, NDArray> parameters = arrays(manager, LAYOUT, new float[] {1, 2});
            Nowcaster nowcaster = new Nowcaster(
                    descent(), parameters, model, GRAPH, plan(model).withAcceptance(test));
            run(nowcaster, manager, PERIOD - 1);
            float[] before = row(parameters);
            assertFalse(nowcaster.needsGradients());
            Nowcaster.Step step = nowcaster.step(Map.of());
            assertEquals(losses.length, next[0]);
            assertEquals(step.horizon().isEmpty(), Arrays.equals(before, row(parameters)));
            return step;
        }
    }

    @Test
    void aForecastThatRaisesTheLossALittleIsTaken() throws IOException {
        Nowcaster.Step step = tested(AcceptanceTest.BackOff.HORIZON, 3, 1, 1.05);
        assertEquals(OptionalInt.of(3), step.horizon());
        assertEquals(1.05, step.lossAfter().orElseThrow());
    }

    @Test
    void theHorizonIsHalved() throws IOException {
        assertEquals(
                OptionalInt.of(1),
                tested(AcceptanceTest.BackOff.HORIZON, 3, 1, 2, 0.5).horizon());
    }

    @Test
    void theStepIsHalved() throws IOException {
        Nowcaster.Step step = tested(AcceptanceTest.BackOff.STEP, 3, 1, 2, Double.NaN, 1);
        assertEquals(OptionalInt.of(3), step.horizon());
        assertEquals(0.25, step.step());
    }

    @Test
    void parametersComeBackIfNothingPasses() throws IOException {
        for (AcceptanceTest.BackOff backOff : AcceptanceTest.BackOff.values()) {
            Nowcaster.Step step = tested(backOff, 2, 1, 2, 2);
            assertTrue(step.nowcast());
            assertEquals(OptionalInt.empty(), step.horizon());
            assertEquals(1, step.lossAfter().orElseThrow());
        }
    }

    @Test
    void parametersMustBeTheGraphs() throws IOException {
        NowcastModel model = model();
        assertEquals(
                "expected a parameter 'w' [1, 2], found none",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new Nowcaster(descent(), Map.of(), model, GRAPH, plan(model)))
                        .getMessage());
    }
}
