package dev.weft.checkpoints.format.onnx.topology;

/**
 * A flow with each pair of a head's coordinates (a, b) turned by a right angle to (-b, a).
 *
 * @param interleaved whether pairs are neighbours, or halves
 * @param shape as the graph has it, which is not yet the flow's while pairs have an axis of their own
 */
record Turned(Flow flow, boolean interleaved, int[] shape) implements Meaning {}
