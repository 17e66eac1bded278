package dev.weft.checkpoints.format.onnx;

import static dev.weft.checkpoints.format.onnx.ProtoReader.delimited;
import static dev.weft.checkpoints.format.onnx.ProtoReader.varint;

import dev.weft.checkpoints.format.Dtype;
import dev.weft.checkpoints.format.RelativePaths;
import dev.weft.checkpoints.format.onnx.OnnxTensor.Span;
import dev.weft.checkpoints.format.onnx.OnnxTensor.Values;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one TensorProto and checks that its values have the length that type and shape ask for. */
final class TensorParser {

    private static final int EXTERNAL = 1;
    private static final String LOCATION = "location";
    private static final String OFFSET = "offset";
    private static final String LENGTH = "length";

    private final Path file;
    private final ProtoReader proto;
    private final List<Long> shape = new ArrayList<>();
    private final Map<String, String> external = new HashMap<>();
    private String name = "";
    private int type;
    private int location;
    private int valuesField;
    private @Nullable Span values;

    private TensorParser(Path file, ProtoReader proto) {
        this.file = file;
        this.proto = proto;
    }

    /**
     * Reads the message that a field holds.
     *
     * @param given the name if the tensor has none of its own
     * @throws FormatException.Unsupported if it has a type that is not read
     */
    static OnnxTensor parse(Path file, ProtoReader proto, String given) throws IOException {
        TensorParser parser = new TensorParser(file, proto);
        long[] start = new long[1];
        proto.message(tag -> {
            if (start[0] == 0) {
                start[0] = proto.fieldStart();
            }
            return parser.field(tag);
        });
        if (parser.name.isEmpty()) {
            parser.name = given;
        }
        long end = proto.position();
        return parser.tensor(new Span(start[0] == 0 ? end : start[0], end));
    }

    private boolean field(int tag) throws IOException {
        if (tag == varint(OnnxFields.DIMS)) {
            shape.add(proto.counted(proto.integer()));
        } else if (tag == delimited(OnnxFields.DIMS)) {
            proto.integers(shape);
        } else if (tag == varint(OnnxFields.DATA_TYPE)) {
            type = proto.enumeration();
        } else if (tag == delimited(OnnxFields.TENSOR_NAME)) {
            name = proto.text();
        } else if (tag == varint(OnnxFields.DATA_LOCATION)) {
            location = proto.enumeration();
        } else if (tag == delimited(OnnxFields.EXTERNAL_DATA)) {
            KeyValue.read(proto, external);
        } else {
            return values(tag >>> 3, tag == delimited(tag >>> 3));
        }
        return true;
    }

    private boolean values(int field, boolean delimited) throws IOException {
        boolean holdsValues = switch (field) {
            case OnnxFields.FLOAT_DATA,
                    OnnxFields.INT32_DATA,
                    OnnxFields.INT64_DATA,
                    OnnxFields.RAW_DATA,
                    OnnxFields.DOUBLE_DATA,
                    OnnxFields.UINT64_DATA -> true;
            default -> false;
        };
        if (!holdsValues) {
            return false;
        }
        if (!delimited) {
            throw new FormatException.Unsupported(
                    file.toString(), "tensor '" + name + "' has values in field " + field + " that are not packed");
        }
        if (values != null) {
            throw corrupt("has values twice, in fields " + valuesField + " and " + field);
        }
        valuesField = field;
        values = proto.span();
        return true;
    }

    private OnnxTensor tensor(Span message) throws IOException {
        OnnxType onnxType = OnnxType.numbered(type)
                .orElseThrow(() -> corrupt("has the element type " + type + ", which ONNX does not have"));
        Dtype dtype = onnxType.dtype()
                .orElseThrow(() -> new FormatException.Unsupported(
                        file.toString(), "tensor '" + name + "' has the element type " + onnxType));
        if (shape.stream().anyMatch(size -> size < 0)) {
            throw corrupt("has shape " + shape);
        }
        OnnxTensor tensor = new OnnxTensor(name, dtype, List.copyOf(shape), message, new Values.Plain(new Span(0, 0)));
        long length;
        try {
            length = tensor.byteLength();
        } catch (ArithmeticException e) {
            throw corrupt("has shape " + shape + ", which is larger than any file");
        }
        return new OnnxTensor(name, dtype, tensor.shape(), message, place(onnxType, length, tensor.elements()));
    }

    private Values place(OnnxType onnxType, long length, long elements) throws IOException {
        if (location == EXTERNAL) {
            return external(length);
        }
        if (values == null) {
            if (length != 0) {
                throw corrupt("has shape " + shape + " and no values");
            }
            return new Values.Plain(new Span(0, 0));
        }
        boolean varints = valuesField != OnnxFields.RAW_DATA
                && valuesField != OnnxFields.FLOAT_DATA
                && valuesField != OnnxFields.DOUBLE_DATA;
        if (valuesField != OnnxFields.RAW_DATA && valuesField != onnxType.field()) {
            throw corrupt("has values of " + onnxType + " in field " + valuesField + ", expected " + onnxType.field()
                    + " or " + OnnxFields.RAW_DATA);
        }
        boolean fits = varints ? values.length() >= elements : values.length() == length;
        if (!fits) {
            throw corrupt("shape " + shape + " of " + onnxType + " takes " + (varints ? elements : length) + " bytes"
                    + (varints ? " or more" : "") + ", found " + values.length());
        }
        return varints ? new Values.Varints(values) : new Values.Plain(values);
    }

    private Values external(long length) throws IOException {
        String relative = external.getOrDefault(LOCATION, "");
        Path data = RelativePaths.resolve(file, relative, "tensor '" + name + "'");
        long offset = number(OFFSET, 0);
        long given = number(LENGTH, length);
        long size = Files.size(data);
        if (given != length) {
            throw corrupt(
                    "shape " + shape + " takes " + length + " bytes, '" + relative + "' is said to have " + given);
        }
        if (offset > size - length) {
            throw corrupt("its values are said to be at bytes " + offset + " to " + (offset + length) + " of '"
                    + relative + "', which has " + size);
        }
        return new Values.External(data, new Span(offset, offset + length));
    }

    private long number(String key, long otherwise) throws FormatException {
        String text = external.get(key);
        if (text == null) {
            return otherwise;
        }
        try {
            long value = Long.parseLong(text);
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new FormatException.Corrupt(
                    file.toString(),
                    "tensor '" + name + "', external data: expected " + key + " to be a number, found '" + text + "'",
                    e);
        }
        throw corrupt("external data: expected " + key + " from 0, found " + text);
    }

    private FormatException corrupt(String what) {
        return new FormatException.Corrupt(file.toString(), "tensor '" + name + "' " + what);
    }
}
