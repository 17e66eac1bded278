package dev.weft.checkpoints.format.onnx.topology;

import dev.weft.checkpoints.format.onnx.OnnxTensor;
import java.util.Arrays;

/**
 * A value that does not depend on the network's input: a view of a tensor in the file, or of numbers that were computed.
 *
 * @param source where the values are
 * @param kind of the values
 * @param offset index of the first value in the source
 * @param shape sizes
 * @param strides steps in the source, one an axis; 0 where values are repeated
 */
record Fixed(Source source, Kind kind, long offset, int[] shape, long[] strides) implements Meaning {

    /** Where values are. */
    sealed interface Source {

        /** A tensor of the file. */
        record Stored(OnnxTensor tensor) implements Source {}

        /** Numbers. Whole ones are exact up to 2^53. */
        record Computed(double[] values) implements Source {}
    }

    /** What values are. */
    enum Kind {
        REAL,
        INTEGER,
        LOGICAL
    }

    static Fixed of(Kind kind, int[] shape, double... values) {
        return new Fixed(new Source.Computed(values), kind, 0, shape, Sizes.strides(shape));
    }

    static Fixed integers(double... values) {
        return of(Kind.INTEGER, new int[] {values.length}, values);
    }

    static Fixed of(OnnxTensor tensor) {
        int[] shape = new int[tensor.shape().size()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = Math.toIntExact(tensor.shape().get(i));
        }
        Kind kind = tensor.dtype().isFloating() ? Kind.REAL : tensor.dtype().isInteger() ? Kind.INTEGER : Kind.LOGICAL;
        return new Fixed(new Source.Stored(tensor), kind, 0, shape, Sizes.strides(shape));
    }

    int rank() {
        return shape.length;
    }

    int size() {
        return Sizes.product(shape);
    }

    /** Whether the values could be a network's parameters: numbers of the file, as they are. */
    boolean parameter() {
        return kind == Kind.REAL && source instanceof Source.Stored;
    }

    /** Whether the view is all of its source or a run of it, in the order of memory. */
    boolean contiguous() {
        long expected = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            if (shape[i] != 1 && strides[i] != expected) {
                return false;
            }
            expected *= shape[i];
        }
        return true;
    }

    Fixed with(Kind other) {
        return new Fixed(source, other, offset, shape, strides);
    }

    /** The same values under other sizes; the view must be contiguous. */
    Fixed reshaped(int[] sizes) {
        return new Fixed(source, kind, offset, sizes, Sizes.strides(sizes));
    }

    Fixed transposed(int[] order) {
        int[] sizes = new int[order.length];
        long[] steps = new long[order.length];
        for (int i = 0; i < order.length; i++) {
            sizes[i] = shape[order[i]];
            steps[i] = strides[order[i]];
        }
        return new Fixed(source, kind, offset, sizes, steps);
    }

    /** Every {@code step}th index from {@code from} along an axis. */
    Fixed sliced(int axis, int from, int count, int step) {
        int[] sizes = shape.clone();
        long[] steps = strides.clone();
        sizes[axis] = count;
        steps[axis] *= step;
        return new Fixed(source, kind, offset + from * strides[axis], sizes, steps);
    }

    /** One index along an axis, which goes. */
    Fixed at(int axis, int index) {
        return new Fixed(
                source, kind, offset + index * strides[axis], Sizes.without(shape, axis), Sizes.without(strides, axis));
    }

    /** A new axis of size 1. */
    Fixed unsqueezed(int axis) {
        return new Fixed(source, kind, offset, Sizes.with(shape, axis, 1), Sizes.with(strides, axis, 0L));
    }

    /** Repeats axes of size 1, and puts new ones in front. */
    Fixed expanded(int[] sizes) {
        long[] steps = new long[sizes.length];
        int added = sizes.length - shape.length;
        for (int i = added; i < sizes.length; i++) {
            steps[i] = shape[i - added] == 1 && sizes[i] != 1 ? 0 : strides[i - added];
        }
        return new Fixed(source, kind, offset, sizes, steps);
    }

    /** The same values without axes of size 1 in front. */
    Fixed trimmed() {
        int ones = 0;
        while (ones < shape.length && shape[ones] == 1) {
            ones++;
        }
        return new Fixed(
                source,
                kind,
                offset,
                Arrays.copyOfRange(shape, ones, shape.length),
                Arrays.copyOfRange(strides, ones, shape.length));
    }
}
