package dev.weft.checkpoints.format.onnx.topology;

import dev.weft.checkpoints.format.onnx.OnnxFile;
import dev.weft.checkpoints.format.onnx.OnnxGraph;
import dev.weft.checkpoints.format.onnx.OnnxNode;
import dev.weft.checkpoints.format.onnx.OnnxTensor;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One pass over the nodes that an output needs, in order. */
final class GraphReading {

    private static final String DOMAIN = "ai.onnx"; // the long name of the empty one

    private final OnnxFile file;
    private final OnnxGraph graph;
    private final GraphInputs inputs;
    private final FixedArithmetic arithmetic;
    private final Drafts drafts;
    private final Flows flows;
    private final Set<String> assumptions = new LinkedHashSet<>();
    private final Map<String, Meaning> values = new HashMap<>();
    private final Map<String, Integer> readers = new HashMap<>();
    private final Map<String, OnnxNode> writers = new HashMap<>();

    GraphReading(OnnxFile file, GraphInputs inputs) throws IOException {
        this.file = file;
        this.graph = file.model().graph();
        this.inputs = inputs;
        this.arithmetic = new FixedArithmetic(file, Files.size(file.file()));
        this.drafts = new Drafts(inputs.sample(), inputs.openLength());
        this.flows = new Flows(drafts, inputs.batch());
        values.putAll(inputs.assumed());
        values.put(inputs.name(), new Flow(Drafts.INPUT, inputs.view()));
    }

    void assume(String what) {
        assumptions.add(what);
    }

    /** Returns what was taken for granted, in words. */
    Set<String> assumptions() {
        return assumptions;
    }

    FixedArithmetic arithmetic() {
        return arithmetic;
    }

    Drafts drafts() {
        return drafts;
    }

    Flows flows() {
        return flows;
    }

    int batch() {
        return inputs.batch();
    }

    long opset() {
        return file.model().opsets().getOrDefault("", file.model().opsets().getOrDefault(DOMAIN, 0L));
    }

    /** Reads all that an output needs and returns the layer that writes it. */
    int read(String output) throws IOException {
        List<OnnxNode> needed = needed(output);
        for (OnnxNode node : needed) {
            node.inputs().forEach(name -> readers.merge(name, 1, Integer::sum));
        }
        for (OnnxNode node : needed) {
            read(node);
        }
        Meaning meaning = values.get(output);
        if (!(meaning instanceof Flow flow)) {
            throw new FormatException.Unsupported(
                    file.origin(),
                    "output '" + output + "': expected a layer's output, found "
                            + (meaning == null ? "nothing that writes it" : Descriptions.of(meaning)));
        }
        try {
            return flows.written(flow, output).layer();
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new FormatException.Unsupported(file.origin(), "output '" + output + "': " + e.getMessage(), e);
        }
    }

    /** Returns the nodes that an output depends on, in the order of the graph. */
    private List<OnnxNode> needed(String output) throws FormatException {
        for (OnnxNode node : graph.nodes()) {
            for (String name : node.outputs()) {
                if (!name.isEmpty() && writers.putIfAbsent(name, node) != null) {
                    throw new FormatException.Corrupt(file.origin(), "two nodes write '" + name + "'");
                }
            }
        }
        Set<OnnxNode> found = Collections.newSetFromMap(new IdentityHashMap<>());
        Set<String> seen = new HashSet<>(List.of(output));
        Deque<String> open = new ArrayDeque<>(List.of(output));
        while (!open.isEmpty()) {
            OnnxNode node = writers.get(open.pop());
            if (node != null && found.add(node)) {
                node.inputs().stream().filter(seen::add).forEach(open::push);
            }
        }
        return graph.nodes().stream().filter(found::contains).toList();
    }

    private void read(OnnxNode node) throws IOException {
        try {
            Call call = new Call(node, arguments(node), this);
            List<Meaning> results = rule(node).apply(call);
            for (int i = 0; i < Math.min(results.size(), node.outputs().size()); i++) {
                values.put(node.outputs().get(i), results.get(i));
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new FormatException.Unsupported(file.origin(), where(node) + ": " + e.getMessage(), e);
        }
    }

    private Rules.Rule rule(OnnxNode node) {
        if (!node.domain().isEmpty() && !node.domain().equals(DOMAIN)) {
            throw new IllegalArgumentException("expected an operator of ONNX itself"
                    + (file.model().functions().contains(node.domain() + "." + node.operator())
                            ? ", found a function of the model; inline it (onnx.inliner)"
                            : ""));
        }
        return Rules.of(node.operator())
                .orElseThrow(() -> new IllegalArgumentException(
                        "an operator that is not supported, expected one of " + Rules.operators()));
    }

    private String where(OnnxNode node) {
        String domain = node.domain().isEmpty() ? "" : node.domain() + ".";
        long version = node.domain().isEmpty() ? opset() : file.model().opsets().getOrDefault(node.domain(), 0L);
        String name = node.name().isEmpty() ? String.join(", ", node.outputs()) : node.name();
        return "node '" + name + "' (" + domain + node.operator() + ", opset " + version + ")";
    }

    private List<@Nullable Meaning> arguments(OnnxNode node) throws FormatException {
        List<@Nullable Meaning> arguments = new ArrayList<>();
        for (String name : node.inputs()) {
            Meaning meaning = name.isEmpty() ? null : value(node, name);
            if (meaning instanceof Flow flow && flow.layer() != Drafts.INPUT && readers.getOrDefault(name, 0) > 1) {
                drafts.get(flow.layer()).share();
            }
            arguments.add(meaning);
        }
        return arguments;
    }

    private Meaning value(OnnxNode node, String name) throws FormatException {
        Meaning known = values.get(name);
        if (known != null) {
            return known;
        }
        OnnxTensor tensor = graph.initializers().get(name);
        if (tensor == null) {
            throw unknown(node, name);
        }
        Fixed fixed = Fixed.of(tensor);
        values.put(name, fixed);
        return fixed;
    }

    private FormatException unknown(OnnxNode node, String name) {
        OnnxNode writer = writers.get(name);
        if (writer != null) {
            return new FormatException.Unsupported(
                    file.origin(),
                    where(node) + " reads '" + name + "', output "
                            + writer.outputs().indexOf(name) + " of " + where(writer)
                            + ", which is not supported or written later");
        }
        return graph.inputs().stream().anyMatch(input -> input.name().equals(name))
                ? new FormatException.Unsupported(
                        file.origin(),
                        where(node) + " reads the input '" + name + "'; expected one input, '" + inputs.name()
                                + "', besides masks, segments and positions")
                : new FormatException.Corrupt(
                        file.origin(), where(node) + " reads '" + name + "', which nothing writes");
    }
}
