package dev.weft.metanets.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.metanets.nn.NodeNorm;
import dev.weft.network.Architecture;
import dev.weft.network.Layer;
import dev.weft.network.Mlp;
import dev.weft.network.Seed;
import dev.weft.network.Siren;
import dev.weft.testing.Rows;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** The block form and the edge list give the same outputs and the same gradients, in float64. */
class PerEdgeNgGnnTest {

    private static final Architecture SIREN = Siren.of(List.of(2, 5, 4, 2), 3, 0.5);

    @Test
    void agreeWithBothDirections() {
        compare(new NgGnn.Config(6, 3, 5, 0.3, true, 0, NodeNorm.Over.NODE, false, 1, 0), SIREN);
    }

    @Test
    void agreeWithForwardEdgesOnly() {
        compare(new NgGnn.Config(6, 3, 5, 0.3, false, 0, NodeNorm.Over.NODE, false, 1, 0), SIREN);
    }

    @Test
    void agreeWithProbesAndTheReferencesNorm() {
        compare(new NgGnn.Config(6, 4, 5, 0.3, true, 3, NodeNorm.Over.BATCH, false, 1, 0), SIREN);
    }

    @Test
    void agreeWithoutBiasesAndWithoutHiddenLayers() {
        NgGnn.Config config = new NgGnn.Config(4, 2, 0, 1, true, 0, NodeNorm.Over.NODE, false, 1, 0);
        compare(config, Mlp.of(List.of(3, 4, 2), new Layer.Relu(), false));
        compare(config, Mlp.of(List.of(3, 2), new Layer.Relu(), true));
    }

    private static void compare(NgGnn.Config config, Architecture architecture) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NgGnn model = TestMetanets.initialized(
                    manager,
                    config.build(architecture, Normalization.none(architecture), 3, new Seed(1)),
                    DataType.FLOAT64);
            NDArray rows = Rows.array(manager, Rows.random(architecture, 3, 0.8, new Seed(2)));
            Map<String, double[]> block = run(manager, model, rows, model::forward);
            Map<String, double[]> plain = run(manager, model, rows, new PerEdgeNgGnn(model, manager)::forward);
            assertEquals(block.keySet(), plain.keySet());
            block.forEach((name, values) -> {
                double difference = Rows.relativeDifference(plain.get(name), values);
                assertTrue(difference < 1e-9, name + " differs by " + difference);
            });
        }
    }

    /** Returns the output and the gradient of a weighted sum of it for rows and parameters. */
    private static Map<String, double[]> run(
            NDManager manager, NgGnn model, NDArray rows, BiFunction<ForwardPass, NDArray, NDArray> form) {
        Map<String, double[]> values = new LinkedHashMap<>();
        NDArray leaf = rows.duplicate();
        leaf.setRequiresGradient(true);
        Map<String, Parameter> parameters = model.namedParameters();
        parameters.values().stream().filter(Parameter::requiresGradient).forEach(p -> {
            p.getArray().setRequiresGradient(false);
            p.getArray().setRequiresGradient(true);
        });
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            NDArray output = form.apply(TestMetanets.pass(manager, true), leaf);
            values.put("output", output.toDoubleArray());
            NDArray weights = manager.arange(output.size()).toType(DataType.FLOAT64, false);
            collector.backward(
                    output.mul(weights.add(1).reshape(output.getShape())).sum());
        }
        values.put("gradient of rows", leaf.getGradient().toDoubleArray());
        parameters.forEach((name, parameter) -> {
            if (parameter.requiresGradient() && parameter.getArray().hasGradient()) {
                try (NDArray gradient = parameter.getArray().getGradient()) {
                    values.put("gradient of " + name, gradient.toDoubleArray());
                    gradient.subi(gradient);
                }
            }
        });
        return values;
    }
}
