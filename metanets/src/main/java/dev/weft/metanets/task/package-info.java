/**
 * What metanets are trained for, and the one loop that trains them: micro-batches with gradient accumulation, AdamW,
 * selection by the best validation score, run directories that can be resumed.
 */
@NullMarked
package dev.weft.metanets.task;

import org.jspecify.annotations.NullMarked;
