package dev.weft.network;

/** Several inputs become one. */
public sealed interface Junction extends Layer {

    /** The sum, for example behind a residual branch: the inputs' neurons become the same block. */
    record Add() implements Junction {}

    /**
     * The product. Two inputs of one shape, or values with positions times a vector or pixel that is repeated over them (the
     * gates of squeeze-and-excitation).
     */
    record Multiply() implements Junction {}

    /** The inputs' neurons side by side. */
    record Concat() implements Junction {}
}
