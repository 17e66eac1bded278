package dev.weft.network.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JoinedTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void gradientsFlowToEachPart(int count) {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            NDList parts = new NDList();
            for (int i = 0; i < count; i++) {
                NDArray part = manager.create(new float[] {i, i + 1});
                part.setRequiresGradient(true);
                parts.add(part);
            }
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                collector.backward(Joined.of(parts, 0).square().sum());
            }
            for (int i = 0; i < count; i++) {
                assertArrayEquals(
                        new float[] {2 * i, 2 * (i + 1)},
                        parts.get(i).getGradient().toFloatArray());
            }
        }
    }
}
