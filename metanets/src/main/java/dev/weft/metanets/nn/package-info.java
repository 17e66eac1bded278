/**
 * Layers on block features: every array is dense, [b, n, d] for neurons and [b, t, s, d] for the weights between two
 * blocks of neurons. DJL blocks whose values come from a {@link dev.weft.network.Seed}.
 */
@NullMarked
package dev.weft.metanets.nn;

import org.jspecify.annotations.NullMarked;
