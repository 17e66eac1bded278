/** Where zoos come from: {@code image} reads pictures, {@code inr} fits networks to them, {@code augment} varies rows. */
@NullMarked
package dev.weft.datasets;

import org.jspecify.annotations.NullMarked;
