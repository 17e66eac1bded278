/** Texts as rows of numbered characters. */
@NullMarked
package dev.weft.datasets.text;

import org.jspecify.annotations.NullMarked;
