package dev.weft.datasets.training;

import ai.djl.ndarray.NDArray;

/**
 * What networks are asked and what is right, for n networks or, with one row less of axes, for all alike.
 *
 * @param inputs [n, m, *shape] or [m, *shape]
 * @param answers numbers of classes or words, int64: [n, m, *] or [1, m, *]
 */
public record Examples(NDArray inputs, NDArray answers) {}
