/** Named tensors on the wire: the Arrow form that HTTP and Flight share, and states stacked on a first axis. */
@NullMarked
package dev.weft.cli.service.tensor;

import org.jspecify.annotations.NullMarked;
