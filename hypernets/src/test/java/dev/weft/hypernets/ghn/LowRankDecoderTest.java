package dev.weft.hypernets.ghn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
import dev.weft.graph.ComputationGraph;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.metanets.task.StrictJson;
import dev.weft.network.Architecture;
import dev.weft.network.Convolution;
import dev.weft.network.Input;
import dev.weft.network.Layer;
import dev.weft.network.Norm;
import dev.weft.network.Pooling;
import dev.weft.network.Seed;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LowRankDecoderTest {

    private static final int D = 8;
    private static final int R = 3;
    private static final int K = 60;

    private static final GhnConfig CONFIG = GhnConfig.ghn3(D, 8, 3, 3, 1, 2).withDecoder(new Decoding.LowRank(R, K));

    /** Wider than M = 8; 22 channels of 3 x 3 taps are more than K = 60 and repeat. */
    private static final Architecture NETWORK = Architecture.builder("test", new Input.Image(3, 8, 8))
            .add("conv", Convolution.square(3, 20, 3, 1, 1, false))
            .add("bn", new Norm.BatchNorm(20, 1e-5, true, false))
            .add("relu", new Layer.Relu())
            .add("next", Convolution.square(20, 22, 3, 1, 1, true))
            .add("pool", new Pooling.GlobalAvgPool())
            .add("fc", new Layer.Linear(22, 3, true))
            .build();

    private static GraphHyperNetwork model(NDManager manager) {
        GraphHyperNetwork model = new GraphHyperNetwork(CONFIG, new Seed(1));
        model.initialize(manager, DataType.FLOAT32);
        return model;
    }

    /**
     * The decoder's count: 4 d (d + 1) + 8 d (4 d + 1) + 2 r^2 (8 d + 1) + K (r + 1). With the encoders and vectors of GHN-3
     * it is within 6 % of the published totals, 2.5, 21.4 and 289.4 million, at ranks that were chosen to
     * fit these; class layers and the encoders may differ from the authors'.
     */
    @ParameterizedTest
    @CsvSource({
        "64, 3, 8, 32, 2.5e6, 0.06",
        "128, 5, 16, 90, 21.4e6, 0.06",
        "256, 12, 16, 256, 289.4e6, 0.06",
    })
    void countsFollowTheFormulaAndComeNearThePublishedOnes(
            int d, int layers, int heads, int r, double published, double tolerance) {
        int widest = 2048 * 16;
        GhnConfig tiled = GhnConfig.ghn3(d, d, 16, 1000, layers, heads);
        long count =
                new GraphHyperNetwork(tiled.withDecoder(new Decoding.LowRank(r, widest)), new Seed(0)).parameterCount();
        long s = 16L * 16;
        long m = d;
        long tiledDecoder = 4 * d * s * (d + 1) + 8L * d * (4L * d + 1) + m * m * (8L * d + 1) + 1000 * (m + 1);
        long lowRank = 4L * d * (d + 1) + 8L * d * (4L * d + 1) + 2L * r * r * (8L * d + 1) + (long) widest * (r + 1);
        assertEquals(new GraphHyperNetwork(tiled, new Seed(0)).parameterCount() - tiledDecoder + lowRank, count);
        assertEquals(published, count, tolerance * published);
    }

    /** w[o, i, y, x] = sum over r of A'[r, o h + y] B[r, i w + x], with A' and B from plain loops. */
    @Test
    void weightsAreTheExplicitProduct() {
        try (NDManager manager = NDManager.newBaseManager()) {
            LowRankDecoder decoder = new LowRankDecoder(CONFIG, new Decoding.LowRank(R, K), new Seed(2));
            decoder.initialize(manager, DataType.FLOAT32);
            NDArray states = manager.create(new float[] {1, -2, 0.5f, 0, 3, 1, -1, 2}, new Shape(1, D));
            ForwardPass pass = new ForwardPass(new ParameterStore(manager, false), manager.getDevice(), false);
            float[] decoded = decoder.weights(pass, states, 4, 5, 2, 3).toFloatArray(); // [1, 2 * 3, 4 * 5]
            Map<String, float[]> values = decoder.namedParameters().entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey,
                            entry -> entry.getValue().getArray().toFloatArray()));
            double[] hidden = relu(affine(values, "fc.0", new double[] {1, -2, 0.5, 0, 3, 1, -1, 2}));
            double[] squares = affine(values, "fc.4", relu(affine(values, "fc.2", hidden)));
            double[][] sides = new double[2 * R][];
            for (int row = 0; row < 2 * R; row++) {
                double[] part = new double[R];
                System.arraycopy(squares, row * R, part, 0, R);
                sides[row] = affine(values, "sides", part);
            }
            float[] expected = new float[decoded.length];
            for (int i = 0; i < expected.length; i++) {
                int tap = i / 20;
                for (int r = 0; r < R; r++) {
                    expected[i] += (float) (sides[r][i % 20 / 5 * 2 + tap / 3] * sides[R + r][i % 5 * 3 + tap % 3]);
                }
            }
            assertArrayEquals(expected, decoded, 1e-5f);
        }
    }

    private static double[] affine(Map<String, float[]> values, String name, double[] x) {
        float[] weight = values.getOrDefault(name + ".weight", new float[0]);
        float[] bias = values.getOrDefault(name + ".bias", new float[0]);
        double[] y = new double[bias.length];
        for (int o = 0; o < y.length; o++) {
            y[o] = bias[o];
            for (int i = 0; i < x.length; i++) {
                y[o] += weight[o * x.length + i] * x[i];
            }
        }
        return y;
    }

    private static double[] relu(double[] x) {
        for (int i = 0; i < x.length; i++) {
            x[i] = Math.max(0, x[i]);
        }
        return x;
    }

    @Test
    void onlyLayersWiderThanTheProductRepeat() {
        try (NDManager manager = NDManager.newBaseManager()) {
            GraphHyperNetwork model = model(manager);
            float[] row = new float[(int) NETWORK.parameterCount()];
            ComputationGraph graph = ComputationGraph.of(NETWORK);
            GraphHyperNetwork.Written written = model.predict(manager, graph, true, row);
            assertEquals(List.of("bn.weight", "bn.bias", "next.weight", "next.bias"), written.tiled());
            assertArrayEquals(
                    model.rows(GhnFixture.pass(manager), List.of(graph)).get(0).toFloatArray(), row, 1e-6f);
        }
    }

    @Test
    void gradientsReachEveryPartOfTheDecoder() {
        try (NDManager manager = NDManager.newBaseManager()) {
            GraphHyperNetwork model = model(manager);
            model.namedParameters().values().forEach(each -> each.getArray().setRequiresGradient(true));
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                NDArray row = model.rows(GhnFixture.pass(manager), List.of(ComputationGraph.of(NETWORK)))
                        .get(0);
                collector.backward(row.square().sum());
            }
            model.namedParameters().forEach((name, parameter) -> {
                if (name.startsWith("decoder.")) {
                    float largest =
                            parameter.getArray().getGradient().abs().max().getFloat();
                    assertTrue(largest > 0 && Float.isFinite(largest), name);
                }
            });
        }
    }

    @Test
    void itIsPartOfARunsConfiguration() throws IOException {
        String text = StrictJson.text(CONFIG);
        assertTrue(text.contains("\"low-rank\""), text);
        assertEquals(CONFIG, StrictJson.bind("config", StrictJson.parse("config", text), GhnConfig.class));
        assertThrows(IllegalArgumentException.class, () -> new Decoding.LowRank(0, 5));
        assertThrows(
                IllegalArgumentException.class,
                () -> GhnConfig.ghn3(8, 8, 3, 70, 1, 2).withDecoder(new Decoding.LowRank(R, K)));
    }
}
