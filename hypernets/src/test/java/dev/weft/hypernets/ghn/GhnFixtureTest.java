package dev.weft.hypernets.ghn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.weft.graph.ComputationGraph;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.network.ParameterTensor;
import dev.weft.testing.Rows;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * With the reference's weights, GHN-1, GHN-2 and GHN-3 give the reference's node states, decoded values, tiled and final
 * parameters: 1e-5 of a tensor's largest value, in float32 and float64.
 */
class GhnFixtureTest {

    private static final double TOLERANCE = 1e-5;

    @ParameterizedTest
    @CsvSource({
        "ghn1_plain_cnn, 5, plain_cnn",
        "ghn1_branch_cnn, 5, branch_cnn",
        "ghn1_cell28, 5, cell28",
        "ghn1_vit_s11, 11, vit",
        "ghn1_meta, 5, plain_cnn cell28",
        "ghn2_plain_cnn, 5, plain_cnn",
        "ghn2_branch_cnn, 5, branch_cnn",
        "ghn2_cell28, 5, cell28",
        "ghn2_vit_s11, 11, vit",
        "ghn2_vit_s6_spatial_repeat, 6, vit",
        "ghn2_meta, 5, plain_cnn cell28",
        "ghn3_plain_cnn, 5, plain_cnn",
        "ghn3_branch_cnn, 5, branch_cnn",
        "ghn3_cell28, 5, cell28",
        "ghn3_vit_s11, 11, vit",
        "ghn3_vit_s5_bilinear, 5, vit",
        "ghn3_meta_largest_first, 5, cell28 plain_cnn",
    })
    void agreesWithTheReference(String name, int kernel, String networks) throws IOException {
        try (GhnFixture fixture = GhnFixture.open(name, kernel, networks.split(" "));
                NDManager manager = NDManager.newBaseManager()) {
            for (DataType type : List.of(DataType.FLOAT32, DataType.FLOAT64)) {
                Checks checks = new Checks(fixture, type);
                GraphHyperNetwork model = fixture.model(manager, fixture.config, type);
                states(fixture, model, checks, manager);
                decoded(fixture, unnormalized(fixture, manager, type), checks, manager);
                rows(fixture, unnormalized(fixture, manager, type), "tiled.", checks, manager);
                rows(fixture, model, "pred.", checks, manager);
            }
        }
    }

    /** The same weights, but tensors as they are before they are normalised. */
    private static GraphHyperNetwork unnormalized(GhnFixture fixture, NDManager manager, DataType type)
            throws IOException {
        GhnConfig config = fixture.config;
        return fixture.model(
                manager,
                new GhnConfig(
                        config.hidden(),
                        config.channels(),
                        config.kernel(),
                        config.classes(),
                        config.layerNorm(),
                        false,
                        config.propagation(),
                        config.decoder()),
                type);
    }

    private static void states(GhnFixture fixture, GraphHyperNetwork model, Checks checks, NDManager manager)
            throws IOException {
        ForwardPass pass = GhnFixture.pass(manager);
        NDArray features = model.features(
                pass,
                fixture.graphs.stream().flatMap(graph -> graph.nodes().stream()).toList());
        checks.equal("enc.h0", features);
        if (fixture.graphs.size() == 1) {
            checks.equal("gnn.out", model.encoder().forward(pass, features, fixture.graphs));
            inside(fixture.graphs.get(0), model, features, checks, pass);
        }
        String last = fixture.file.tensors().containsKey("final.embedding") ? "final.embedding" : "gnn.out";
        checks.begins(
                last,
                model.states(pass, fixture.graphs),
                fixture.graphs.get(0).nodes().size());
    }

    private static void inside(
            ComputationGraph graph, GraphHyperNetwork model, NDArray features, Checks checks, ForwardPass pass)
            throws IOException {
        if (model.encoder() instanceof GraphTransformer transformer) {
            checks.equal("gnn.layer0.input_with_centrality", transformer.placed(pass, features, graph));
            NDArray bias = transformer.pairBias(transformer.distanceBiases(pass), graph);
            checks.equal("gnn.edge_bias", bias.transpose(1, 2, 0));
        } else if (model.encoder() instanceof GatedGnn gated) {
            GatedGnn.Sweeps sweeps = gated.new Maps(pass).sweep(graph, GatedGnnTest.rows(features));
            checks.equal("gnn.forward_messages", heard(sweeps.forward()));
            checks.equal("gnn.forward_states", flat(sweeps.forward().states()));
            checks.equal("gnn.backward_messages", heard(sweeps.backward()));
        }
    }

    private static double[] heard(GatedSweep sweep) {
        double[][] rows = new double[sweep.states().length][];
        Arrays.setAll(rows, sweep::heard);
        return flat(rows);
    }

    private static double[] flat(double[][] rows) {
        return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    }

    private static void decoded(GhnFixture fixture, GraphHyperNetwork model, Checks checks, NDManager manager)
            throws IOException {
        DecodingPlan plan = DecodingPlan.of(fixture.config, fixture.graphs, true);
        ForwardPass pass = GhnFixture.pass(manager);
        NDArray states = model.states(pass, fixture.graphs);
        for (Map.Entry<DecodedShape, List<Integer>> group : plan.groups().entrySet()) {
            double[] values = Checks.doubles(model.decode(pass, states, group.getKey(), group.getValue()));
            for (DecodingPlan.Destination tensor : plan.tensors()) {
                if (tensor.shape().equals(group.getKey())) {
                    String name = "raw." + fixture.prefixes.get(tensor.graph())
                            + tensor.placement().tensor().name();
                    checks.decoded(name, tensor, values);
                }
            }
        }
    }

    private static void rows(GhnFixture fixture, GraphHyperNetwork model, String kind, Checks checks, NDManager manager)
            throws IOException {
        if (kind.equals("tiled.") && !fixture.config.normalized()) {
            return; // the same as the final ones
        }
        List<NDArray> rows = model.rows(GhnFixture.pass(manager), fixture.graphs);
        for (int g = 0; g < rows.size(); g++) {
            double[] row = Checks.doubles(rows.get(g));
            for (ParameterTensor tensor : tensors(fixture.graphs.get(g))) {
                String name = kind + fixture.prefixes.get(g) + tensor.name();
                checks.equal(name, Arrays.copyOfRange(row, (int) tensor.offset(), (int) tensor.end()));
            }
        }
    }

    private static List<ParameterTensor> tensors(ComputationGraph graph) {
        return graph.nodes().stream().flatMap(node -> node.tensors().stream()).toList();
    }

    private record Checks(GhnFixture fixture, DataType type) {

        static double[] doubles(NDArray array) {
            return array.toType(DataType.FLOAT64, false).toDoubleArray();
        }

        private double[] truth(String name) throws IOException {
            boolean wide = type == DataType.FLOAT64 && fixture.file.tensors().containsKey("f64." + name);
            return fixture.file.doubles(wide ? "f64." + name : name);
        }

        void equal(String name, NDArray found) throws IOException {
            equal(name, doubles(found));
        }

        void equal(String name, double[] found) throws IOException {
            compare(name, truth(name), found);
        }

        /** Of several graphs the reference's padding makes rows incomparable but for the first, largest one. */
        void begins(String name, NDArray found, int nodes) throws IOException {
            int values = nodes * fixture.config.hidden();
            compare(name, Arrays.copyOf(truth(name), values), Arrays.copyOf(doubles(found), values));
        }

        /** Compares what a tensor is made of; the reference decodes more output channels than are needed. */
        void decoded(String name, DecodingPlan.Destination tensor, double[] values) throws IOException {
            double[] expected = truth(name); // [out, in, height, width], [K, in] or [M]
            List<Long> kept = fixture.file.tensor(name).shape();
            DecodedShape shape = tensor.shape();
            int base = tensor.member() * shape.size() + tensor.placement().start();
            int taps = shape.height() * shape.width();
            int keptWidth = kept.size() == 4 ? Math.toIntExact(kept.get(3)) : 1;
            int keptTaps = kept.size() == 4 ? Math.toIntExact(kept.get(2)) * keptWidth : 1;
            int in = shape.kind() == DecodedShape.Kind.VECTOR ? 1 : shape.in();
            int channels = in
                    * Math.min(
                            expected.length / (in * keptTaps),
                            tensor.placement().distinct());
            double[] theirs = new double[channels * taps];
            double[] ours = new double[theirs.length];
            for (int i = 0; i < ours.length; i++) {
                int tap = i % taps;
                int channel = i / taps; // o * in + i
                int keptTap = tap / shape.width() * keptWidth + tap % shape.width();
                theirs[i] = expected[channel * keptTaps + keptTap];
                ours[i] = values[base + tap * shape.out() * in + channel];
            }
            compare(name, theirs, ours);
        }

        private void compare(String name, double[] expected, double[] found) {
            assertEquals(expected.length, found.length, name);
            double difference = Rows.relativeDifference(expected, found);
            assertTrue(
                    difference <= TOLERANCE,
                    () -> type + " " + name + " differs by " + difference + " of its largest value");
        }
    }
}
