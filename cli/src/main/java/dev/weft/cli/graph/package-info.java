/** {@code weft graph}: parameter graphs for people and other programs. */
@NullMarked
package dev.weft.cli.graph;

import org.jspecify.annotations.NullMarked;
