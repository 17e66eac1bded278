/**
 * {@code weft align}, {@code weft canonicalize}, {@code weft expand}: other networks with the same function; {@code weft merge}:
 * one network of several.
 */
@NullMarked
package dev.weft.cli.symmetry;

import org.jspecify.annotations.NullMarked;
