/** Commands on files of named tensors, of any format. */
@NullMarked
package dev.weft.cli.checkpoint;

import org.jspecify.annotations.NullMarked;
