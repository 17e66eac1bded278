package dev.weft.metanets.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.metanets.nn.NodeNorm;
import dev.weft.network.Architecture;
import dev.weft.network.Layer;
import dev.weft.network.Mlp;
import dev.weft.network.Seed;
import dev.weft.network.Siren;
import dev.weft.testing.Rows;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Layers with gradients made by hand, in float32, give the outputs and gradients of the engine's in float64. */
class FusedLayersTest {

    private static final Architecture SIREN = Siren.of(List.of(2, 5, 4, 2), 3, 0.5);
    private static final int NETWORKS = 3;
    private static final double TOLERANCE = 2e-5;

    @Test
    void agreeWithBothDirections() {
        compare(new NgGnn.Config(6, 3, 5, 0.3, true, 0, NodeNorm.Over.NODE, false, 1, 0), SIREN);
    }

    @Test
    void agreeWithForwardEdgesOnly() {
        compare(new NgGnn.Config(6, 3, 5, 0.3, false, 0, NodeNorm.Over.NODE, false, 1, 0), SIREN);
    }

    @Test
    void agreeWithASingleLayer() {
        compare(new NgGnn.Config(6, 1, 5, 0.3, true, 0, NodeNorm.Over.NODE, false, 1, 0), SIREN);
    }

    @Test
    void agreeWithProbesResidualUpdatesAndTheReferencesNorm() {
        compare(new NgGnn.Config(6, 4, 5, 0.3, true, 3, NodeNorm.Over.BATCH, true, 1, 0), SIREN);
    }

    @Test
    void agreeWithoutFrequenciesBiasesAndHiddenLayers() {
        NgGnn.Config config = new NgGnn.Config(4, 2, 0, 1, true, 0, NodeNorm.Over.NODE, false, 1, 0);
        compare(config, Mlp.of(List.of(3, 4, 2), new Layer.Relu(), false));
        compare(config, Mlp.of(List.of(3, 2), new Layer.Relu(), true));
    }

    /** With frequencies so high that a grid of weights has more points than there are edges. */
    @Test
    void agreeWhereEachEdgeIsEncoded() {
        compare(new NgGnn.Config(6, 3, 5, 3, true, 0, NodeNorm.Over.NODE, false, 1, 0), SIREN);
    }

    @Test
    void areUsedByRecordingPassesOnly() {
        NgGnn.Config config = new NgGnn.Config(6, 2, 5, 0.3, true, 0, NodeNorm.Over.NODE, false, 1, 0);
        try (NDManager manager = NDManager.newBaseManager()) {
            NgGnn model = model(manager, config, SIREN, DataType.FLOAT32);
            float[] recording = output(manager, model, true);
            float[] plain = output(manager, model, false);
            assertNotEquals(Arrays.toString(plain), Arrays.toString(recording)); // rounded differently
        }
    }

    /** All messages into a neuron are alike, so each is the smallest and the largest. */
    @Test
    void tiesDoNotMultiplyTheGradient() {
        Architecture alike = Mlp.of(List.of(1, 3, 1), new Layer.Relu(), true);
        NgGnn.Config config = new NgGnn.Config(4, 2, 3, 0.3, false, 0, NodeNorm.Over.NODE, false, 1, 0);
        double[][] zeros = new double[NETWORKS][(int) alike.parameterCount()];
        agree(run(config, alike, zeros, DataType.FLOAT64), run(config, alike, zeros, DataType.FLOAT32));
    }

    private static void compare(NgGnn.Config config, Architecture architecture) {
        double[][] rows = Rows.random(architecture, NETWORKS, 0.8, new Seed(2));
        agree(run(config, architecture, rows, DataType.FLOAT64), run(config, architecture, rows, DataType.FLOAT32));
    }

    private static void agree(Map<String, double[]> expected, Map<String, double[]> actual) {
        assertEquals(expected.keySet(), actual.keySet());
        double largest = expected.values().stream()
                .flatMapToDouble(Arrays::stream)
                .map(Math::abs)
                .max()
                .orElseThrow();
        expected.forEach((name, values) -> {
            double difference = 0;
            for (int i = 0; i < values.length; i++) {
                difference = Math.max(difference, Math.abs(values[i] - actual.get(name)[i]));
            }
            assertTrue(difference < TOLERANCE * largest, name + " differs by " + difference + " of " + largest);
        });
    }

    /** Returns output and gradients; in float64 the engine's, in float32 those made by hand. */
    private static Map<String, double[]> run(
            NgGnn.Config config, Architecture architecture, double[][] rows, DataType type) {
        Map<String, double[]> values = new LinkedHashMap<>();
        try (NDManager manager = NDManager.newBaseManager();
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NgGnn model = model(manager, config, architecture, type);
            Map<String, Parameter> parameters = model.namedParameters();
            parameters.values().stream()
                    .filter(Parameter::requiresGradient)
                    .forEach(parameter -> parameter.getArray().setRequiresGradient(true));
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                ForwardPass pass = ForwardPass.recording(new ParameterStore(manager, false), Device.cpu());
                NDArray output = model.forward(pass, Rows.array(manager, rows).toType(type, true));
                values.put("output", doubles(output));
                NDArray weights = manager.arange(1, output.size() + 1).toType(type, true);
                pass.backward(
                        collector,
                        output.mul(weights.reshape(output.getShape())).sum());
            }
            parameters.forEach((name, parameter) -> {
                if (parameter.requiresGradient()) {
                    values.put(
                            "gradient of " + name, doubles(parameter.getArray().getGradient()));
                }
            });
        }
        return values;
    }

    private static NgGnn model(NDManager manager, NgGnn.Config config, Architecture architecture, DataType type) {
        NgGnn model = config.build(architecture, Normalization.none(architecture), 3, new Seed(1));
        return TestMetanets.initialized(manager, model, type);
    }

    private static float[] output(NDManager manager, NgGnn model, boolean recording) {
        ParameterStore store = new ParameterStore(manager, false);
        ForwardPass pass =
                recording ? ForwardPass.recording(store, Device.cpu()) : new ForwardPass(store, Device.cpu(), true);
        double[][] rows = Rows.random(SIREN, NETWORKS, 0.8, new Seed(2));
        return model.forward(pass, Rows.array(manager, rows).toType(DataType.FLOAT32, true))
                .toFloatArray();
    }

    private static double[] doubles(NDArray array) {
        return array.toType(DataType.FLOAT64, true).toDoubleArray();
    }
}
