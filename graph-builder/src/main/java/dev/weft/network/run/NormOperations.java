package dev.weft.network.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.norm.BatchNorm;
import dev.weft.network.Form.Layout;
import dev.weft.network.Layer;
import dev.weft.network.Norm;
import org.jspecify.annotations.Nullable;

/** Norms, with moments from the row, the batch or the sample. */
final class NormOperations {

    private NormOperations() {}

    static void register() {
        Operations.register(Norm.BatchNorm.class, NormOperations::batch);
        Operations.register(
                Norm.LayerNorm.class,
                (step, layer) -> runs(step, layer.size(), layer.epsilon(), true, step.optional("weight")));
        Operations.register(
                Norm.RmsNorm.class,
                (step, layer) -> runs(step, layer.size(), layer.epsilon(), false, step.tensor("weight")));
        Operations.register(
                Norm.OffsetRmsNorm.class,
                (step, layer) -> runs(
                        step,
                        layer.size(),
                        layer.epsilon(),
                        false,
                        step.tensor("weight").add(1)));
        Operations.register(Layer.Gain.class, (step, layer) -> gain(step));
        Operations.register(
                Layer.Shift.class,
                (step, layer) -> affine(step, own(step), own(step).array(), null));
        Operations.register(Norm.GroupNorm.class, NormOperations::group);
    }

    /** Returns a batch whose maps have channels of their own for each network. */
    private static Batch own(Step step) {
        Batch x = step.only();
        return x.layout() == Layout.MAP ? Batch.of(x.ownMaps(step.networks()), Layout.MAP) : x;
    }

    private static Batch batch(Step step, Norm.BatchNorm layer) {
        Batch x = own(step);
        if (!layer.running() && layer.affine() && x.layout() == Layout.MAP) {
            return fused(step, layer, x);
        }
        NDArray mean;
        NDArray variance;
        if (layer.running()) {
            mean = x.perUnit(step.tensor("running_mean"));
            variance = x.perUnit(step.tensor("running_var"));
        } else {
            mean = batchMean(x, x.array());
            variance = batchMean(x, x.array().sub(mean).square());
        }
        NDArray y = x.array().sub(mean).div(variance.add(layer.epsilon()).sqrt());
        return affine(step, x, y, step.optional("weight"));
    }

    private static Batch gain(Step step) {
        Batch x = own(step);
        return x.with(x.array().mul(x.perUnit(step.tensor(""))));
    }

    /** The engine's one call for moments of the batch; networks' channels lie side by side, so it takes all of them at once. */
    private static Batch fused(Step step, Norm.BatchNorm layer, Batch x) {
        NDArray gain = step.tensor("weight").reshape(-1);
        NDArray shift = step.tensor("bias").reshape(-1);
        NDArray mean = x.array().getManager().zeros(gain.getShape(), gain.getDataType(), gain.getDevice()); // not kept
        NDArray variance = x.array().getManager().ones(gain.getShape(), gain.getDataType(), gain.getDevice());
        return x.with(
                BatchNorm.batchNorm(x.array(), mean, variance, gain, shift, 1, 0.9f, (float) layer.epsilon(), true)
                        .singletonOrThrow());
    }

    /** Returns the mean over inputs and positions, ready to be broadcast. */
    private static NDArray batchMean(Batch x, NDArray values) {
        Shape shape = values.getShape();
        int[] axes = x.layout() == Layout.VECTOR ? new int[] {1} : new int[] {1, 2};
        if (x.layout() == Layout.MAP) {
            axes = shape.dimension() == 3 ? new int[] {0, 2} : new int[] {0, 2, 3};
        }
        long count = 1;
        for (int axis : axes) {
            count *= shape.get(axis);
        }
        NDArray sum = values.sum(axes, true);
        return sum.mul(Constants.of(sum, 1.0 / count));
    }

    private static Batch affine(Step step, Batch x, NDArray y, @Nullable NDArray gain) {
        NDArray shift = step.optional("bias");
        NDArray scaled = gain == null ? y : y.mul(x.perUnit(gain));
        return x.with(shift == null ? scaled : scaled.add(x.perUnit(shift)));
    }

    private static Batch runs(Step step, int size, double epsilon, boolean centred, @Nullable NDArray gain) {
        Batch x = own(step);
        if (x.layout() == Layout.MAP) {
            Shape shape = x.array().getShape();
            return affine(
                    step,
                    x,
                    normal(x.unfolded(step.networks()), 2, epsilon, centred).reshape(shape),
                    gain);
        }
        Shape shape = x.array().getShape();
        long width = shape.get(shape.dimension() - 1);
        if (width == size) {
            return affine(step, x, normal(x.array(), shape.dimension() - 1, epsilon, centred), gain);
        }
        Shape heads = shape.slice(0, shape.dimension() - 1).add(width / size).add(size);
        NDArray y = normal(x.array().reshape(heads), heads.dimension() - 1, epsilon, centred);
        y = perHead(y, gain, true);
        return x.with(perHead(y, step.optional("bias"), false).reshape(shape));
    }

    private static NDArray perHead(NDArray y, @Nullable NDArray values, boolean gain) {
        if (values == null) {
            return y;
        }
        Shape wide = new Shape(values.getShape().get(0));
        for (int i = 2; i < y.getShape().dimension(); i++) {
            wide = wide.add(1);
        }
        NDArray shared = values.reshape(wide.add(values.getShape().get(1)));
        return gain ? y.mul(shared) : y.add(shared);
    }

    private static NDArray normal(NDArray x, int axis, double epsilon, boolean centred) {
        int[] axes = {axis};
        NDArray around = centred ? x.sub(x.mean(axes, true)) : x;
        return around.div(around.square().mean(axes, true).add(epsilon).sqrt());
    }

    private static Batch group(Step step, Norm.GroupNorm layer) {
        Batch x = own(step);
        Shape shape = x.array().getShape();
        NDArray groups = x.array().reshape(shape.get(0), step.networks() * layer.groups(), -1);
        return affine(step, x, normal(groups, 2, layer.epsilon(), true).reshape(shape), step.optional("weight"));
    }
}
