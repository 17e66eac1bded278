/** Labelled images of one size, from files that their readers check byte by byte. */
@NullMarked
package dev.weft.datasets.image;

import org.jspecify.annotations.NullMarked;
