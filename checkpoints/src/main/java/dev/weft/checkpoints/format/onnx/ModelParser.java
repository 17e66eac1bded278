package dev.weft.checkpoints.format.onnx;

import static dev.weft.checkpoints.format.onnx.ProtoReader.delimited;
import static dev.weft.checkpoints.format.onnx.ProtoReader.varint;

import dev.weft.checkpoints.format.onnx.OnnxTensor.Span;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads a ModelProto. */
final class ModelParser {

    private static final int PRODUCER_VERSION = 3;
    private static final int FUNCTIONS = 25;
    private static final int OPSET_DOMAIN = 1;
    private static final int OPSET_VERSION = 2;
    private static final int FUNCTION_NAME = 1;
    private static final int FUNCTION_DOMAIN = 10;

    private final Path file;
    private final ProtoReader proto;
    private final Map<String, Long> opsets = new TreeMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final List<String> functions = new ArrayList<>();
    private long irVersion;
    private String producerName = "";
    private String producerVersion = "";
    private @Nullable OnnxGraph graph;
    private @Nullable Span graphField;

    private ModelParser(Path file, ProtoReader proto) {
        this.file = file;
        this.proto = proto;
    }

    /**
     * What was read.
     *
     * @param graphField where the field with the graph lies, its tag included
     */
    record Parsed(OnnxModel model, Span graphField) {}

    static Parsed parse(Path file, FileChannel channel) throws IOException {
        ModelParser[] parser = new ModelParser[1];
        ProtoReader.read(file.toString(), channel, new Span(0, channel.size()), proto -> {
            ModelParser made = new ModelParser(file, proto);
            parser[0] = made;
            return made::field;
        });
        return parser[0].parsed();
    }

    private boolean field(int tag) throws IOException {
        if (tag == varint(OnnxFields.IR_VERSION)) {
            irVersion = proto.integer();
        } else if (tag == delimited(OnnxFields.PRODUCER_NAME)) {
            producerName = proto.looseText();
        } else if (tag == delimited(PRODUCER_VERSION)) {
            producerVersion = proto.looseText();
        } else if (tag == delimited(OnnxFields.GRAPH)) {
            graph();
        } else if (tag == delimited(OnnxFields.OPSET_IMPORT)) {
            opset();
        } else if (tag == delimited(OnnxFields.MODEL_METADATA)) {
            KeyValue.read(proto, metadata);
        } else if (tag == delimited(FUNCTIONS)) {
            function();
        } else {
            return false;
        }
        return true;
    }

    private void graph() throws IOException {
        if (graph != null) {
            throw new FormatException.Corrupt(file.toString(), "expected one graph, found two");
        }
        long start = proto.fieldStart();
        graph = GraphParser.parse(file, proto);
        graphField = new Span(start, proto.position());
    }

    private void opset() throws IOException {
        String[] domain = {""};
        long[] version = {0};
        proto.message(tag -> {
            if (tag == delimited(OPSET_DOMAIN)) {
                domain[0] = proto.text();
            } else if (tag == varint(OPSET_VERSION)) {
                version[0] = proto.integer();
            } else {
                return false;
            }
            return true;
        });
        opsets.put(proto.counted(domain[0]), version[0]);
    }

    private void function() throws IOException {
        String[] names = {"", ""};
        proto.message(tag -> {
            if (tag == delimited(FUNCTION_NAME)) {
                names[1] = proto.text();
            } else if (tag == delimited(FUNCTION_DOMAIN)) {
                names[0] = proto.text();
            } else {
                return false;
            }
            return true;
        });
        functions.add(proto.counted(names[0] + "." + names[1]));
    }

    private Parsed parsed() throws FormatException {
        if (graph == null || graphField == null) {
            throw new FormatException.Unsupported(file.toString(), "expected an ONNX model with a graph, found none");
        }
        String producer = (producerName + " " + producerVersion).strip();
        return new Parsed(
                new OnnxModel(irVersion, producer, opsets, metadata, List.copyOf(functions), graph), graphField);
    }
}
