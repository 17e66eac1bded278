/**
 * Larger networks with the same function: wider layers, more heads, more layers. {@link dev.weft.symmetry.expand.Expansions}
 * is the way in.
 */
@NullMarked
package dev.weft.symmetry.expand;

import org.jspecify.annotations.NullMarked;
