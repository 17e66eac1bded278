/** One representative for each network up to its symmetries, and how firmly it stands. */
@NullMarked
package dev.weft.symmetry.canonical;

import org.jspecify.annotations.NullMarked;
