/**
 * Training of ordinary networks, several of one architecture side by side, and zoos of the trajectories of their parameters.
 */
@NullMarked
package dev.weft.datasets.training;

import org.jspecify.annotations.NullMarked;
