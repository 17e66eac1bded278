/**
 * Where zoos come from: {@code image} reads pictures and {@code text} texts, {@code inr} fits networks to pictures, {@code
 * training} trains ordinary networks, {@code augment} varies rows.
 */
@NullMarked
package dev.weft.datasets;

import org.jspecify.annotations.NullMarked;
