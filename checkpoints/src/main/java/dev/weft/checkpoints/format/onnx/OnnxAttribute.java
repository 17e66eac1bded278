package dev.weft.checkpoints.format.onnx;

import java.util.List;

/** A node's attribute. */
public sealed interface OnnxAttribute {

    /** A whole number. */
    record Int(long value) implements OnnxAttribute {}

    /** A number. */
    record Real(float value) implements OnnxAttribute {}

    /** A text. */
    record Text(String value) implements OnnxAttribute {}

    /** A tensor, whose values {@link OnnxFile#read(OnnxTensor, long, java.nio.ByteBuffer)} reads. */
    record Tensor(OnnxTensor value) implements OnnxAttribute {}

    /** A body of control flow. */
    record Graph(OnnxGraph value) implements OnnxAttribute {}

    /** Whole numbers. */
    record Ints(List<Long> values) implements OnnxAttribute {}

    /** Numbers. */
    record Reals(List<Float> values) implements OnnxAttribute {}

    /** Texts. */
    record Texts(List<String> values) implements OnnxAttribute {}

    /**
     * Something that is not read.
     *
     * @param what says what, for messages
     */
    record Other(String what) implements OnnxAttribute {}
}
