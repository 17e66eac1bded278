/** The symmetries of an architecture: transformations of a parameter row that leave the network's function unchanged. */
@NullMarked
package dev.weft.symmetry;

import org.jspecify.annotations.NullMarked;
