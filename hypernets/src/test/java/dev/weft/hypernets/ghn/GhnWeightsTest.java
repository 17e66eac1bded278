package dev.weft.hypernets.ghn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import dev.weft.checkpoints.format.SafetensorsWriter;
import dev.weft.checkpoints.format.TensorFormat;
import dev.weft.graph.ComputationGraph;
import dev.weft.network.Architecture;
import dev.weft.network.FormatException;
import dev.weft.network.Seed;
import dev.weft.network.family.Families;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GhnWeightsTest {

    @TempDir
    private Path folder;

    private static GraphHyperNetwork model(NDManager manager, GhnConfig config) {
        GraphHyperNetwork model = new GraphHyperNetwork(config, new Seed(5));
        model.initialize(manager, DataType.FLOAT32);
        return model;
    }

    /** Names and shapes as the reference's files have them. */
    private static SafetensorsWriter asPublished(GraphHyperNetwork model, boolean convolutions, String prefix) {
        return add(new SafetensorsWriter(), model, convolutions, prefix, "nothing");
    }

    private static SafetensorsWriter add(
            SafetensorsWriter writer, GraphHyperNetwork model, boolean convolutions, String prefix, String except) {
        for (Map.Entry<String, Parameter> entry : model.namedParameters().entrySet()) {
            String name =
                    entry.getKey().replace("gnn.0.centrality", "centrality").replace("gnn.0.input_dist", "input_dist");
            long[] shape = entry.getValue().getShape().getShape();
            if (name.equals(except)) {
                continue;
            }
            boolean pixel = name.startsWith("decoder.c") && shape.length == 2 && convolutions;
            writer.add(
                    prefix + name,
                    pixel ? new long[] {shape[0], shape[1], 1, 1} : shape,
                    entry.getValue().getArray().toFloatArray());
        }
        return writer;
    }

    @Test
    void sizesFollowFromTheShapes() throws IOException {
        Architecture network = Families.named("resnet18").small().get();
        for (GhnConfig config : List.of(
                GhnConfig.ghn1(8, 6, 5, 3),
                GhnConfig.ghn2(8, 6, 5, 3),
                GhnConfig.nodes(8, 6, 5, 3),
                GhnConfig.ghn3(8, 6, 5, 3, 3, 2))) {
            try (NDManager manager = NDManager.newBaseManager()) {
                GraphHyperNetwork model = model(manager, config);
                Path file = folder.resolve("ghn.safetensors");
                asPublished(model, !config.centred(), "state_dict.").write(file);
                Path torch = folder.resolve("ghn.pt");
                TensorFormat.named("pytorch").orElseThrow().write(asPublished(model, true, ""), torch);
                for (Path path : List.of(file, torch)) {
                    GraphHyperNetwork loaded = GhnWeights.load(path, manager);
                    assertEquals(config, loaded.config());
                    float[] expected = new float[(int) network.parameterCount()];
                    float[] found = new float[expected.length];
                    model.predict(manager, ComputationGraph.of(network), true, expected);
                    loaded.predict(manager, ComputationGraph.of(network), true, found);
                    assertArrayEquals(expected, found);
                }
            }
        }
    }

    @Test
    void otherFilesAreRefused() throws IOException {
        try (NDManager manager = NDManager.newBaseManager()) {
            Path other = folder.resolve("other.safetensors");
            new SafetensorsWriter().add("weight", List.of(2L), new float[2]).write(other);
            FormatException none = assertThrows(FormatException.class, () -> GhnWeights.load(other, manager));
            assertTrue(none.getMessage().contains("no graph hypernetwork: expected a tensor"), none.getMessage());
            Path file = folder.resolve("ghn.safetensors");
            SafetensorsWriter writer = new SafetensorsWriter().add("ln.bias", List.of(7L), new float[7]);
            add(writer, model(manager, GhnConfig.ghn2(8, 6, 5, 3)), false, "", "ln.bias")
                    .write(file);
            FormatException wrong = assertThrows(FormatException.class, () -> GhnWeights.load(file, manager));
            assertTrue(
                    wrong.getMessage().endsWith("tensor 'ln.bias': expected shape [8], found [7]"), wrong.getMessage());
        }
    }

    @Test
    void theFastFormIsThePlainOne() {
        for (String family : List.of("resnet50", "vit-b16")) {
            Architecture network = Families.named(family).small().get();
            try (NDManager manager = NDManager.newBaseManager()) {
                GraphHyperNetwork model = model(manager, GhnConfig.ghn3(8, 6, 5, 3, 2, 2));
                float[] fast = new float[(int) network.parameterCount()];
                float[] plain = new float[fast.length];
                model.predict(manager, ComputationGraph.of(network), true, fast);
                NodeByNodePrediction.predict(model, manager, ComputationGraph.of(network), plain);
                assertArrayEquals(plain, fast, 1e-5f);
            }
        }
    }
}
