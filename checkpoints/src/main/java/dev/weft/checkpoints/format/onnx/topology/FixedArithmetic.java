package dev.weft.checkpoints.format.onnx.topology;

import dev.weft.checkpoints.format.Dtype;
import dev.weft.checkpoints.format.Elements;
import dev.weft.checkpoints.format.onnx.OnnxFile;
import dev.weft.checkpoints.format.onnx.OnnxTensor;
import dev.weft.checkpoints.format.onnx.topology.Fixed.Kind;
import dev.weft.checkpoints.format.onnx.topology.Fixed.Source.Computed;
import dev.weft.checkpoints.format.onnx.topology.Fixed.Source.Stored;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;

/**
 * Reads and computes values that do not depend on the network's input. How many there may be is bounded by the length of the
 * file, so that a small file cannot ask for much.
 */
final class FixedArithmetic {

    private static final long FREE = 1 << 13; // numbers that any file may ask for
    private static final int BYTES_A_NUMBER = Double.BYTES;

    private final OnnxFile file;
    private final long limit;
    private long computed;

    FixedArithmetic(OnnxFile file, long bytes) {
        this.file = file;
        this.limit = FREE + bytes / BYTES_A_NUMBER;
    }

    private double[] array(int size) {
        computed += size;
        if (computed > limit) {
            throw new IllegalArgumentException(
                    "constants of more than " + limit + " numbers are computed, too many for a file of this length");
        }
        return new double[size];
    }

    /** Returns the values in row-major order; they must not be changed. */
    double[] values(Fixed fixed) {
        if (fixed.source() instanceof Computed numbers
                && fixed.contiguous()
                && fixed.offset() == 0
                && numbers.values().length == fixed.size()) {
            return numbers.values();
        }
        double[] values = array(fixed.size());
        int rank = fixed.rank();
        int run = rank > 0 && fixed.strides()[rank - 1] == 1 ? fixed.shape()[rank - 1] : 1;
        for (int i = 0; i < values.length; i += run) {
            read(fixed.source(), index(fixed, i), values, i, run);
        }
        return values;
    }

    /** Returns where in the source the value with a row-major index lies. */
    private static long index(Fixed fixed, int i) {
        long at = fixed.offset();
        int rest = i;
        for (int axis = fixed.rank() - 1; axis >= 0; axis--) {
            int size = fixed.shape()[axis];
            at += rest % size * fixed.strides()[axis];
            rest /= size;
        }
        return at;
    }

    private void read(Fixed.Source source, long from, double[] target, int at, int count) {
        if (source instanceof Computed numbers) {
            System.arraycopy(numbers.values(), Math.toIntExact(from), target, at, count);
            return;
        }
        OnnxTensor tensor = ((Stored) source).tensor();
        Dtype dtype = tensor.dtype();
        ByteBuffer bytes = ByteBuffer.allocate(count * dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        try {
            file.read(tensor, from * dtype.bytes(), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        bytes.flip();
        for (int i = 0; i < count; i++) {
            target[at + i] = value(bytes, dtype, i);
        }
    }

    private static double value(ByteBuffer bytes, Dtype dtype, int i) {
        if (dtype == Dtype.BOOL) {
            return bytes.get(i);
        }
        if (!dtype.isFloating() && !dtype.isInteger()) {
            throw new IllegalArgumentException("constants of type " + dtype + " are not computed with");
        }
        return dtype.isFloating() ? Elements.real(bytes, dtype, i) : Elements.integer(bytes, dtype, i);
    }

    /** Returns whole numbers; those beyond int become its ends. */
    int[] integers(Fixed fixed) {
        double[] values = values(fixed);
        int[] integers = new int[values.length];
        Arrays.setAll(integers, i -> (int) values[i]);
        return integers;
    }

    /** Returns the one value. */
    double scalar(Fixed fixed) {
        if (fixed.size() != 1) {
            throw new IllegalArgumentException("expected one number, found a shape " + Arrays.toString(fixed.shape()));
        }
        return values(fixed)[0];
    }

    /** Whether all values are the same number. */
    boolean uniform(Fixed fixed) {
        int[] shape = fixed.shape().clone();
        for (int i = 0; i < shape.length; i++) {
            shape[i] = fixed.strides()[i] == 0 ? Math.min(1, shape[i]) : shape[i];
        }
        double[] values = values(new Fixed(fixed.source(), fixed.kind(), fixed.offset(), shape, fixed.strides()));
        return values.length > 0 && Arrays.stream(values).allMatch(value -> value == values[0]);
    }

    /** Returns the first value. */
    double first(Fixed fixed) {
        double[] first = new double[1];
        read(fixed.source(), fixed.offset(), first, 0, 1);
        return first[0];
    }

    Fixed map(Fixed x, Kind kind, DoubleUnaryOperator operator) {
        double[] from = values(x);
        double[] y = array(from.length);
        Arrays.setAll(y, i -> operator.applyAsDouble(from[i]));
        return Fixed.of(kind, x.shape(), y);
    }

    Fixed combine(Fixed a, Fixed b, Kind kind, DoubleBinaryOperator operator) {
        int[] shape = Sizes.broadcast(a.shape(), b.shape());
        double[] left = values(a);
        double[] right = values(b);
        IntUnaryOperator ofLeft = broadcast(a.shape(), shape);
        IntUnaryOperator ofRight = broadcast(b.shape(), shape);
        double[] y = array(Sizes.product(shape));
        Arrays.setAll(y, i -> operator.applyAsDouble(left[ofLeft.applyAsInt(i)], right[ofRight.applyAsInt(i)]));
        return Fixed.of(kind, shape, y);
    }

    Fixed choose(Fixed condition, Fixed a, Fixed b) {
        int[] shape = Sizes.broadcast(condition.shape(), Sizes.broadcast(a.shape(), b.shape()));
        double[] chosen = values(condition.expanded(shape));
        double[] left = values(a.expanded(shape));
        double[] right = values(b.expanded(shape));
        double[] y = array(chosen.length);
        Arrays.setAll(y, i -> chosen[i] != 0 ? left[i] : right[i]);
        return Fixed.of(a.kind(), shape, y);
    }

    /** Returns for each row-major index of a shape the index in a smaller one that is repeated along it. */
    private static IntUnaryOperator broadcast(int[] small, int[] shape) {
        if (Arrays.equals(small, shape)) {
            return i -> i;
        }
        long[] steps = Sizes.strides(small);
        int added = shape.length - small.length;
        return i -> {
            int rest = i;
            long at = 0;
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                if (axis >= added && small[axis - added] != 1) {
                    at += rest % shape[axis] * steps[axis - added];
                }
                rest /= shape[axis];
            }
            return (int) at;
        };
    }

    /** Makes an array of values by their row-major index. */
    Fixed make(Kind kind, int[] shape, IntToDoubleFunction value) {
        double[] values = array(Sizes.product(shape));
        Arrays.setAll(values, value);
        return Fixed.of(kind, shape, values);
    }

    /** Returns the same values row-major, so that they can be reshaped. */
    Fixed packed(Fixed fixed) {
        return fixed.contiguous() ? fixed : Fixed.of(fixed.kind(), fixed.shape(), values(fixed));
    }
}
