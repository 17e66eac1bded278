/**
 * The file formats that networks come in. {@link dev.weft.checkpoints.format.TensorFile} opens any of them by its content;
 * {@link dev.weft.checkpoints.format.TensorFormat} is how a format is added; {@link
 * dev.weft.checkpoints.format.Safetensors} and its shards are here, PyTorch and ONNX in packages below. In {@code recognise} a
 * named state dict becomes an {@link dev.weft.network.Architecture} and a row. Every reader takes its file for hostile:
 * lengths, shapes and offsets are checked before anything is allocated or trusted.
 */
@NullMarked
package dev.weft.checkpoints.format;

import org.jspecify.annotations.NullMarked;
