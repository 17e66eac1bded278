/**
 * The file formats that networks come in: {@link dev.weft.checkpoints.format.Safetensors} in and out, and recognisers
 * that turn a named state dict into an {@link dev.weft.network.Architecture} and a row. Every reader takes its file for
 * hostile: lengths, shapes and offsets are checked before anything is allocated or trusted.
 */
@NullMarked
package dev.weft.checkpoints.format;

import org.jspecify.annotations.NullMarked;
