/**
 * From a file of named tensors to a network. {@link dev.weft.checkpoints.format.recognise.NetworkFile} is the way in: it
 * opens a checkpoint, asks every {@link dev.weft.checkpoints.format.recognise.Recogniser} what network the names and shapes
 * are of, and reads and writes its values as a flat row. What a file does not tell (an activation, the number of heads) comes
 * from a {@code config.json} beside it, from {@link dev.weft.checkpoints.format.recognise.Hints}, or from the family's habits,
 * which the reason then names. No tensor is dropped in silence.
 */
@NullMarked
package dev.weft.checkpoints.format.recognise;

import org.jspecify.annotations.NullMarked;
