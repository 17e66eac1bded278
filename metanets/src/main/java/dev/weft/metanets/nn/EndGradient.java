package dev.weft.metanets.nn;

/**
 * Gradients of what edges take from their end nodes.
 *
 * @param receivers [b, n, d]
 * @param senders [b, n, d]
 */
record EndGradient(float[] receivers, float[] senders) {}
