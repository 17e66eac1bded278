package dev.weft.network.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import dev.weft.network.Equivariant;
import dev.weft.network.Layer;
import org.jspecify.annotations.Nullable;

/** Products with weight matrices, one for each network. */
final class LinearOperations {

    private LinearOperations() {}

    static void register() {
        Operations.register(
                Layer.Linear.class,
                (step, layer) -> step.only().with(linear(step.x(), step.tensor("weight"), step.optional("bias"))));
        Operations.register(
                Layer.InputMajorLinear.class,
                (step, layer) -> step.only().with(product(step.x(), step.tensor("weight"), step.optional("bias"))));
        Operations.register(Equivariant.Cyclic.class, LinearOperations::cyclic);
        Operations.register(Equivariant.Symmetric.class, LinearOperations::symmetric);
    }

    /** x [n, m, in] or [n, m, t, in], weight [n, out, in], bias [n, out] or none. */
    static NDArray linear(NDArray x, NDArray weight, @Nullable NDArray bias) {
        return product(x, weight.transpose(0, 2, 1), bias);
    }

    /** x [n, m, in] or [n, m, t, in], weight [n, in, out], bias [n, out] or none. */
    static NDArray product(NDArray x, NDArray weight, @Nullable NDArray bias) {
        Shape shape = x.getShape();
        boolean sequence = shape.dimension() == 4;
        NDArray flat = sequence ? x.reshape(shape.get(0), shape.get(1) * shape.get(2), shape.get(3)) : x;
        NDArray y = flat.matMul(weight);
        y = bias == null ? y : y.add(bias.expandDims(1));
        return sequence
                ? y.reshape(
                        shape.get(0),
                        shape.get(1),
                        shape.get(2),
                        weight.getShape().get(2))
                : y;
    }

    private static Batch cyclic(Step step, Equivariant.Cyclic layer) {
        NDArray weight = step.tensor("weight"); // [n, order, out, in]
        NDArray x = step.x();
        NDArray sum = linear(x, weight.get(":, 0"), step.optional("bias"));
        for (int j = 1; j < layer.order(); j++) {
            NDList cut = x.split(new long[] {j}, 2);
            NDArray turned = NDArrays.concat(new NDList(cut.get(1), cut.get(0)), 2); // x_(i + j)
            sum = sum.add(linear(turned, weight.get(":, {}", j), null));
        }
        return step.only().with(sum);
    }

    private static Batch symmetric(Step step, Equivariant.Symmetric layer) {
        NDArray x = step.x();
        NDArray own = linear(x, step.tensor("own.weight"), step.optional("bias"));
        NDArray mean = x.mean(new int[] {2}, true);
        return step.only().with(own.add(linear(mean, step.tensor("mean.weight"), null)));
    }
}
