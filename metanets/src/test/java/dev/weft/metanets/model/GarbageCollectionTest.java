package dev.weft.metanets.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.metanets.nn.NodeNorm;
import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import dev.weft.network.Siren;
import dev.weft.testing.Rows;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Plain numbers in differentiable expressions live in memory that Java lets go before the gradient has read it. Here it
 * is collected and overwritten between the forward and the backward pass: the gradient must not change.
 */
class GarbageCollectionTest {

    private static final Architecture SIREN = Siren.of(List.of(2, 4, 3, 1), 3, 0.5);

    static Stream<MetanetConfig> configs() {
        List<MetanetConfig> configs = new ArrayList<>(
                List.of(new FlatMlp.Config(5, 2, 0), new StatNn.Config(5, 2, 0), new ProbeGen.Config(3, 4, 5, 2, 0)));
        for (NodeNorm.Over norm : NodeNorm.Over.values()) {
            configs.add(new NgGnn.Config(4, 2, 3, 0.3, true, 0, norm, false, 1, 0));
            configs.add(new NgGnn.Config(4, 2, 3, 0.3, true, 2, norm, true, 1, 0));
        }
        return configs.stream();
    }

    @ParameterizedTest
    @MethodSource("configs")
    void gradientsSurviveACollectionBehindTheForwardPass(MetanetConfig config) {
        same(config, DataType.FLOAT64);
    }

    @Test
    void soDoThoseMadeByHand() {
        same(new NgGnn.Config(4, 3, 3, 0.3, true, 0, NodeNorm.Over.NODE, false, 1, 0), DataType.FLOAT32);
    }

    private static void same(MetanetConfig config, DataType type) {
        Map<String, double[]> undisturbed = gradients(config, type, () -> {});
        Map<String, double[]> disturbed = gradients(config, type, GarbageCollectionTest::overwriteFreedMemory);
        assertTrue(undisturbed.size() > 2, undisturbed.keySet().toString());
        undisturbed.forEach((name, values) -> assertArrayEquals(values, disturbed.get(name), name));
    }

    private static Map<String, double[]> gradients(MetanetConfig config, DataType type, Runnable disturbance) {
        int tensors = SIREN.parameters().size();
        Normalization normalization =
                new Normalization(Collections.nCopies(tensors, 0.1), Collections.nCopies(tensors, 0.7));
        Map<String, double[]> gradients = new LinkedHashMap<>();
        try (NDManager manager = NDManager.newBaseManager()) {
            Metanet model = TestMetanets.initialized(manager, config.build(SIREN, normalization, 2, new Seed(1)), type);
            model.namedParameters().values().stream()
                    .filter(parameter -> parameter.requiresGradient())
                    .forEach(parameter -> parameter.getArray().setRequiresGradient(true));
            NDArray rows =
                    Rows.array(manager, Rows.random(SIREN, 3, 0.8, new Seed(2))).toType(type, true);
            rows.setRequiresGradient(type == DataType.FLOAT64); // by hand they only reach the parameters
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                ForwardPass pass = ForwardPass.recording(new ParameterStore(manager, false), Device.cpu());
                NDArray loss = model.forward(pass, rows).square().sum();
                disturbance.run();
                pass.backward(collector, loss);
            }
            if (type == DataType.FLOAT64) {
                gradients.put("rows", doubles(rows.getGradient()));
            }
            model.namedParameters().forEach((name, parameter) -> {
                if (parameter.requiresGradient()) {
                    gradients.put(name, doubles(parameter.getArray().getGradient()));
                }
            });
        }
        return gradients;
    }

    private static double[] doubles(NDArray array) {
        return array.toType(DataType.FLOAT64, true).toDoubleArray();
    }

    /** Frees what Java no longer refers to and fills direct memory of a scalar's size. */
    private static void overwriteFreedMemory() {
        System.gc();
        List<ByteBuffer> buffers = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            buffers.add(ByteBuffer.allocateDirect(Double.BYTES).putLong(0, -1));
        }
        assertEquals(20_000, buffers.size());
    }
}
