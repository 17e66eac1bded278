/**
 * Zoos of checkpoints: a folder with a manifest and Arrow IPC files, one row a checkpoint, its parameters one flat
 * vector. {@link dev.weft.checkpoints.ZooWriter} writes whole parts only and resumes, {@link dev.weft.checkpoints.Zoo}
 * maps them and hands batches to DJL without a copy, {@link dev.weft.checkpoints.ZooVerifier} looks at every byte.
 */
@NullMarked
package dev.weft.checkpoints;

import org.jspecify.annotations.NullMarked;
