/**
 * Bringing two networks of one architecture together: group elements that make one as like the other as can be, and what
 * lies between them. Permutations are found by linear assignment, one set of blocks at a time.
 */
@NullMarked
package dev.weft.symmetry.align;

import org.jspecify.annotations.NullMarked;
