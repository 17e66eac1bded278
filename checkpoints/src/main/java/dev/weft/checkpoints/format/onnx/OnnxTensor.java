package dev.weft.checkpoints.format.onnx;

import dev.weft.checkpoints.format.Dtype;
import dev.weft.checkpoints.format.NamedTensor;
import java.nio.file.Path;
import java.util.List;

/**
 * An initializer or a tensor attribute; its values stay in the file.
 *
 * @param message where its TensorProto lies in the file
 * @param values where its values lie
 */
public record OnnxTensor(String name, Dtype dtype, List<Long> shape, Span message, Values values)
        implements NamedTensor {

    /**
     * A range of a file.
     *
     * @param start first byte
     * @param end the byte behind the last
     */
    public record Span(long start, long end) {

        /** Returns the number of bytes. */
        public long length() {
            return end - start;
        }
    }

    /** Where values lie. */
    public sealed interface Values {

        /** In the model's file, as they are in memory. */
        record Plain(Span span) implements Values {}

        /** In the model's file, as protobuf's variable-length integers. */
        record Varints(Span span) implements Values {}

        /** In another file, as they are in memory. */
        record External(Path file, Span span) implements Values {}
    }
}
