/** What a learned forecast of parameters has to beat. */
@NullMarked
package dev.weft.metanets.nowcast.baseline;

import org.jspecify.annotations.NullMarked;
