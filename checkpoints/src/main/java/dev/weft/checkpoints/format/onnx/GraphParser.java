package dev.weft.checkpoints.format.onnx;

import static dev.weft.checkpoints.format.onnx.ProtoReader.delimited;

import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a GraphProto. */
final class GraphParser {

    private static final int NODE = 1;
    private static final int INPUT = 11;
    private static final int OUTPUT = 12;
    private static final int VALUE_INFO = 13;
    private static final int SPARSE_INITIALIZER = 15;

    private final Path file;
    private final ProtoReader proto;
    private final List<OnnxNode> nodes = new ArrayList<>();
    private final List<OnnxValue> inputs = new ArrayList<>();
    private final List<OnnxValue> outputs = new ArrayList<>();
    private final List<OnnxValue> values = new ArrayList<>();
    private final Map<String, OnnxTensor> initializers = new LinkedHashMap<>();
    private String name = "";

    private GraphParser(Path file, ProtoReader proto) {
        this.file = file;
        this.proto = proto;
    }

    /** Reads the graph that a field holds. */
    static OnnxGraph parse(Path file, ProtoReader proto) throws IOException {
        GraphParser parser = new GraphParser(file, proto);
        proto.message(parser::field);
        return new OnnxGraph(
                parser.name,
                List.copyOf(parser.nodes),
                List.copyOf(parser.inputs),
                List.copyOf(parser.outputs),
                List.copyOf(parser.values),
                Collections.unmodifiableMap(parser.initializers));
    }

    private boolean field(int tag) throws IOException {
        if (tag == delimited(NODE)) {
            nodes.add(proto.counted(NodeParser.parse(file, proto)));
        } else if (tag == delimited(OnnxFields.GRAPH_NAME)) {
            name = proto.text();
        } else if (tag == delimited(OnnxFields.INITIALIZER)) {
            initializer();
        } else if (tag == delimited(INPUT)) {
            inputs.add(proto.counted(ValueParser.parse(proto)));
        } else if (tag == delimited(OUTPUT)) {
            outputs.add(proto.counted(ValueParser.parse(proto)));
        } else if (tag == delimited(VALUE_INFO)) {
            values.add(proto.counted(ValueParser.parse(proto)));
        } else if (tag == delimited(SPARSE_INITIALIZER)) {
            throw new FormatException.Unsupported(file.toString(), "the graph has sparse initializers");
        } else {
            return false;
        }
        return true;
    }

    private void initializer() throws IOException {
        OnnxTensor tensor = proto.counted(TensorParser.parse(file, proto, ""));
        if (tensor.name().isEmpty()) {
            throw new FormatException.Corrupt(file.toString(), "initializer " + initializers.size() + " has no name");
        }
        if (initializers.putIfAbsent(tensor.name(), tensor) != null) {
            throw new FormatException.Corrupt(file.toString(), "two initializers are called '" + tensor.name() + "'");
        }
    }
}
