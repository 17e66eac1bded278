package dev.weft.metanets.nowcast.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.checkpoints.format.Safetensors;
import dev.weft.metanets.nowcast.NinoFixtures;
import dev.weft.metanets.nowcast.PlainNino;
import dev.weft.metanets.nowcast.wiring.ReferenceWiring;
import dev.weft.metanets.nowcast.wiring.RowLayout;
import dev.weft.metanets.task.AdamW;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** A step on three networks has the reference's loss, gradients and new weights. */
class TrainingStepFixtureTest {

    private static final String WEIGHTS = "nino_no_posw.safetensors";
    private static final int HORIZONS = 40;

    /** The network whose tensors the reference scales together in training, and apart in forecasts. */
    private static final int SCALED_AS_ONE = 1;

    @Test
    void aStepIsTheReferences() throws IOException {
        JsonNode graphs = NinoFixtures.json("train_step").get("graphs");
        try (NDManager manager = NDManager.newBaseManager();
                Safetensors file = NinoFixtures.open("train_step")) {
            PlainNino nino = PlainNino.load(manager, NinoFixtures.file(WEIGHTS));
            Map<String, Parameter> parameters = nino.namedParameters();
            List<WindowBatch> batches = List.of(batch(graphs, file, 0), batch(graphs, file, 1), batch(graphs, file, 2));
            long count = batches.stream().mapToLong(WindowBatch::count).sum();
            try (AdamW adam = new AdamW(manager, parameters.values(), 1e-2, false)) {
                parameters.values().stream()
                        .filter(Parameter::requiresGradient)
                        .forEach(parameter -> parameter.getArray().setRequiresGradient(true));
                ForecastError error = new ForecastError(nino, manager);
                double loss = 0;
                for (WindowBatch batch : batches) {
                    loss += error.accumulate(batch, 1.0 / count);
                }
                assertEquals(file.floats("loss")[0], loss, 1e-5);
                requireSame(parameters, file, "grad.", 1e-4);
                assertEquals(file.floats("grad_norm_before_clip")[0], adam.step(3e-3, 5), 1e-5);
            }
            requireSame(
                    parameters,
                    file,
                    "after_step.",
                    1e-3); // a first step of Adam goes by signs, also of tiny gradients
        }
    }

    private static void requireSame(
            Map<String, Parameter> parameters, Safetensors file, String prefix, double tolerance) throws IOException {
        for (Map.Entry<String, Parameter> each : parameters.entrySet()) {
            if (each.getValue().requiresGradient()) {
                var array = each.getValue().getArray();
                float[] found = (prefix.equals("grad.") ? array.getGradient() : array).toFloatArray();
                float[] expected = file.floats(prefix + each.getKey());
                double error = NinoFixtures.relativeError(expected, found, new float[expected.length]);
                assertTrue(error <= tolerance, prefix + each.getKey() + ": " + error);
            }
        }
    }

    /** Makes a batch from the network's states, as training does but for the scaling and the encoding. */
    private static WindowBatch batch(JsonNode graphs, Safetensors file, int graph) throws IOException {
        String name = "g" + graph + ".";
        RowLayout layout = NinoFixtures.layout(graphs.get(graph).get("parameters"));
        boolean isScaledAsOne = graph == SCALED_AS_ONE;
        EdgeValues values =
                new EdgeValues(ReferenceWiring.of(layout, isScaledAsOne ? OptionalInt.of(2) : OptionalInt.empty()));
        int size = (int) layout.size();
        RowLayout scales = isScaledAsOne ? new RowLayout(Map.of("all", List.of(size))) : layout;
        float[][] states = WindowBatch.scaled(scales, NinoFixtures.rows(file.floats(name + "states"), size));
        WindowBatch made = WindowBatch.ofScaled(values, List.<float[][]>of(states), HORIZONS);
        assertEquals((states.length - 5) * size, made.count());
        return new WindowBatch(
                values,
                1,
                HORIZONS,
                made.inputs(),
                file.floats(name + "pos"),
                made.displacements(),
                made.mask(),
                made.count());
    }
}
