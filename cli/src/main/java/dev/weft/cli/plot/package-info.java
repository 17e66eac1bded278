/**
 * Pictures as pure functions of plain arrays: each class draws one {@link java.awt.image.BufferedImage}, and {@link
 * dev.weft.cli.plot.PictureFiles} writes it where fonts allow.
 */
@NullMarked
package dev.weft.cli.plot;

import org.jspecify.annotations.NullMarked;
