/**
 * How the parameters of a network form the graph that NiNo passes messages over: a few dozen blocks of edges, even for a
 * large network. {@link dev.weft.metanets.nowcast.wiring.ReferenceWiring} is what the released weights were trained
 * on, {@link dev.weft.metanets.nowcast.wiring.CorrectedWiring} follows the true connections.
 */
@NullMarked
package dev.weft.metanets.nowcast.wiring;

import org.jspecify.annotations.NullMarked;
