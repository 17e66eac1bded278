package dev.weft.hypernets.ghn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.weft.graph.ComputationGraph;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.network.Architecture;
import dev.weft.network.Convolution;
import dev.weft.network.Input;
import dev.weft.network.Layer;
import dev.weft.network.Norm;
import dev.weft.network.Reshaping;
import dev.weft.network.Seed;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NodeByNodeTrainingTest {

    /** A chain of so many convolutions, wider than the decoder if {@code width} is above 4. */
    private static Architecture network(int convolutions, int width) {
        Architecture.Builder builder = Architecture.builder("test", new Input.Image(1, 4, 4));
        for (int i = 0; i < convolutions; i++) {
            builder.add("conv" + i, Convolution.square(i == 0 ? 1 : width, width, 3, 1, 1, false))
                    .add("bn" + i, new Norm.BatchNorm(width, 1e-5, true, false))
                    .add("relu" + i, new Layer.Relu());
        }
        return builder.add("flat", new Reshaping.Flatten())
                .add("fc", new Layer.Linear(16 * width, 2, true))
                .build();
    }

    static Stream<GhnConfig> models() {
        return Stream.of(
                GhnConfig.ghn1(8, 4, 3, 2),
                GhnConfig.ghn2(8, 4, 3, 2),
                GhnConfig.ghn3(8, 4, 3, 2, 2, 2),
                GhnConfig.nodes(8, 4, 3, 2));
    }

    @ParameterizedTest
    @MethodSource("models")
    void lossesAndGradientsAreThoseOfTheFastForm(GhnConfig config) {
        List<Architecture> networks = List.of(network(1, 3), network(4, 6));
        List<ComputationGraph> graphs =
                networks.stream().map(ComputationGraph::of).toList();
        MetaBatch batch = new MetaBatch(networks, graphs);
        try (NDManager manager = NDManager.newBaseManager()) {
            GraphHyperNetwork model = new GraphHyperNetwork(config, new Seed(1));
            model.initialize(manager, DataType.FLOAT32);
            model.namedParameters().values().forEach(each -> each.getArray().setRequiresGradient(true));
            Step fast = step(manager, model, batch, pass -> model.rows(pass, graphs));
            Step plain = step(manager, model, batch, pass -> NodeByNodeTraining.rows(model, pass, graphs));
            assertArrayEquals(plain.losses, fast.losses, 1e-5);
            assertEquals(plain.gradients.keySet(), fast.gradients.keySet());
            plain.gradients.forEach((name, gradient) -> {
                float most = 1;
                for (float value : gradient) {
                    most = Math.max(most, Math.abs(value));
                }
                assertArrayEquals(gradient, fast.gradients.getOrDefault(name, new float[0]), 1e-5f * most, name);
            });
        }
    }

    private record Step(double[] losses, Map<String, float[]> gradients) {}

    private static Step step(
            NDManager manager, GraphHyperNetwork model, MetaBatch batch, Function<ForwardPass, List<NDArray>> writer) {
        double[] pixels = new Seed(2).random().doubles(6 * 16, -1, 1).toArray();
        NDArray images = manager.create(pixels, new Shape(6, 1, 4, 4)).toType(DataType.FLOAT32, false);
        double[] losses = batch.accumulate(writer, images, new int[] {0, 1, 1, 0, 1, 0}, 0)
                .crossEntropies();
        Map<String, float[]> gradients = new LinkedHashMap<>();
        model.namedParameters().forEach((name, parameter) -> {
            NDArray gradient = parameter.getArray().getGradient();
            gradients.put(name, gradient.toFloatArray());
            gradient.subi(gradient); // the next step starts from nothing
        });
        return new Step(losses, gradients);
    }
}
