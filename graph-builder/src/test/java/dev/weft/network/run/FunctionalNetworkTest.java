package dev.weft.network.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.weft.network.Architecture;
import dev.weft.network.Layer;
import dev.weft.network.Mlp;
import dev.weft.network.Seed;
import dev.weft.network.Siren;
import dev.weft.symmetry.NeuronPermutation;
import dev.weft.testing.Rows;
import java.util.List;
import org.junit.jupiter.api.Test;

class FunctionalNetworkTest {

    /** x - w - sin(30 .) - v, plus 0.5: f(x) = 3 sin(30 (0.1 x + 0.02)) - 1 + 0.5. */
    private static final Architecture TINY = Siren.of(List.of(1, 1, 1), 30, 0.5);

    @Test
    void computesSineLayerAndOffsetByHand() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray rows = Rows.array(manager, new double[] {0.1, 0.02, 3, -1});
            NDArray inputs = manager.create(new double[] {0, 0.7}, new Shape(2, 1));
            double[] expected = {3 * Math.sin(0.6) - 0.5, 3 * Math.sin(30 * 0.09) - 0.5};
            FunctionalNetwork.Trace trace = new FunctionalNetwork(TINY).trace(rows, inputs);
            assertArrayEquals(expected, trace.output().toDoubleArray(), 1e-12);
            assertEquals(3, trace.blocks().size());
            assertArrayEquals(
                    new double[] {Math.sin(0.6), Math.sin(2.7)},
                    trace.blocks().get(1).toDoubleArray(),
                    1e-12);
            assertArrayEquals(expected, trace.blocks().get(2).toDoubleArray(), 1e-12);
        }
    }

    @Test
    void networksOfABatchDoNotTouchEachOther() {
        Architecture architecture = Mlp.of(List.of(2, 5, 4, 3), new Layer.Gelu(), true);
        double[][] rows = Rows.random(architecture, 4, 0.7, new Seed(1));
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray inputs = manager.create(new double[] {0.3, -1, 2, 0.1, 0.4, 0.9}, new Shape(3, 2));
            FunctionalNetwork network = new FunctionalNetwork(architecture);
            NDArray together = network.forward(Rows.array(manager, rows), inputs);
            for (int i = 0; i < rows.length; i++) {
                double[] alone =
                        network.forward(Rows.array(manager, rows[i]), inputs).toDoubleArray();
                assertArrayEquals(alone, together.get(i).toDoubleArray(), 1e-12);
            }
        }
    }

    @Test
    void hiddenPermutationKeepsTheFunctionAndADecoupledOneBreaksIt() {
        Architecture architecture = Siren.of(List.of(2, 6, 5, 3), 2, 0);
        double[] row = Rows.random(architecture, 1, 0.5, new Seed(3))[0];
        NeuronPermutation permutation = NeuronPermutation.random(architecture, new Seed(4));
        double[] decoupled = row.clone(); // swaps two hidden biases and nothing else
        int bias = (int) architecture.parameters().get(1).offset();
        decoupled[bias] = row[bias + 1];
        decoupled[bias + 1] = row[bias];
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray inputs = manager.create(new double[] {0.3, -1, 2, 0.1}, new Shape(2, 2));
            FunctionalNetwork network = new FunctionalNetwork(architecture);
            double[] expected =
                    network.forward(Rows.array(manager, row), inputs).toDoubleArray();
            double[] permuted = network.forward(Rows.array(manager, permutation.apply(row)), inputs)
                    .toDoubleArray();
            double[] broken =
                    network.forward(Rows.array(manager, decoupled), inputs).toDoubleArray();
            assertTrue(Rows.relativeDifference(expected, permuted) < 1e-12);
            assertTrue(Rows.relativeDifference(expected, broken) > 1e-3);
        }
    }

    @Test
    void isDifferentiableInParametersAndInputs() {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray rows = Rows.array(manager, new double[] {0.1, 0.02, 3, -1});
            NDArray inputs = manager.create(new double[] {0.7}, new Shape(1, 1));
            rows.setRequiresGradient(true);
            inputs.setRequiresGradient(true);
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                collector.backward(
                        new FunctionalNetwork(TINY).forward(rows, inputs).sum());
            }
            double cos = 30 * Math.cos(2.7);
            assertArrayEquals(
                    new double[] {3 * cos * 0.7, 3 * cos, Math.sin(2.7), 1},
                    rows.getGradient().toDoubleArray(),
                    1e-9);
            assertArrayEquals(new double[] {3 * cos * 0.1}, inputs.getGradient().toDoubleArray(), 1e-9);
        }
    }

    @Test
    void refusesRowsAndInputsOfTheWrongWidth() {
        try (NDManager manager = NDManager.newBaseManager()) {
            FunctionalNetwork network = new FunctionalNetwork(TINY);
            NDArray rows = manager.zeros(new Shape(2, 4));
            String message = assertThrows(
                            IllegalArgumentException.class,
                            () -> network.forward(manager.zeros(new Shape(2, 5)), manager.zeros(new Shape(1, 1))))
                    .getMessage();
            assertEquals("rows of siren 1-1-1 are [n, 4], got (2, 5)", message);
            message = assertThrows(
                            IllegalArgumentException.class, () -> network.forward(rows, manager.zeros(new Shape(3, 2))))
                    .getMessage();
            assertTrue(message.contains("are [m, 1] or [2, m, 1], got (3, 2)"), message);
        }
    }

    @Test
    void splitAndJoinAreInverse() {
        Architecture architecture = Siren.of(List.of(2, 3, 1), 30, 0.5);
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray rows = Rows.array(manager, Rows.random(architecture, 2, 1, new Seed(5)));
            List<NDArray> tensors = ParameterRows.split(architecture, rows);
            assertEquals(new Shape(2, 3, 2), tensors.get(0).getShape());
            assertEquals(new Shape(2, 3), tensors.get(1).getShape());
            assertArrayEquals(
                    rows.toDoubleArray(),
                    ParameterRows.join(architecture, tensors).toDoubleArray());
        }
    }

    @Test
    void aSingleTensorSplitsAndJoins() {
        Architecture architecture = Mlp.of(List.of(2, 3), new Layer.Relu(), false);
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray rows = Rows.array(manager, Rows.random(architecture, 2, 1, new Seed(5)));
            List<NDArray> tensors = ParameterRows.split(architecture, rows);
            assertArrayEquals(
                    rows.toDoubleArray(),
                    ParameterRows.join(architecture, tensors).toDoubleArray());
        }
    }

    @Test
    void refusesTensorsOfOtherShapes() {
        try (NDManager manager = NDManager.newBaseManager()) {
            List<NDArray> tensors = ParameterRows.split(TINY, manager.zeros(new Shape(2, 4)));
            String message = assertThrows(
                            IllegalArgumentException.class, () -> ParameterRows.join(TINY, tensors.subList(0, 3)))
                    .getMessage();
            assertEquals("siren 1-1-1 has 4 tensors, got 3", message);
            List<NDArray> swapped = List.of(tensors.get(1), tensors.get(0), tensors.get(2), tensors.get(3));
            message = assertThrows(IllegalArgumentException.class, () -> ParameterRows.join(TINY, swapped))
                    .getMessage();
            assertEquals("'seq.0.weight': expected [n, *shape] with shape [1, 1], got (2, 1)", message);
        }
    }
}
