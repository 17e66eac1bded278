package dev.weft.hypernets.ghn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.nn.norm.LayerNorm;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.metanets.nn.SeededInitializer;

/** Layer norm of the last axis, [..., d], with {@code weight} and {@code bias} [d]. */
final class FeatureNorm extends GhnBlock {

    private static final float EPSILON = 1e-5f;

    private final int size;
    private final Parameter gain;
    private final Parameter shift;

    FeatureNorm(int size) {
        this.size = size;
        gain = parameter("weight", new Shape(size), SeededInitializer.constant(1));
        shift = parameter("bias", new Shape(size), SeededInitializer.constant(0));
    }

    NDArray forward(ForwardPass pass, NDArray x) {
        return LayerNorm.layerNorm(x, new Shape(size), pass.value(gain), pass.value(shift), EPSILON)
                .singletonOrThrow();
    }
}
