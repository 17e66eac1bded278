/** Options that many commands share, as picocli mixins. {@link dev.weft.cli} has the recipe for using them. */
@NullMarked
package dev.weft.cli.options;

import org.jspecify.annotations.NullMarked;
