package dev.weft.hypernets.ghn;

import ai.djl.ndarray.NDArray;
import dev.weft.metanets.nn.ForwardPass;

/** From node states to weights of two and more axes. */
interface KernelDecoder {

    /**
     * Returns weights.
     *
     * @param states [n, d]
     * @param out output channels, as {@link DecodedShape} says
     * @param in input channels
     * @return [n, height * width, out * in]
     */
    NDArray weights(ForwardPass pass, NDArray states, int out, int in, int height, int width);

    /**
     * Returns weights of classifiers.
     *
     * @param in input channels
     * @return [n, K * in]
     */
    NDArray classWeights(ForwardPass pass, NDArray states, int in);
}
