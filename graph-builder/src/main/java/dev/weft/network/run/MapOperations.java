package dev.weft.network.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.pooling.Pool;
import dev.weft.network.Convolution;
import dev.weft.network.Form.Layout;
import dev.weft.network.Pooling;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Convolutions and pooling: all networks in one call, their channels as groups. */
final class MapOperations {

    private MapOperations() {}

    static void register() {
        Operations.register(Convolution.class, MapOperations::convolution);
        Operations.register(Pooling.MaxPool.class, MapOperations::maxPool);
        Operations.register(
                Pooling.AvgPool.class,
                (step, layer) -> step.only()
                        .with(avgPool(
                                step.x(), layer.kernel(), layer.stride(), layer.padding(), layer.countPadding())));
        Operations.register(Pooling.AdaptiveAvgPool.class, MapOperations::adaptive);
        Operations.register(Pooling.GlobalAvgPool.class, (step, layer) -> global(step));
    }

    private static Batch convolution(Step step, Convolution layer) {
        long n = step.networks();
        NDArray weight = step.tensor("weight"); // [n, out, in / groups, *kernel]
        Shape shape = weight.getShape();
        NDArray filters = weight.reshape(new Shape(n * shape.get(1)).addAll(shape.slice(2)));
        NDArray given = step.optional("bias");
        NDArray bias = given == null ? null : given.reshape(n * shape.get(1));
        boolean shared = step.only().shared() && layer.groups() == 1; // every network's filters on the same channels
        NDArray x = shared ? step.x() : step.only().ownMaps(n);
        int groups = shared ? 1 : Math.toIntExact(n * layer.groups());
        return Batch.of(convolve(x, filters, bias, layer, groups), Layout.MAP);
    }

    private static NDArray convolve(NDArray x, NDArray filters, @Nullable NDArray bias, Convolution layer, int groups) {
        if (groups == 1 && PointwiseConvolution.takes(layer)) {
            return PointwiseConvolution.run(x, filters, bias, layer);
        }
        return DilatedConvolution.takes(layer, x.getShape())
                ? DilatedConvolution.run(x, filters, bias, layer, groups)
                : direct(x, filters, bias, layer, groups);
    }

    @SuppressWarnings("NullAway") // DJL takes null for no bias
    private static NDArray direct(NDArray x, NDArray filters, @Nullable NDArray bias, Convolution layer, int groups) {
        Shape stride = shape(layer.stride());
        Shape padding = shape(layer.padding());
        Shape dilation = shape(layer.dilation());
        return layer.kernel().size() == 1
                ? Conv1d.conv1d(x, filters, bias, stride, padding, dilation, groups)
                        .singletonOrThrow()
                : Conv2d.conv2d(x, filters, bias, stride, padding, dilation, groups)
                        .singletonOrThrow();
    }

    private static Batch maxPool(Step step, Pooling.MaxPool layer) {
        Shape kernel = shape(layer.kernel());
        Shape stride = shape(layer.stride());
        Shape padding = shape(layer.padding());
        return step.only()
                .with(
                        layer.kernel().size() == 1
                                ? Pool.maxPool1d(step.x(), kernel, stride, padding, false)
                                : Pool.maxPool2d(step.x(), kernel, stride, padding, false));
    }

    private static NDArray avgPool(
            NDArray x, List<Integer> kernel, List<Integer> stride, List<Integer> padding, boolean countPadding) {
        return kernel.size() == 1
                ? Pool.avgPool1d(x, shape(kernel), shape(stride), shape(padding), false, countPadding)
                : Pool.avgPool2d(x, shape(kernel), shape(stride), shape(padding), false, countPadding);
    }

    private static Batch adaptive(Step step, Pooling.AdaptiveAvgPool layer) {
        List<Integer> window = new ArrayList<>();
        List<Integer> none = new ArrayList<>();
        for (int i = 0; i < layer.size().size(); i++) {
            window.add((int) step.x().getShape().get(2 + i) / layer.size().get(i));
            none.add(0);
        }
        return step.only().with(avgPool(step.x(), window, window, none, true));
    }

    private static Batch global(Step step) {
        Batch x = step.only();
        if (x.layout() == Layout.SEQUENCE) {
            return Batch.of(x.array().mean(new int[] {2}), Layout.VECTOR);
        }
        long n = step.networks();
        NDArray maps = Batch.of(x.ownMaps(n), Layout.MAP).unfolded(n); // [m, n, units, positions]
        return Batch.of(maps.mean(new int[] {3}).transpose(1, 0, 2), Layout.VECTOR);
    }

    private static Shape shape(List<Integer> extents) {
        return new Shape(extents.stream().mapToLong(Integer::longValue).toArray());
    }
}
