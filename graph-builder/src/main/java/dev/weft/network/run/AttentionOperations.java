package dev.weft.network.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.weft.network.Attention;
import java.util.Arrays;

/** Scores, weighted means of values, and rotations by position. */
final class AttentionOperations {

    private AttentionOperations() {}

    static void register() {
        Operations.register(Attention.Heads.class, AttentionOperations::attention);
        Operations.register(
                Attention.Rotary.class,
                (step, layer) -> turned(step, layer.size(), frequencies(layer), layer.interleaved()));
        Operations.register(Attention.Rotation.class, (step, layer) -> {
            double[] frequencies = layer.frequencies().stream()
                    .mapToDouble(Double::doubleValue)
                    .toArray();
            return turned(step, layer.size(), frequencies, layer.interleaved());
        });
    }

    private static Batch attention(Step step, Attention.Heads layer) {
        Shape shape = step.x().getShape(); // [n, m, t, heads * k]
        int groups = layer.keyValueHeads();
        NDArray q = heads(step.x(), layer.heads());
        NDArray k = repeated(heads(step.inputs().get(1).array(), groups), layer.heads());
        NDArray v = repeated(heads(step.inputs().get(2).array(), groups), layer.heads());
        long width = q.getShape().get(3);
        NDArray scores = q.matMul(k.transpose(0, 1, 3, 2)).mul(Constants.of(q, 1 / Math.sqrt(width)));
        if (layer.causal()) {
            scores = scores.add(future(scores));
        }
        NDArray y = scores.softmax(-1).matMul(v).transpose(0, 2, 1, 3); // [n m, t, heads, v]
        return step.only().with(y.reshape(shape.get(0), shape.get(1), shape.get(2), -1));
    }

    /** [n, m, t, heads * k] to [n m, heads, t, k]. */
    private static NDArray heads(NDArray x, int heads) {
        Shape shape = x.getShape();
        return x.reshape(shape.get(0) * shape.get(1), shape.get(2), heads, shape.get(3) / heads)
                .transpose(0, 2, 1, 3);
    }

    /** Repeats each key head for the query heads that read it. */
    private static NDArray repeated(NDArray x, int heads) {
        Shape shape = x.getShape();
        if (shape.get(1) == heads) {
            return x;
        }
        long times = heads / shape.get(1);
        return x.expandDims(2)
                .broadcast(shape.get(0), shape.get(1), times, shape.get(2), shape.get(3))
                .reshape(shape.get(0), heads, shape.get(2), shape.get(3));
    }

    /** Returns 0 where a position may look and minus infinity ahead of it, [t, t']. */
    private static NDArray future(NDArray scores) {
        int t = (int) scores.getShape().get(2);
        int keys = (int) scores.getShape().get(3);
        float[] mask = new float[t * keys];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = i % keys > i / keys ? Float.NEGATIVE_INFINITY : 0;
        }
        NDManager manager = scores.getManager();
        return manager.create(mask, new Shape(t, keys))
                .toDevice(scores.getDevice(), false)
                .toType(scores.getDataType(), false);
    }

    /** Turns the first 2 * pairs of each head's {@code size} coordinates. */
    private static Batch turned(Step step, int size, double[] frequencies, boolean interleaved) {
        NDArray x = step.x(); // [n, m, t, heads * k]
        Shape shape = x.getShape();
        long pairs = frequencies.length;
        Shape heads = shape.slice(0, 3).add(shape.get(3) / size).add(size);
        NDList cut = 2 * pairs == size ? new NDList(x) : x.reshape(heads).split(new long[] {2 * pairs}, 4);
        Shape split = heads.slice(0, 4).add(interleaved ? pairs : 2).add(interleaved ? 2 : pairs);
        int axis = interleaved ? 5 : 4;
        NDList parts = cut.get(0).reshape(split).split(2, axis);
        NDArray angles = angles(x, frequencies);
        Shape wide = interleaved ? new Shape(shape.get(2), 1, pairs, 1) : new Shape(shape.get(2), 1, 1, pairs);
        NDArray cos = angles.cos().toType(x.getDataType(), false).reshape(wide);
        NDArray sin = angles.sin().toType(x.getDataType(), false).reshape(wide);
        NDArray first = parts.get(0).mul(cos).sub(parts.get(1).mul(sin));
        NDArray second = parts.get(1).mul(cos).add(parts.get(0).mul(sin));
        NDArray y = NDArrays.concat(new NDList(first, second), axis);
        if (cut.size() > 1) {
            y = NDArrays.concat(new NDList(y.reshape(heads.slice(0, 4).add(2 * pairs)), cut.get(1)), 4);
        }
        return step.only().with(y.reshape(shape));
    }

    /** Returns base^(-2 p / size) for each pair p. */
    private static double[] frequencies(Attention.Rotary layer) {
        double[] frequencies = new double[layer.size() / 2];
        Arrays.setAll(frequencies, p -> Math.pow(layer.base(), -2.0 * p / layer.size()));
        return frequencies;
    }

    /** Returns the angle of each position and pair [t, pairs] in float64. */
    private static NDArray angles(NDArray x, double[] frequencies) {
        int t = (int) x.getShape().get(2);
        double[] angles = new double[t * frequencies.length];
        Arrays.setAll(angles, i -> i / frequencies.length * frequencies[i % frequencies.length]);
        return x.getManager().create(angles, new Shape(t, frequencies.length)).toDevice(x.getDevice(), false);
    }
}
