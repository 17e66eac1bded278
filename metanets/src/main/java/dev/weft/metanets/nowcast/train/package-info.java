/**
 * Training NiNo and WNN+ on zoos of trajectories (Knyazev et al., ICLR 2025, section 4 and appendix): windows of states are
 * drawn from the training runs, and the forecasts of all states behind them are compared with what they became, by the mean
 * absolute error of the scaled values.
 *
 * <p>{@link dev.weft.metanets.nowcast.train.NowcastTrainer} is where to begin.
 */
@NullMarked
package dev.weft.metanets.nowcast.train;

import org.jspecify.annotations.NullMarked;
