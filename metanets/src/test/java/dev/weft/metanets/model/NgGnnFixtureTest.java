package dev.weft.metanets.model;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.GradientCollector;
import dev.weft.checkpoints.format.Safetensors;
import dev.weft.metanets.nn.EdgeState;
import dev.weft.metanets.nn.NodeNorm;
import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import dev.weft.network.Siren;
import dev.weft.testing.Fixtures;
import dev.weft.testing.Rows;
import java.io.IOException;
import java.nio.DoubleBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * With the reference's weights NG-GNN gives the reference's states, outputs and gradients: 2e-5 of a tensor's largest
 * value in float32, 1e-4 for gradients.
 */
class NgGnnFixtureTest {

    private static final Normalization MNIST = new Normalization(
            List.of(
                    -4.215954686515033e-05,
                    5.419965418695938e-06,
                    -7.55547659991862e-07,
                    3.7173406326473923e-06,
                    7.886120874900371e-05,
                    -0.01239530649036169),
            List.of(
                    0.06281130015850067,
                    0.021334609016776085,
                    0.018268151208758354,
                    0.011004417203366756,
                    0.11791174858808517,
                    0.09989194571971893));

    @Test
    void referenceNormWithoutProbes() throws IOException {
        new Case("nggnn_cls_noprobe", List.of(2, 32, 32, 1), 32, 10, true, 0, NodeNorm.Over.BATCH).check();
    }

    @Test
    void referenceNormWithProbes() throws IOException {
        new Case("nggnn_cls_probe16", List.of(2, 32, 32, 1), 32, 10, true, 16, NodeNorm.Over.BATCH).check();
    }

    @Test
    void normPerNodeWithoutProbes() throws IOException {
        new Case("nggnn_cls_nodenorm", List.of(2, 32, 32, 1), 32, 10, true, 0, NodeNorm.Over.NODE).check();
    }

    @Test
    void referenceNormWithGradients() throws IOException {
        new Case("nggnn_cls_small", List.of(2, 5, 4, 1), 8, 3, true, 0, NodeNorm.Over.BATCH).check();
    }

    @Test
    void normPerNodeWithProbesForwardEdgesAndGradients() throws IOException {
        new Case("nggnn_cls_small_nodenorm_probe4_fwdonly", List.of(2, 5, 5, 1), 8, 3, false, 4, NodeNorm.Over.NODE)
                .check();
    }

    private record Case(
            String name,
            List<Integer> widths,
            int hidden,
            int outputs,
            boolean reverse,
            int probes,
            NodeNorm.Over norm) {

        void check() throws IOException {
            Path file = Fixtures.file("neural-graphs/" + name + ".safetensors");
            Path weights = Fixtures.file("neural-graphs/" + weightsOf(name) + ".safetensors");
            try (Safetensors fixture = Safetensors.open(file);
                    Safetensors given = Safetensors.open(weights);
                    NDManager manager = NDManager.newBaseManager()) {
                for (DataType type : List.of(DataType.FLOAT32, DataType.FLOAT64)) {
                    compare(fixture, given, manager, type);
                }
            }
        }

        private void compare(Safetensors fixture, Safetensors given, NDManager manager, DataType type)
                throws IOException {
            Architecture architecture = Siren.of(widths, 30, 0.5);
            NgGnn.Config config = new NgGnn.Config(hidden, 4, 128, 3, reverse, probes, norm, false, 1, 0.2);
            NgGnn model =
                    TestMetanets.initialized(manager, config.build(architecture, MNIST, outputs, new Seed(0)), type);
            load(given, model);
            NDArray rows = rows(given, manager).toType(type, false);
            rows.setRequiresGradient(true);
            Checks checks = new Checks(fixture, type);
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                NgGnn.Trace trace = model.trace(TestMetanets.pass(manager, false), rows);
                checks.output("output", trace.output());
                for (int i = 0; i <= 3; i++) {
                    checks.output(
                            i == 0 ? "enc.node" : "layer." + (i - 1) + ".node",
                            trace.nodes().get(i));
                    edges(
                            checks,
                            i == 0 ? "enc.edge" : "layer." + (i - 1) + ".edge",
                            trace.edges().get(i),
                            manager);
                }
                checks.output("layer.3.conv", trace.nodes().get(4));
                if (fixture.tensors().containsKey("loss")) {
                    NDArray cotangent = fixture.array(manager, "loss.cotangent").toType(type, false);
                    collector.backward(trace.output().mul(cotangent).sum());
                    checks.gradient(
                            rows.getGradient().toType(DataType.FLOAT64, false).toDoubleArray(), architecture);
                }
            }
        }

        /** One file has no weights and inputs of its own, but those of another. */
        private static String weightsOf(String name) {
            return name.equals("nggnn_cls_nodenorm") ? "nggnn_cls_noprobe" : name;
        }

        private void edges(Checks checks, String tensor, EdgeState state, NDManager manager) throws IOException {
            NDList list = new NDList();
            for (NDArray block : state.values(TestMetanets.pass(manager, false))) { // [b, t, s, d]
                list.add(block.flatten(1, 2));
            }
            checks.edges(tensor, NDArrays.concat(list, 1), this);
        }

        /** The reference lists edges source-major, we list them target-major: our position of its edge. */
        private int position(int edge) {
            int forward = 0;
            for (int l = 1; l < widths.size(); l++) {
                forward += widths.get(l - 1) * widths.get(l);
            }
            int base = edge / forward * forward;
            int rest = edge % forward;
            int l = 1;
            for (; rest >= widths.get(l - 1) * widths.get(l); l++) {
                int block = widths.get(l - 1) * widths.get(l);
                base += block;
                rest -= block;
            }
            int s = rest / widths.get(l);
            int t = rest % widths.get(l);
            return base + t * widths.get(l - 1) + s;
        }

        private NDArray rows(Safetensors fixture, NDManager manager) throws IOException {
            List<NDArray> parts = new ArrayList<>();
            for (int l = 0; l + 1 < widths.size(); l++) {
                NDArray weight = fixture.array(manager, "input.weight." + l); // [b, in, out, 1]
                NDArray bias = fixture.array(manager, "input.bias." + l);
                long b = weight.getShape().get(0);
                parts.add(weight.squeeze(3).transpose(0, 2, 1).reshape(b, -1));
                parts.add(bias.reshape(b, -1));
            }
            NDArray rows = parts.get(0);
            for (NDArray part : parts.subList(1, parts.size())) {
                rows = rows.concat(part, 1);
            }
            return rows;
        }

        private void load(Safetensors fixture, NgGnn model) throws IOException {
            Map<String, String> names = new LinkedHashMap<>();
            model.namedParameters().keySet().forEach(ours -> names.put(ours, theirs(ours)));
            for (Map.Entry<String, String> entry : names.entrySet()) {
                NDArray array = model.namedParameters().get(entry.getKey()).getArray();
                float[] values = fixture.floats(entry.getValue());
                assertTrue(values.length == array.size(), entry + ": " + values.length + " and " + array.getShape());
                if (array.getDataType() == DataType.FLOAT64) {
                    double[] wide = new double[values.length];
                    for (int i = 0; i < wide.length; i++) {
                        wide[i] = values[i];
                    }
                    array.set(DoubleBuffer.wrap(wide));
                } else {
                    array.set(values);
                }
            }
            long theirs = fixture.tensors().keySet().stream()
                    .filter(n -> n.startsWith("model.") && !n.contains("avg_deg"))
                    .count();
            assertTrue(theirs == names.size(), "every weight of the reference is used: " + theirs);
        }

        private static String theirs(String ours) {
            String[][] parts = {
                {"edgeEncoder.frequency", "construct_graph.proj_weight.0.b"},
                {"edgeEncoder.first", "construct_graph.proj_weight.1"},
                {"edgeEncoder.second", "construct_graph.proj_edge_in"},
                {"nodeEncoder.frequency", "construct_graph.proj_bias.0.b"},
                {"nodeEncoder.first", "construct_graph.proj_bias.1"},
                {"nodeEncoder.second", "construct_graph.proj_node_in"},
                {"nodeEncoder.position", "construct_graph.pos_embed"},
                {"nodeEncoder.probe(\\d+).map", "construct_graph.gpf.proj.$1.0"},
                {"nodeEncoder.probe(\\d+).gain", "construct_graph.gpf.proj.$1.1.weight"},
                {"nodeEncoder.probe(\\d+).shift", "construct_graph.gpf.proj.$1.1.bias"},
                {"^probes", "construct_graph.gpf.inputs"},
                {"layer(\\d).film", "gnn.convs.$1.edge_encoder"},
                {"layer(\\d).pair", "gnn.convs.$1.pre_nns.0.0"},
                {"layer(\\d).post", "gnn.convs.$1.post_nns.0.0"},
                {"layer(\\d).out", "gnn.convs.$1.lin"},
                {"layer(\\d).norm.gain", "gnn.norms.$1.weight"},
                {"layer(\\d).norm.shift", "gnn.norms.$1.bias"},
                {"layer(\\d).edgeSource", "gnn.edge_update.$1.lin_s"},
                {"layer(\\d).edgeTarget", "gnn.edge_update.$1.lin_t"},
                {"layer(\\d).edgeOut", "gnn.edge_update.$1.lin1"},
                {"layer(\\d).edge\\.", "gnn.edge_update.$1.lin_e."},
                {"head.0", "proj_out.0"},
                {"head.1", "proj_out.2"},
                {"head.2", "proj_out.4"},
            };
            String name = ours;
            for (String[] part : parts) {
                name = name.replaceAll(part[0], part[1]);
            }
            return "model." + name;
        }
    }

    /** Compares tensors of one data type and says by how much they differ. */
    private record Checks(Safetensors fixture, DataType type) {

        /** The reference keeps one constant, PNA's delta, in float32: float64 values agree to its rounding. */
        private double tolerance(boolean gradient) {
            return type == DataType.FLOAT64 ? 1e-6 : gradient ? 1e-4 : 2e-5;
        }

        void output(String name, NDArray found) throws IOException {
            String truth = type == DataType.FLOAT64 ? "f64." + name : name;
            if (fixture.tensors().containsKey(truth)) { // not every state was kept in float64
                compare(truth, fixture.doubles(truth), doubles(found), tolerance(false));
            }
        }

        void edges(String name, NDArray list, Case test) throws IOException {
            if (type == DataType.FLOAT64 && !fixture.tensors().containsKey("f64." + name)) {
                return;
            }
            String truth = type == DataType.FLOAT64 ? "f64." + name : name;
            double[] expected = fixture.doubles(truth);
            List<Long> shape = fixture.tensor(truth).shape();
            if (shape.size() == 4) { // dense [b, n, n, d]: the sparse list beside it has the same values
                return;
            }
            int b = Math.toIntExact(shape.get(0));
            int e = Math.toIntExact(shape.get(1));
            int d = Math.toIntExact(shape.get(2));
            long[] subset =
                    fixture.tensors().containsKey("graph.edge_subset") ? fixture.longs("graph.edge_subset") : null;
            double[] all = doubles(list);
            int edges = Math.toIntExact(list.getShape().get(1));
            double[] found = new double[expected.length];
            for (int i = 0; i < b; i++) {
                for (int k = 0; k < e; k++) {
                    int ours = test.position(subset == null ? k : (int) subset[k]);
                    System.arraycopy(all, (i * edges + ours) * d, found, (i * e + k) * d, d);
                }
            }
            compare(truth, expected, found, tolerance(false));
        }

        /** The gradient of the rows, tensor by tensor. */
        void gradient(double[] found, Architecture architecture) throws IOException {
            int p = Math.toIntExact(architecture.parameterCount());
            int b = found.length / p;
            for (var tensor : architecture.parameters()) {
                String[] words = tensor.name().split("\\."); // seq.0.weight
                String name = "grad.input." + words[2] + "." + words[1];
                String truth = type == DataType.FLOAT64 ? "f64." + name : name;
                double[] expected = fixture.doubles(truth);
                int rows = tensor.shape().get(0);
                int columns = tensor.shape().size() == 2 ? tensor.shape().get(1) : 1;
                double[] ours = new double[expected.length];
                for (int i = 0; i < b; i++) {
                    for (int t = 0; t < rows; t++) {
                        for (int s = 0; s < columns; s++) {
                            ours[(i * columns + s) * rows + t] = found[i * p + (int) tensor.offset() + t * columns + s];
                        }
                    }
                }
                compare(truth, expected, ours, tolerance(true));
            }
        }

        private static double[] doubles(NDArray array) {
            return array.toType(DataType.FLOAT64, false).toDoubleArray();
        }

        private void compare(String name, double[] expected, double[] found, double tolerance) {
            double difference = Rows.relativeDifference(expected, found);
            if (System.getProperty("weft.show") != null) {
                System.out.println(type + " " + name + " " + difference);
            }
            assertTrue(
                    difference <= tolerance,
                    () -> type + " " + name + " differs by " + difference + " of its largest value");
        }
    }
}
