package dev.weft.network;

import java.util.Optional;

/**
 * A freedom of scale: one number for each neuron of a block, multiplied into the weights that write the neuron's value
 * and divided out of those that read it, leaves the function unchanged. Tensors say where it enters by
 * {@link Axis.Power}.
 *
 * <p>ReLU-like activations let positive numbers through, odd ones signs, linear paths (attention's values, a gain in front
 * of a linear layer) both (Godfrey et al. 2022, "On the symmetries of deep learning models and their internal
 * representations").
 *
 * @param index position in {@link Architecture#gauges()}
 * @param block index of the neurons' block
 * @param positive whether all positive numbers are allowed
 * @param sign whether -1 is allowed
 * @param shift for a sine, how a neuron of sign -1 gets it; none for plain gauges
 */
public record Gauge(int index, int block, boolean positive, boolean sign, Optional<PhaseShift> shift) {

    /**
     * sin(w0 (z + pi / w0)) = -sin(w0 z): half a period added to a bias turns the sign of the sine.
     *
     * @param bias name of the bias [size] that moves
     * @param amount pi / w0
     */
    public record PhaseShift(String bias, double amount) {}
}
