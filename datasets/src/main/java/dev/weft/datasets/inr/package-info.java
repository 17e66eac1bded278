/**
 * Implicit neural representations: networks that map a pixel's coordinates to its value, fitted to images by a published
 * {@link dev.weft.datasets.inr.InrRecipe}, and drawn again at any resolution.
 */
@NullMarked
package dev.weft.datasets.inr;

import org.jspecify.annotations.NullMarked;
