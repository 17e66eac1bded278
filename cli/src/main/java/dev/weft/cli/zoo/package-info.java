/** {@code weft zoo}: making, inspecting and exporting data sets of networks. */
@NullMarked
package dev.weft.cli.zoo;

import org.jspecify.annotations.NullMarked;
