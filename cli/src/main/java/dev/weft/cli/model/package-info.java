/** {@code weft train}, {@code evaluate} and {@code predict}: metanets from zoo to answer. */
@NullMarked
package dev.weft.cli.model;

import org.jspecify.annotations.NullMarked;
