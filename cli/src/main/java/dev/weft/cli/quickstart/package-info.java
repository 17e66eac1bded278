/** {@code weft quickstart}: the whole path on the built-in data, from images to a table and pictures. */
@NullMarked
package dev.weft.cli.quickstart;

import org.jspecify.annotations.NullMarked;
