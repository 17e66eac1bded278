/**
 * What a network is, without its values: an {@link dev.weft.network.Architecture} of {@link dev.weft.network.Layer}s,
 * its ordered {@link dev.weft.network.ParameterTensor}s in one flat row, and the {@link dev.weft.network.NeuronBlock}s
 * that their axes index. Everything else in Weft is derived from these labels.
 */
@NullMarked
package dev.weft.network;

import org.jspecify.annotations.NullMarked;
