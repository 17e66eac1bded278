/** {@code weft nowcast}: from five states of a network in training to a forecast of its parameters. */
@NullMarked
package dev.weft.cli.nowcast;

import org.jspecify.annotations.NullMarked;
