package dev.weft.metanets.nowcast;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.checkpoints.format.Safetensors;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.metanets.nowcast.wiring.ReferenceWiring;
import dev.weft.metanets.nowcast.wiring.RowLayout;
import dev.weft.metanets.nowcast.wiring.WiredGraph;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The plain form has the reference's states layer by layer. */
class PlainNinoTest {

    private static final String WEIGHTS = "nino_no_posw.safetensors";

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
        float[] expected = file.floats(name);
        double error = NinoFixtures.relativeError(expected, found.toFloatArray(), new float[expected.length]);
        assertTrue(error <= 1e-5, name + ": " + error);
    }
}
