/**
 * ONNX models: {@link dev.weft.checkpoints.format.onnx.OnnxFile} gives initializers as named tensors and {@link
 * dev.weft.checkpoints.format.onnx.OnnxModel} the graph as plain records, {@link
 * dev.weft.checkpoints.format.onnx.OnnxWriter} puts values back and keeps everything else, unknown fields included.
 *
 * <p>Messages are read field by field with protobuf's own stream, without generated classes, so that values stay in the
 * file until they are asked for. The numbers of fields are those of {@code onnx.proto}.
 */
@NullMarked
package dev.weft.checkpoints.format.onnx;

import org.jspecify.annotations.NullMarked;
