package dev.weft.checkpoints.format.onnx;

import static dev.weft.checkpoints.format.onnx.ProtoReader.delimited;
import static dev.weft.checkpoints.format.onnx.ProtoReader.varint;

import com.google.protobuf.WireFormat;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a NodeProto and its attributes. */
final class NodeParser {

    private static final int INPUT = 1;
    private static final int OUTPUT = 2;
    private static final int NAME = 3;
    private static final int OPERATOR = 4;
    private static final int ATTRIBUTE = 5;
    private static final int DOMAIN = 7;

    private final Path file;
    private final ProtoReader proto;
    private final List<String> inputs = new ArrayList<>(2);
    private final List<String> outputs = new ArrayList<>(1);
    private final Map<String, OnnxAttribute> attributes = new LinkedHashMap<>();
    private String name = "";
    private String operator = "";
    private String domain = "";

    private NodeParser(Path file, ProtoReader proto) {
        this.file = file;
        this.proto = proto;
    }

    /** Reads the node that a field holds. */
    static OnnxNode parse(Path file, ProtoReader proto) throws IOException {
        NodeParser parser = new NodeParser(file, proto);
        proto.message(parser::field);
        if (parser.operator.isEmpty()) {
            throw new FormatException.Corrupt(file.toString(), "node '" + parser.name + "' has no operator");
        }
        return new OnnxNode(
                parser.name,
                parser.domain,
                parser.operator,
                List.copyOf(parser.inputs),
                List.copyOf(parser.outputs),
                Map.copyOf(parser.attributes));
    }

    private boolean field(int tag) throws IOException {
        if (tag == delimited(INPUT)) {
            inputs.add(proto.counted(proto.text()));
        } else if (tag == delimited(OUTPUT)) {
            outputs.add(proto.counted(proto.text()));
        } else if (tag == delimited(NAME)) {
            name = proto.text();
        } else if (tag == delimited(OPERATOR)) {
            operator = proto.text();
        } else if (tag == delimited(DOMAIN)) {
            domain = proto.text();
        } else if (tag == delimited(ATTRIBUTE)) {
            Attribute attribute = new Attribute();
            proto.message(attribute::field);
            attributes.put(proto.counted(attribute.name), attribute.value());
        } else {
            return false;
        }
        return true;
    }

    /** The attribute that is being read. */
    private final class Attribute {

        private static final int ATTRIBUTE_NAME = 1;
        private static final int FLOAT = 2;
        private static final int INT = 3;
        private static final int TEXT = 4;
        private static final int TENSOR = 5;
        private static final int GRAPH = 6;
        private static final int FLOATS = 7;
        private static final int INTS = 8;
        private static final int TEXTS = 9;
        private static final int TYPE = 20;
        private static final int REFERENCE = 21;

        private static final int TYPE_FLOATS = 6;
        private static final int TYPE_INTS = 7;
        private static final int TYPE_TEXTS = 8;

        private final List<Long> ints = new ArrayList<>(0);
        private final List<Float> floats = new ArrayList<>(0);
        private final List<String> texts = new ArrayList<>(0);
        private String name = "";
        private int type;
        private @Nullable OnnxAttribute single;

        boolean field(int tag) throws IOException {
            if (tag == delimited(ATTRIBUTE_NAME)) {
                name = proto.text();
            } else if (tag == varint(TYPE)) {
                type = proto.enumeration();
            } else if (tag == delimited(REFERENCE)) {
                single = new OnnxAttribute.Other("a reference to '" + proto.text() + "'");
            } else {
                return single(tag) || several(tag);
            }
            return true;
        }

        private boolean single(int tag) throws IOException {
            if (tag == ProtoReader.tag(FLOAT, WireFormat.WIRETYPE_FIXED32)) {
                single = new OnnxAttribute.Real(proto.real());
            } else if (tag == varint(INT)) {
                single = new OnnxAttribute.Int(proto.integer());
            } else if (tag == delimited(TEXT)) {
                single = new OnnxAttribute.Text(proto.looseText());
            } else if (tag == delimited(TENSOR)) {
                single = tensor();
            } else if (tag == delimited(GRAPH)) {
                single = new OnnxAttribute.Graph(GraphParser.parse(file, proto));
            } else {
                return false;
            }
            return true;
        }

        private OnnxAttribute tensor() throws IOException {
            String given = outputs.size() == 1 ? outputs.get(0) : "";
            return new OnnxAttribute.Tensor(TensorParser.parse(file, proto, given));
        }

        private boolean several(int tag) throws IOException {
            if (tag == varint(INTS)) {
                ints.add(proto.counted(proto.integer()));
            } else if (tag == delimited(INTS)) {
                proto.integers(ints);
            } else if (tag == ProtoReader.tag(FLOATS, WireFormat.WIRETYPE_FIXED32)) {
                floats.add(proto.counted(proto.real()));
            } else if (tag == delimited(FLOATS)) {
                floats.addAll(proto.reals());
            } else if (tag == delimited(TEXTS)) {
                texts.add(proto.counted(proto.looseText()));
            } else {
                return false;
            }
            return true;
        }

        /** Empty lists are known by their type alone, and files of the first versions have no type. */
        OnnxAttribute value() {
            if (type == TYPE_INTS || !ints.isEmpty()) {
                return new OnnxAttribute.Ints(List.copyOf(ints));
            } else if (type == TYPE_FLOATS || !floats.isEmpty()) {
                return new OnnxAttribute.Reals(List.copyOf(floats));
            } else if (type == TYPE_TEXTS || !texts.isEmpty()) {
                return new OnnxAttribute.Texts(List.copyOf(texts));
            } else if (single != null) {
                return single;
            }
            return zero();
        }

        /** A value of zero may be left out in files that were written by the rules of proto3. */
        private OnnxAttribute zero() {
            return switch (type) {
                case 1 -> new OnnxAttribute.Real(0);
                case 2 -> new OnnxAttribute.Int(0);
                case 3 -> new OnnxAttribute.Text("");
                default -> new OnnxAttribute.Other("an attribute of type " + type);
            };
        }
    }
}
