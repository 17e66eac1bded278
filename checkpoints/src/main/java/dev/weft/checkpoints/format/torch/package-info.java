/**
 * PyTorch's checkpoint files, read without PyTorch and without running anything: {@link
 * dev.weft.checkpoints.format.torch.ZipDirectory} finds the entries of the archive, {@link
 * dev.weft.checkpoints.format.torch.Unpickler} reads {@code data.pkl} with a list of the few names that may occur in it,
 * {@link dev.weft.checkpoints.format.torch.Flattening} turns nested containers into dotted names, and {@link
 * dev.weft.checkpoints.format.torch.PyTorchFile} reads storages where they lie.
 */
@NullMarked
package dev.weft.checkpoints.format.torch;

import org.jspecify.annotations.NullMarked;
