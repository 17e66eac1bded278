/** {@code weft results}: tables of trained metanets as pages, made by a command from runs that anybody can repeat. */
@NullMarked
package dev.weft.cli.results;

import org.jspecify.annotations.NullMarked;
