/**
 * Nowcasting (Knyazev et al., ICLR 2025, "Accelerating training with neuron interaction and nowcasting networks"): from
 * five states of a network in training, forecast what its parameters will be many steps later.
 *
 * <p>{@link dev.weft.metanets.nowcast.NowcastModel} are the forecasting networks, NiNo and WNN+, with their released
 * weights; {@link dev.weft.metanets.nowcast.wiring} says how the parameters of the network that is forecast form a graph; {@link
 * dev.weft.metanets.nowcast.train} trains them.
 */
@NullMarked
package dev.weft.metanets.nowcast;

import org.jspecify.annotations.NullMarked;
