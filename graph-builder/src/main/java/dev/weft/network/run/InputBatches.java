package dev.weft.network.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.weft.network.Architecture;
import dev.weft.network.Form.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Inputs on their way in, and outputs on their way out. */
final class InputBatches {

    private InputBatches() {}

    /** Lays inputs [m, *shape] or [n, m, *shape] out for n networks. */
    static Batch of(Architecture architecture, long n, NDArray inputs) {
        List<Integer> sample = architecture.formOf(Architecture.INPUT).shape();
        Shape shape = inputs.getShape();
        boolean shared = shape.dimension() == sample.size() + 1;
        Layout layout = architecture.input().layout();
        if (!shared && (shape.dimension() != sample.size() + 2 || shape.get(0) != n) || !fits(shape, sample, layout)) {
            throw new IllegalArgumentException("inputs for " + n + " networks " + architecture + " are "
                    + expected("m", sample) + " or " + expected(n + ", m", sample) + ", got " + shape);
        }
        if (layout == Layout.TOKENS) {
            requireWords(architecture, inputs);
            return new Batch(inputs, layout, shared);
        }
        if (layout == Layout.MAP) {
            NDArray maps = shared ? inputs : folded(inputs);
            return new Batch(n == 1 ? channelsLast(maps) : maps, layout, shared);
        }
        return Batch.of(shared ? inputs.expandDims(0).broadcast(new Shape(n).addAll(shape)) : inputs, layout);
    }

    /**
     * Returns maps [m, units, height, width] whose channels lie side by side in memory; layers keep that order. The engine's
     * kernels for pooling and depthwise convolutions are several times faster in it; with the channels of many networks side
     * by side they are not.
     */
    private static NDArray channelsLast(NDArray maps) {
        Shape shape = maps.getShape();
        if (shape.dimension() != 4) {
            return maps;
        }
        long channels = shape.get(1);
        return maps.transpose(0, 2, 3, 1)
                .reshape(-1, channels) // a copy in this order
                .reshape(shape.get(0), shape.get(2), shape.get(3), channels)
                .transpose(0, 3, 1, 2);
    }

    /** Texts may be shorter than the longest. */
    private static boolean fits(Shape shape, List<Integer> sample, Layout layout) {
        int first = shape.dimension() - sample.size();
        for (int i = 0; i < sample.size(); i++) {
            long extent = shape.get(first + i);
            if (layout == Layout.TOKENS ? extent < 1 || extent > sample.get(i) : extent != sample.get(i)) {
                return false;
            }
        }
        return true;
    }

    private static String expected(String leading, List<Integer> sample) {
        return sample.stream().map(String::valueOf).collect(Collectors.joining(", ", "[" + leading + ", ", "]"));
    }

    private static void requireWords(Architecture architecture, NDArray inputs) {
        double smallest = scalar(inputs.min());
        double largest = scalar(inputs.max());
        if (smallest < 0 || largest >= architecture.inputSize()) {
            throw new IllegalArgumentException("words for " + architecture + " are in [0, " + architecture.inputSize()
                    + "), got " + (long) (smallest < 0 ? smallest : largest));
        }
    }

    private static double scalar(NDArray value) {
        return value.toType(DataType.FLOAT64, true).getDouble();
    }

    /** [n, m, units, *positions] to [m, n * units, *positions]. */
    private static NDArray folded(NDArray inputs) {
        Shape shape = inputs.getShape();
        List<Integer> order = new ArrayList<>(List.of(1, 0));
        for (int i = 2; i < shape.dimension(); i++) {
            order.add(i);
        }
        return inputs.transpose(order.stream().mapToInt(Integer::intValue).toArray())
                .reshape(new Shape(shape.get(1), shape.get(0) * shape.get(2)).addAll(shape.slice(3)));
    }

    /** Returns values as [n, m, *shape]. */
    static NDArray unfolded(long n, Batch output) {
        if (output.layout() != Layout.MAP) {
            return output.array();
        }
        NDArray maps = output.ownMaps(n);
        Shape shape = maps.getShape();
        NDArray apart = maps.reshape(new Shape(shape.get(0), n, shape.get(1) / n).addAll(shape.slice(2)));
        List<Integer> order = new ArrayList<>(List.of(1, 0));
        for (int i = 2; i < apart.getShape().dimension(); i++) {
            order.add(i);
        }
        return apart.transpose(order.stream().mapToInt(Integer::intValue).toArray());
    }
}
