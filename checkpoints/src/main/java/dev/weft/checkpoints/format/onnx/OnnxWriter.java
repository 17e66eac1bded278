package dev.weft.checkpoints.format.onnx;

import static dev.weft.checkpoints.format.onnx.ProtoReader.delimited;

import dev.weft.checkpoints.format.Listing;
import dev.weft.checkpoints.format.NamedTensor;
import dev.weft.checkpoints.format.PieceReader;
import dev.weft.checkpoints.format.TensorSource;
import dev.weft.checkpoints.format.onnx.OnnxTensor.Span;
import dev.weft.checkpoints.format.onnx.OnnxTensor.Values;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Writes ONNX models: a model that is there with other values for its initializers, everything else byte for byte as it
 * was; or a model that is nothing but initializers.
 */
public final class OnnxWriter {

    /** Versions of file format and operators in models that are nothing but initializers; these know all our types. */
    private static final int IR_VERSION = 12;

    private static final int OPSET = 24;
    private static final int OPSET_VERSION = 2;
    private static final int KEY = 1;
    private static final int VALUE = 2;

    private OnnxWriter() {}

    /** Writes or replaces a model without nodes. */
    static void write(TensorSource source, Path file) throws IOException {
        Segments graph = new Segments().fields(out -> out.writeString(OnnxFields.GRAPH_NAME, "weights"));
        for (NamedTensor tensor : source.tensors().values()) {
            Segments message = new Segments().fields(out -> {
                for (long size : tensor.shape()) {
                    out.writeInt64(OnnxFields.DIMS, size);
                }
                out.writeInt32(OnnxFields.DATA_TYPE, OnnxType.of(tensor.dtype()).number());
                out.writeString(OnnxFields.TENSOR_NAME, tensor.name());
            });
            graph.field(OnnxFields.INITIALIZER, message.field(OnnxFields.RAW_DATA, source, tensor));
        }
        Segments model = new Segments().fields(out -> {
            out.writeInt64(OnnxFields.IR_VERSION, IR_VERSION);
            out.writeString(OnnxFields.PRODUCER_NAME, "weft");
        });
        model.field(OnnxFields.GRAPH, graph);
        model.field(OnnxFields.OPSET_IMPORT, new Segments().fields(out -> out.writeInt64(OPSET_VERSION, OPSET)));
        for (Map.Entry<String, String> text : new TreeMap<>(source.metadata()).entrySet()) {
            Segments pair = new Segments().fields(out -> {
                out.writeString(KEY, text.getKey());
                out.writeString(VALUE, text.getValue());
            });
            model.field(OnnxFields.MODEL_METADATA, pair);
        }
        model.write(file);
    }

    /**
     * Writes or replaces a model that is like another but for the values of its initializers. External data come into
     * the file.
     *
     * @param values exactly the tensors of {@code model}; those of Constant nodes must have the same values
     */
    public static void write(OnnxFile model, TensorSource values, Path file) throws IOException {
        check(model, values);
        Segments graph = new Segments();
        Span field = model.graphField();
        Iterator<OnnxTensor> initializers =
                model.model().graph().initializers().values().iterator(); // in the order of the fields
        long[] copied = new long[1];
        walk(model, graphMessage(model), (tag, start, end) -> {
            copied[0] = copied[0] == 0 ? start : copied[0];
            if (tag == delimited(OnnxFields.INITIALIZER)) {
                graph.copy(model, copied[0], start);
                initializer(model, values, initializers.next(), new Span(start, end), graph);
                copied[0] = end;
            }
        });
        if (copied[0] != 0) {
            graph.copy(model, copied[0], field.end());
        }
        Segments whole = new Segments().copy(model, 0, field.start());
        whole.field(OnnxFields.GRAPH, graph);
        whole.copy(model, field.end(), model.channel().size());
        whole.write(file);
    }

    private static Span graphMessage(OnnxFile model) throws IOException {
        Span[] message = new Span[1];
        ProtoReader.read(model.origin(), model.channel(), model.graphField(), proto -> tag -> {
            message[0] = proto.span();
            return true;
        });
        return message[0];
    }

    /** Takes the fields of a message without reading them. */
    @FunctionalInterface
    private interface FieldSpans {
        void accept(int tag, long start, long end) throws IOException;
    }

    private static void walk(OnnxFile model, Span message, FieldSpans fields) throws IOException {
        ProtoReader.read(model.origin(), model.channel(), message, proto -> tag -> {
            long start = proto.fieldStart();
            proto.skip(tag);
            fields.accept(tag, start, proto.position());
            return true;
        });
    }

    private static void initializer(OnnxFile model, TensorSource values, OnnxTensor tensor, Span field, Segments graph)
            throws IOException {
        if (tensor.values() instanceof Values.Plain plain && plain.span().length() > 0) {
            graph.copy(model, field.start(), plain.span().start());
            graph.values(values, tensor);
            graph.copy(model, plain.span().end(), field.end());
        } else if (tensor.byteLength() == 0 || (values == model && tensor.values() instanceof Values.Varints)) {
            graph.copy(model, field.start(), field.end());
        } else {
            Segments message = new Segments();
            walk(model, tensor.message(), (tag, start, end) -> {
                if (!holdsValues(tag >>> 3)) {
                    message.copy(model, start, end);
                }
            });
            graph.field(OnnxFields.INITIALIZER, message.field(OnnxFields.RAW_DATA, values, tensor));
        }
    }

    private static boolean holdsValues(int field) {
        return switch (field) {
            case OnnxFields.INT32_DATA,
                    OnnxFields.INT64_DATA,
                    OnnxFields.UINT64_DATA,
                    OnnxFields.EXTERNAL_DATA,
                    OnnxFields.DATA_LOCATION -> true;
            default -> false;
        };
    }

    private static void check(OnnxFile model, TensorSource values) throws IOException {
        List<String> missing = new ArrayList<>(new TreeSet<>(model.tensors().keySet()));
        missing.removeAll(values.tensors().keySet());
        List<String> unknown = new ArrayList<>(new TreeSet<>(values.tensors().keySet()));
        unknown.removeAll(model.tensors().keySet());
        if (!missing.isEmpty() || !unknown.isEmpty()) {
            throw new IllegalArgumentException(values.origin() + " does not have the tensors of " + model.origin()
                    + ": missing " + Listing.of(missing) + ", unknown " + Listing.of(unknown));
        }
        for (OnnxTensor expected : model.tensors().values()) {
            NamedTensor found = values.tensor(expected.name());
            if (!found.isLike(expected)) {
                throw new IllegalArgumentException(
                        values.origin() + ": tensor '" + expected.name() + "': expected " + expected.dtype() + " "
                                + expected.shape() + " as in " + model.origin() + ", found " + found.dtype() + " "
                                + found.shape());
            }
            if (!model.model().graph().initializers().containsKey(expected.name())) {
                checkConstant(model, values, expected);
            }
        }
    }

    private static void checkConstant(OnnxFile model, TensorSource values, OnnxTensor tensor) throws IOException {
        PieceReader.forEach(values, tensor, (piece, first) -> {
            ByteBuffer expected = ByteBuffer.allocate(piece.remaining());
            model.read(tensor.name(), first * tensor.dtype().bytes(), expected);
            if (!expected.flip().equals(piece)) {
                throw new IllegalArgumentException(values.origin() + ": tensor '" + tensor.name()
                        + "' is a constant of " + model.origin() + ", whose values cannot be replaced");
            }
        });
    }
}
