package dev.weft.hypernets.ghn;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.checkpoints.format.Safetensors;
import dev.weft.graph.ComputationGraph;
import dev.weft.graph.ComputationNode;
import dev.weft.graph.Operation;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.network.Axis;
import dev.weft.network.ParameterTensor;
import dev.weft.network.Seed;
import dev.weft.testing.Fixtures;
import java.io.IOException;
import java.nio.DoubleBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the reference implementations computed for one case: weights, graphs as explicit lists of nodes, and results. */
final class GhnFixture implements AutoCloseable {

    private static final int HIDDEN = 8;
    private static final int CHANNELS = 16;
    private static final int CLASSES = 10;

    final Safetensors file;
    final GhnConfig config;
    final List<ComputationGraph> graphs = new ArrayList<>();
    final List<String> prefixes = new ArrayList<>();

    private GhnFixture(Safetensors file, GhnConfig config) {
        this.file = file;
        this.config = config;
    }

    static GhnFixture open(String name, int kernel, String... networks) throws IOException {
        Safetensors file = Safetensors.open(Fixtures.file("ghn/" + name + ".safetensors"));
        GhnConfig config = switch (name.substring(0, 4)) {
            case "ghn1" -> GhnConfig.ghn1(HIDDEN, CHANNELS, kernel, CLASSES);
            case "ghn2" -> GhnConfig.ghn2(HIDDEN, CHANNELS, kernel, CLASSES);
            default -> GhnConfig.ghn3(HIDDEN, CHANNELS, kernel, CLASSES, 3, 2);
        };
        GhnFixture fixture = new GhnFixture(file, config);
        for (int i = 0; i < networks.length; i++) {
            fixture.graphs.add(graph(networks[i]));
            fixture.prefixes.add(networks.length == 1 ? "" : "net" + i + ".");
        }
        return fixture;
    }

    static ComputationGraph graph(String network) throws IOException {
        JsonNode json = new ObjectMapper()
                .readTree(Fixtures.file("ghn/" + network + ".arch.json").toFile());
        List<ComputationNode> nodes = new ArrayList<>();
        long offset = 0;
        for (JsonNode node : json.path("nodes")) {
            List<ParameterTensor> tensors = new ArrayList<>();
            for (String key : List.of("param", "norm_bias")) {
                if (node.path(key).isTextual()) {
                    String name = node.path(key).asText();
                    tensors.add(tensor(name, integers(json.path("param_shapes").path(name)), offset));
                    offset = tensors.get(tensors.size() - 1).end();
                }
            }
            nodes.add(new ComputationNode(
                    node.path("id").asInt(),
                    Operation.labelled(node.path("type").asText()),
                    node.path("param").asText(),
                    integers(node.path("shape")),
                    tensors));
        }
        List<ComputationGraph.Edge> edges = new ArrayList<>();
        json.path("edges")
                .forEach(edge -> edges.add(new ComputationGraph.Edge(
                        edge.get(0).asInt(), edge.get(1).asInt())));
        return ComputationGraph.of(nodes, edges);
    }

    private static ParameterTensor tensor(String name, List<Integer> shape, long offset) {
        return new ParameterTensor(
                name, shape, offset, shape.stream().map(Axis::free).toList(), true);
    }

    private static List<Integer> integers(JsonNode array) {
        List<Integer> values = new ArrayList<>();
        array.forEach(value -> values.add(value.asInt()));
        return values;
    }

    /** Makes the hypernetwork with the reference's weights. */
    GraphHyperNetwork model(NDManager manager, GhnConfig as, DataType type) throws IOException {
        GraphHyperNetwork model = new GraphHyperNetwork(as, new Seed(0));
        model.initialize(manager, type);
        for (Map.Entry<String, Parameter> entry : model.namedParameters().entrySet()) {
            NDArray array = entry.getValue().getArray();
            double[] values = file.doubles("model." + entry.getKey());
            if (values.length != array.size()) {
                throw new IllegalStateException(entry.getKey() + " has " + array.getShape());
            }
            if (type == DataType.FLOAT64) {
                array.set(DoubleBuffer.wrap(values));
            } else {
                array.set(file.floats("model." + entry.getKey()));
            }
        }
        long theirs = file.tensors().keySet().stream()
                .filter(key -> key.startsWith("model."))
                .count();
        if (theirs != model.namedParameters().size()) {
            throw new IllegalStateException("the reference has " + theirs + " tensors, we have "
                    + model.namedParameters().keySet());
        }
        return model;
    }

    static ForwardPass pass(NDManager manager) {
        return new ForwardPass(new ParameterStore(manager, false), Device.cpu(), false);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
