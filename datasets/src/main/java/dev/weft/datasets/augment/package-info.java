/** Variations of parameter rows for training on them: exact moves of the picture, symmetries, and noise. */
@NullMarked
package dev.weft.datasets.augment;

import org.jspecify.annotations.NullMarked;
