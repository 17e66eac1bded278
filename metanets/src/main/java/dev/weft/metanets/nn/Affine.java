package dev.weft.metanets.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.weft.network.Seed;
import org.jspecify.annotations.Nullable;

/** y = x W' + b on the last axis; input [..., in], output [..., out], W [out, in], b [out]. PyTorch's initial values. */
public final class Affine extends WeightSpaceBlock {

    private final int in;
    private final int out;
    private final Seed seed;
    private final Parameter weight;
    private final Parameter bias;

    public Affine(int in, int out, Seed seed) {
        this(in, out, seed, 1, SeededInitializer.fanIn(seed.split("bias"), in));
    }

    private Affine(int in, int out, Seed seed, double gain, SeededInitializer biases) {
        this.in = in;
        this.out = out;
        this.seed = seed;
        weight = parameter(
                "weight", new Shape(out, in), SeededInitializer.uniform(seed.split("weight"), gain / Math.sqrt(in)));
        bias = parameter("bias", new Shape(out), biases);
    }

    /** Returns a map whose initial weights are multiplied by {@code gain} and whose biases start at 0. */
    public static Affine damped(int in, int out, double gain, Seed seed) {
        return new Affine(in, out, seed, gain, SeededInitializer.constant(0));
    }

    /** Multiplies the initial weights, not the biases. */
    void scaleInitialWeight(double gain) {
        weight.setInitializer(SeededInitializer.uniform(seed.split("weight"), gain / Math.sqrt(in)));
    }

    /** Applies the map to x [..., in]. */
    public NDArray forward(ForwardPass pass, NDArray x) {
        return Linear.linear(x, weight(pass), bias(pass)).singletonOrThrow();
    }

    /** Returns W [out, in], for layers that compose maps. */
    public NDArray weight(ForwardPass pass) {
        return pass.value(weight);
    }

    /** Returns b [out]. */
    public NDArray bias(ForwardPass pass) {
        return pass.value(bias);
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, @Nullable PairList<String, Object> params) {
        NDArray x = inputs.singletonOrThrow();
        return new NDList(forward(new ForwardPass(store, x.getDevice(), training), x));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
        return new Shape[] {inputs[0].slice(0, inputs[0].dimension() - 1).add(out)};
    }
}
