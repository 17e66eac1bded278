package dev.weft.metanets.nowcast;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;

/** An {@link AffineMap} in the engine's memory, single precision. */
record DeviceMap(NDArray weight, NDArray bias) {

    static DeviceMap of(NDManager manager, AffineMap map) {
        return new DeviceMap(
                manager.create(map.floatWeight(), new Shape(map.out(), map.in())), manager.create(map.floatBias()));
    }

    /** Returns W x + b on the last axis. */
    NDArray apply(NDArray x) {
        return Linear.linear(x, weight, bias).singletonOrThrow();
    }
}
