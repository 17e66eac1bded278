package dev.weft.checkpoints.format.onnx;

import static dev.weft.checkpoints.format.onnx.ProtoReader.delimited;
import static dev.weft.checkpoints.format.onnx.ProtoReader.varint;

import dev.weft.checkpoints.format.onnx.OnnxValue.Dimension;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads a ValueInfoProto and the types in it. */
final class ValueParser {

    private static final int NAME = 1;
    private static final int TYPE = 2;
    private static final int TENSOR_TYPE = 1;
    private static final int ELEMENT_TYPE = 1;
    private static final int SHAPE = 2;
    private static final int DIMENSION = 1;
    private static final int DIMENSION_SIZE = 1;
    private static final int DIMENSION_SYMBOL = 2;

    private final ProtoReader proto;
    private final List<Dimension> shape = new ArrayList<>();
    private String name = "";
    private String type = "";

    private ValueParser(ProtoReader proto) {
        this.proto = proto;
    }

    /** Reads the value that a field holds. */
    static OnnxValue parse(ProtoReader proto) throws IOException {
        ValueParser parser = new ValueParser(proto);
        proto.message(parser::field);
        return new OnnxValue(parser.name, parser.type, List.copyOf(parser.shape));
    }

    private boolean field(int tag) throws IOException {
        if (tag == delimited(NAME)) {
            name = proto.text();
        } else if (tag == delimited(TYPE)) {
            proto.message(inner -> inside(inner, TENSOR_TYPE, this::tensorType));
        } else {
            return false;
        }
        return true;
    }

    /** Reads the one message field that is of interest in a message. */
    private boolean inside(int tag, int number, ProtoReader.Fields fields) throws IOException {
        if (tag == delimited(number)) {
            proto.message(fields);
            return true;
        }
        return false;
    }

    private boolean tensorType(int tag) throws IOException {
        if (tag == varint(ELEMENT_TYPE)) {
            int number = proto.enumeration();
            type = OnnxType.numbered(number).map(Enum::name).orElse("type " + number);
            return true;
        }
        return inside(tag, SHAPE, inner -> inner == delimited(DIMENSION) && dimension());
    }

    private boolean dimension() throws IOException {
        long[] size = {Dimension.UNKNOWN};
        String[] symbol = {""};
        proto.message(tag -> {
            if (tag == varint(DIMENSION_SIZE)) {
                size[0] = proto.integer();
            } else if (tag == delimited(DIMENSION_SYMBOL)) {
                symbol[0] = proto.text();
            } else {
                return false;
            }
            return true;
        });
        shape.add(proto.counted(new Dimension(size[0], symbol[0])));
        return true;
    }
}
