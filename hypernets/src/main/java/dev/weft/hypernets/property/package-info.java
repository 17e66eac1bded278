/**
 * Properties of networks predicted from numbers that describe them, as from a graph hypernetwork's states (Knyazev et al. 2021,
 * section 4.3): regression, and how well it ranks.
 */
@NullMarked
package dev.weft.hypernets.property;

import org.jspecify.annotations.NullMarked;
