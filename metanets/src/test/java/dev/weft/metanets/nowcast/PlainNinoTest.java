package dev.weft.metanets.nowcast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.checkpoints.format.Safetensors;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.metanets.nowcast.wiring.ReferenceWiring;
import dev.weft.metanets.nowcast.wiring.RowLayout;
import dev.weft.metanets.nowcast.wiring.WiredGraph;
import dev.weft.metanets.task.AdamW;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The plain form has the reference's states layer by layer, and its loss, gradients and first step in training. */
class PlainNinoTest {

    private static final String WEIGHTS = "nino_no_posw.safetensors";
    private static final int EDGE_OUTPUTS = 360;

    @ParameterizedTest
    @ValueSource(strings = {"mlp_micro", "conv_bn_micro", "gpt2_micro"})
    void statesAreTheReferencesLayerByLayer(String name) throws IOException {
        JsonNode network = NinoFixtures.json("net_" + name);
        RowLayout layout = NinoFixtures.layout(network.get("parameters"));
        WiredGraph graph = ReferenceWiring.of(layout, NinoFixtures.heads(network, "heads"));
        try (NDManager manager = NDManager.newBaseManager();
                Safetensors net = NinoFixtures.open("net_" + name);
                Safetensors inter = NinoFixtures.open("inter_" + name + "_k16")) {
            Trajectory states = Trajectory.of(layout, NinoFixtures.rows(net.floats("states"), (int) layout.size()));
            PlainNino nino = PlainNino.load(manager, NinoFixtures.file(WEIGHTS));
            ForwardPass pass = new ForwardPass(new ParameterStore(manager, true), manager.getDevice(), false);
            NDArray source = manager.create(row(net.longs("graph.edge_index"), 0));
            NDArray target = manager.create(row(net.longs("graph.edge_index"), 1));
            NDArray e = nino.edges(
                    pass, inter.array(manager, "edge_attr_input"), manager.create(net.longs("graph.edge_type")));
            requireSame(inter, "edge_in", e);
            NDArray x = nino.apply(pass, "node_proj.fc.0", net.array(manager, "graph.pos"));
            requireSame(inter, "x_in", x);
            NDArray mean = listed(net, graph.nodes(), inter).meanMatrix(manager);
            for (int layer = 0; layer < 2; layer++) {
                NDArray m = nino.messages(pass, layer, e, x.get(source), x.get(target));
                x = nino.nodes(pass, layer, x, mean.matMul(m));
                requireSame(inter, "conv" + layer + "_preact", x);
                x = PlainNino.silu(x);
                e = nino.update(pass, layer, e, x.get(source), x.get(target));
                requireSame(inter, "edge_after_update" + layer, e);
            }
            requireSameForecast(nino, manager, graph, states, net, inter);
        }
    }

    private static long[] row(long[] ends, int row) {
        return Arrays.copyOfRange(ends, row * ends.length / 2, (row + 1) * ends.length / 2);
    }

    private static PlainEdges listed(Safetensors net, int nodes, Safetensors inter) throws IOException {
        long[] types = net.longs("graph.edge_type");
        float[][] features = NinoFixtures.rows(
                inter.floats("edge_attr_input"), inter.floats("edge_attr_input").length / types.length);
        long[] ends = net.longs("graph.edge_index");
        return new PlainEdges(nodes, row(ends, 0), row(ends, 1), types, features);
    }

    private static void requireSameForecast(
            PlainNino nino, NDManager manager, WiredGraph graph, Trajectory states, Safetensors net, Safetensors inter)
            throws IOException {
        ForecastSettings settings = ForecastSettings.horizon(16).withEncoding(net.floats("graph.pos"));
        float[] found = PlainForecast.of(nino, manager, graph, states, settings).row();
        float[] last = NinoFixtures.rows(net.floats("states"), found.length)[4];
        double error = NinoFixtures.relativeError(inter.floats("output"), found, last);
        assertTrue(error <= 1e-5, "output: " + error);
    }

    private static void requireSame(Safetensors file, String name, NDArray found) throws IOException {
        requireSame(file, name, found, 1e-5);
    }

    /** Compares by the norm of the difference, relative to the expected one's. */
    private static void requireSame(Safetensors file, String name, NDArray found, double tolerance) throws IOException {
        float[] expected = file.floats(name);
        double error = NinoFixtures.relativeError(expected, found.toFloatArray(), new float[expected.length]);
        assertTrue(error <= tolerance, name + ": " + error);
    }

    @Test
    void aTrainingStepIsTheReferences() throws IOException {
        Path weights = NinoFixtures.file(WEIGHTS);
        try (NDManager manager = NDManager.newBaseManager();
                Safetensors file = NinoFixtures.open("train_step")) {
            PlainNino nino = PlainNino.load(manager, weights);
            Batch batch = new Batch(manager, file);
            try (AdamW adam = new AdamW(manager, nino.namedParameters().values(), 1e-2, false)) {
                try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                    ForwardPass pass = new ForwardPass(new ParameterStore(manager, false), manager.getDevice(), true);
                    NDArray prediction = batch.last.add(nino.forward(pass, batch.ends, batch.features, batch.encoding));
                    requireSame(file, "prediction", prediction);
                    NDArray loss = prediction.sub(batch.y).abs().mul(batch.mask).sum();
                    assertEquals(file.floats("loss")[0], loss.getFloat(), 1e-5);
                    collector.backward(loss);
                }
                for (Map.Entry<String, Parameter> each : nino.namedParameters().entrySet()) {
                    if (each.getValue().requiresGradient()) {
                        NDArray gradient = each.getValue().getArray().getGradient();
                        requireSame(file, "grad." + each.getKey(), gradient, 1e-4);
                    }
                }
                assertEquals(file.floats("grad_norm_before_clip")[0], adam.step(3e-3, 5), 1e-5);
            }
            for (Map.Entry<String, Parameter> each : nino.namedParameters().entrySet()) {
                if (each.getValue().requiresGradient()) {
                    requireSame(
                            file, "after_step." + each.getKey(), each.getValue().getArray(), 1e-4);
                }
            }
        }
    }

    /** The three graphs as one; the mask is divided by the number of values that count. */
    private static final class Batch {
        final NDArray features;
        final NDArray encoding;
        final NDArray last;
        final NDArray y;
        final NDArray mask;
        final PlainNino.Ends ends;

        Batch(NDManager manager, Safetensors file) throws IOException {
            NDList features = new NDList();
            NDList encodings = new NDList();
            NDList targets = new NDList();
            NDList masks = new NDList();
            NDList sources = new NDList();
            NDList heads = new NDList();
            NDList types = new NDList();
            int nodes = 0;
            for (int g = 0; g < 3; g++) {
                String name = "g" + g + ".";
                features.add(file.array(manager, name + "edge_attr"));
                encodings.add(file.array(manager, name + "pos"));
                targets.add(file.array(manager, name + "y"));
                masks.add(file.array(manager, name + "y_mask").toType(DataType.FLOAT32, false));
                long[] ends = file.longs(name + "edge_index");
                sources.add(manager.create(row(ends, 0)).add(nodes));
                heads.add(manager.create(row(ends, 1)).add(nodes));
                types.add(manager.create(file.longs(name + "edge_type")));
                nodes += (int) encodings.get(g).getShape().get(0);
            }
            this.features = NDArrays.concat(features);
            encoding = NDArrays.concat(encodings);
            y = NDArrays.concat(targets);
            NDArray counted = NDArrays.concat(masks);
            mask = counted.div(counted.sum());
            long count = y.getShape().get(0);
            NDArray state = this.features.reshape(count, 9, 5).get(":, :, 4:"); // [e, 9, 1]
            last = state.broadcast(new Shape(count, 9, EDGE_OUTPUTS / 9)).reshape(count, EDGE_OUTPUTS);
            PlainEdges edges = new PlainEdges(
                    nodes,
                    NDArrays.concat(sources).toLongArray(),
                    NDArrays.concat(heads).toLongArray(),
                    NDArrays.concat(types).toLongArray(),
                    new float[(int) count][45]);
            ends = PlainNino.Ends.of(manager, edges);
        }
    }
}
