package dev.weft.hypernets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import dev.weft.hypernets.ProportionalityProbe.Finding;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.network.Architecture;
import dev.weft.network.Layer;
import dev.weft.network.Mlp;
import dev.weft.network.Seed;
import dev.weft.network.run.FunctionalNetwork;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionedHyperNetworkTest {

    private static final Architecture TARGET = Mlp.of(List.of(16, 64, 10), new Layer.Relu(), true);
    private static final int POINTS = 100;

    private static ConditionedHyperNetwork network(NDManager manager, InputEncoding encoding, boolean residual) {
        ConditionedHyperNetwork network = new ConditionedHyperNetwork(
                TARGET, new ConditionedHyperNetwork.Config(1, List.of(64, 64), encoding, residual), new Seed(1));
        network.initialize(manager, DataType.FLOAT32);
        return network;
    }

    private static List<Finding> probe(InputEncoding encoding, boolean residual) {
        try (NDManager manager = NDManager.newBaseManager()) {
            return ProportionalityProbe.probe(network(manager, encoding, residual), manager, 1, POINTS);
        }
    }

    /** The deviation of an even grid in (0, 1] over its mean is 1 / sqrt 3. */
    @Test
    void thePlainFormIsProportionalToItsInput() {
        for (Finding finding : probe(InputEncoding.IDENTITY, false)) {
            assertEquals(1, finding.correlation(), 1e-4, finding.toString());
            assertEquals(1 / Math.sqrt(3), finding.variation(), 0.01, finding.toString());
        }
    }

    /** The wider a tensor, the less its norm moves; a bias of ten values still moves by half. */
    @Test
    void theMagnitudeInvariantFormIsNot() {
        for (boolean residual : List.of(false, true)) {
            List<Finding> findings = probe(InputEncoding.COS_SIN, residual);
            assertEquals(TARGET.parameters().size(), findings.size());
            findings.stream()
                    .filter(finding -> finding.tensor().endsWith("weight"))
                    .forEach(finding -> assertTrue(finding.variation() < 0.3, finding.toString()));
        }
        assertTrue(InputEncoding.COS_SIN.hasConstantNorm());
    }

    @Test
    void gradientsReachEveryParameterThroughTheWrittenNetwork() {
        try (NDManager manager = NDManager.newBaseManager()) {
            ConditionedHyperNetwork network = network(manager, InputEncoding.COS_SIN, true);
            network.namedParameters().values().forEach(each -> each.getArray().setRequiresGradient(true));
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                ForwardPass pass = new ForwardPass(new ParameterStore(manager, false), manager.getDevice(), true);
                NDArray rows = network.forward(pass, manager.create(new float[] {0.2f, 0.9f}, new Shape(2, 1)));
                assertEquals(new Shape(2, TARGET.parameterCount()), rows.getShape());
                NDArray outputs = new FunctionalNetwork(TARGET).forward(rows, manager.ones(new Shape(3, 16)));
                collector.backward(outputs.square().sum());
            }
            network.namedParameters()
                    .forEach((name, parameter) -> assertTrue(
                            parameter.getArray().getGradient().abs().sum().getFloat() > 0, name));
        }
    }

    @Test
    void conditionsOutsideAreRefused() {
        try (NDManager manager = NDManager.newBaseManager()) {
            ConditionedHyperNetwork network = network(manager, InputEncoding.COS_SIN, true);
            ForwardPass pass = new ForwardPass(new ParameterStore(manager, false), manager.getDevice(), false);
            IllegalArgumentException refused = assertThrows(
                    IllegalArgumentException.class,
                    () -> network.forward(pass, manager.create(new float[] {1.5f}, new Shape(1, 1))));
            assertEquals("conditions: expected values in [0, 1], got 1.5", refused.getMessage());
        }
    }
}
