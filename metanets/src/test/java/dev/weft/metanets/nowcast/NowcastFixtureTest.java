package dev.weft.metanets.nowcast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.checkpoints.format.Safetensors;
import dev.weft.metanets.nowcast.wiring.ReferenceWiring;
import dev.weft.metanets.nowcast.wiring.RowLayout;
import dev.weft.metanets.nowcast.wiring.RowTensor;
import dev.weft.metanets.nowcast.wiring.WiredGraph;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With the released weights forecasts are the reference's: 1e-5 of the displacement's norm. */
class NowcastFixtureTest {

    private static final double TOLERANCE = 1e-5;

    @ParameterizedTest
    @ValueSource(strings = {"mlp", "mlp_micro", "conv_fm16", "conv_bn_micro", "gpt2_tiny", "gpt2_micro", "llama_gqa"})
    void forecastsAreTheReferences(String name) throws IOException {
        Case given = new Case(name);
        for (String weights : new String[] {"nino_no_posw", "nino_mlp", "nino_mlp_h32"}) {
            NowcastModel model = NowcastModel.load(NinoFixtures.file(weights + ".safetensors"));
            for (int k : new int[] {1, 5, 16, 40}) {
                ForecastSettings settings = ForecastSettings.horizon(k).withEncoding(given.encoding);
                given.requireSame(weights + ".k" + k, model, settings);
            }
        }
        NowcastModel nino = NowcastModel.load(NinoFixtures.file("nino_no_posw.safetensors"));
        given.requireSame("nino_no_posw.k40.zero_pos", nino, ForecastSettings.horizon(40));
        given.requireSame(
                "nino_no_posw.k16.upd_scale2.5",
                nino,
                ForecastSettings.horizon(16).withEncoding(given.encoding).withUpdateScale(2.5f));
    }

    /** The reference's way to forecast large networks: block by block, each a graph of its own, scaled as in the whole. */
    @Test
    void piecesOfANetworkAreForecastAsTheReferences() throws IOException {
        RowLayout whole = NinoFixtures.layout(NinoFixtures.json("net_gpt2_tiny").get("parameters"));
        NowcastModel nino = NowcastModel.load(NinoFixtures.file("nino_no_posw.safetensors"));
        try (Safetensors net = NinoFixtures.open("net_gpt2_tiny");
                Safetensors mode = NinoFixtures.open("mode_subgraph_gpt2_tiny");
                NDManager manager = NDManager.newBaseManager()) {
            float[][] rows = NinoFixtures.rows(net.floats("states"), (int) whole.size());
            for (int k : new int[] {1, 16, 40}) {
                float[] found = new float[(int) whole.size()];
                int offset = 0;
                for (int piece = 0; piece < 2; piece++) {
                    boolean second = piece == 1;
                    Map<String, List<Integer>> shapes = new LinkedHashMap<>();
                    whole.tensors().stream()
                            .filter(tensor -> second == tensor.name().matches(".*(h\\.1|ln_f)\\..*"))
                            .forEach(tensor -> shapes.put(tensor.name(), tensor.shape()));
                    RowLayout layout = new RowLayout(shapes);
                    int size = (int) layout.size();
                    float[][] own = new float[Trajectory.STATES][];
                    for (int t = 0; t < own.length; t++) {
                        own[t] = Arrays.copyOfRange(rows[t], offset, offset + size);
                    }
                    ForecastSettings settings =
                            ForecastSettings.horizon(k).withEncoding(mode.floats("subgraph" + piece + ".pos"));
                    WiredGraph graph = ReferenceWiring.of(layout, OptionalInt.of(4));
                    float[] forecast = nino.forecast(manager, graph, Trajectory.of(layout, own), settings)
                            .row();
                    System.arraycopy(forecast, 0, found, offset, size);
                    offset += size;
                }
                double error = NinoFixtures.relativeError(mode.floats("nino_no_posw.k" + k), found, rows[4]);
                assertTrue(error <= TOLERANCE, "k = " + k + ": " + error);
            }
        }
    }

    /** A network with its states. */
    private static final class Case {
        private final String name;
        private final WiredGraph graph;
        private final float[][] rows;
        private final Trajectory states;
        private final float[] encoding;

        Case(String name) throws IOException {
            this.name = name;
            JsonNode network = NinoFixtures.json("net_" + name);
            RowLayout layout = NinoFixtures.layout(network.get("parameters"));
            graph = ReferenceWiring.of(layout, NinoFixtures.heads(network, "heads"));
            try (Safetensors file = NinoFixtures.open("net_" + name)) {
                rows = NinoFixtures.rows(file.floats("states"), (int) layout.size());
                encoding = file.floats("graph.pos");
                states = Trajectory.of(layout, rows);
                requireScaling(file);
            }
        }

        private void requireScaling(Safetensors file) throws IOException {
            StateScaling scaling = StateScaling.of(states);
            float[] mean = file.floats("scale.mean");
            float[] deviation = file.floats("scale.std");
            for (RowTensor tensor : graph.layout().tensors()) {
                int i = tensor.index();
                assertEquals(mean[i], scaling.mean(tensor), 1e-6 * (deviation[i] + Math.abs(mean[i])), tensor.name());
                assertEquals(deviation[i], scaling.deviation(tensor), 2e-6 * deviation[i], tensor.name());
            }
        }

        void requireSame(String output, NowcastModel model, ForecastSettings settings) throws IOException {
            try (Safetensors file = NinoFixtures.open("net_" + name);
                    NDManager manager = NDManager.newBaseManager()) {
                float[] expected = file.floats(output);
                float[] found = model.forecast(manager, graph, states, settings).row();
                double error = NinoFixtures.relativeError(expected, found, rows[4]);
                assertTrue(error <= TOLERANCE, name + ", " + output + ": " + error);
            }
        }
    }
}
