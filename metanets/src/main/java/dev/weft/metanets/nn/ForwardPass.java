package dev.weft.metanets.nn;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;

/**
 * What every layer needs to know of the pass it takes part in.
 *
 * @param store where parameter values are looked up
 * @param device the device of the input
 * @param training whether dropout acts
 */
public record ForwardPass(ParameterStore store, Device device, boolean training) {

    /** Returns the value of a parameter on this pass' device. */
    public NDArray value(Parameter parameter) {
        return store.getValue(parameter, device, training);
    }
}
