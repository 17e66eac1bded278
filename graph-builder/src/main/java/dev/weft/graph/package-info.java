/**
 * Parameter graphs: blocks of neurons joined by blocks of weights, a neuron-level JGraphT view that stores nothing per
 * neuron or edge, and pictures of them.
 */
@NullMarked
package dev.weft.graph;

import org.jspecify.annotations.NullMarked;
