package dev.weft.checkpoints.format.onnx.topology;

import dev.weft.checkpoints.format.onnx.OnnxAttribute;
import dev.weft.checkpoints.format.onnx.topology.Fixed.Kind;
import java.util.Arrays;

/** Operators whose results do not depend on the input of the network: the sizes, positions and masks that exporters compute. */
final class ConstantRules {

    private ConstantRules() {}

    static void register() {
        Rules.single("Constant", ConstantRules::constant);
        Rules.single("ConstantOfShape", ConstantRules::constantOfShape);
        Rules.single("Shape", ConstantRules::shape);
        Rules.single(
                "Size",
                call -> Fixed.of(
                        Kind.INTEGER, new int[0], Sizes.product(call.input(0).shape())));
        Rules.single("Range", ConstantRules::range);
        Rules.single("CumSum", ConstantRules::cumulativeSum);
        Rules.single("Trilu", ConstantRules::triangle);
        Rules.single("EyeLike", ConstantRules::eye);
        Rules.single("ScatterND", ConstantRules::scatter);
        Rules.single("GatherND", ConstantRules::gather);
        Rules.single("GatherElements", ConstantRules::gatherElements);
        Rules.single("NonZero", ConstantRules::nonZero);
    }

    private static Meaning constant(Call call) {
        OnnxAttribute value =
                call.node().attributes().values().stream().findFirst().orElse(null);
        if (value instanceof OnnxAttribute.Tensor tensor) {
            return Fixed.of(tensor.value());
        } else if (value instanceof OnnxAttribute.Int number) {
            return Fixed.of(Kind.INTEGER, new int[0], number.value());
        } else if (value instanceof OnnxAttribute.Real number) {
            return Fixed.of(Kind.REAL, new int[0], number.value());
        } else if (value instanceof OnnxAttribute.Ints numbers) {
            return Fixed.integers(
                    numbers.values().stream().mapToDouble(Long::doubleValue).toArray());
        } else if (value instanceof OnnxAttribute.Reals numbers) {
            int[] shape = {numbers.values().size()};
            return Fixed.of(
                    Kind.REAL,
                    shape,
                    numbers.values().stream().mapToDouble(Float::doubleValue).toArray());
        }
        throw new IllegalArgumentException("expected a tensor or numbers, found "
                + (value == null ? "nothing" : value.getClass().getSimpleName()));
    }

    private static Meaning constantOfShape(Call call) {
        int[] shape = call.integers(0);
        Fixed value = call.attribute("value") instanceof OnnxAttribute.Tensor tensor
                ? Fixed.of(tensor.value())
                : Fixed.of(Kind.REAL, new int[] {1}, 0);
        call.require(Arrays.stream(shape).allMatch(size -> size >= 0), "a shape " + Arrays.toString(shape));
        Sizes.product(shape);
        return Fixed.of(value.kind(), new int[0], call.arithmetic().scalar(value))
                .expanded(shape);
    }

    private static Meaning shape(Call call) {
        int[] shape = call.input(0).shape();
        int from = (int) Math.max(0, clamped(call.integer("start", 0), shape.length));
        int to = (int) Math.max(from, clamped(call.integer("end", shape.length), shape.length));
        return Fixed.integers(Arrays.stream(Arrays.copyOfRange(shape, from, to))
                .asDoubleStream()
                .toArray());
    }

    private static long clamped(long axis, int rank) {
        return Math.max(0, Math.min(rank, axis < 0 ? axis + rank : axis));
    }

    private static Meaning range(Call call) {
        double start = call.scalar(0);
        double step = call.scalar(2);
        double count = Math.ceil((call.scalar(1) - start) / step);
        call.require(count <= Integer.MAX_VALUE && !Double.isNaN(count), "a range of " + count + " numbers");
        return call.arithmetic()
                .make(call.fixed(0).kind(), new int[] {(int) Math.max(0, count)}, i -> start + i * step);
    }

    private static Meaning cumulativeSum(Call call) {
        call.requireInteger("exclusive", 0, 0);
        call.requireInteger("reverse", 0, 0);
        Fixed x = call.fixed(0);
        int axis = Sizes.axis((long) call.scalar(1), x.rank());
        double[] values = call.arithmetic().values(x);
        int step = Math.toIntExact(Sizes.strides(x.shape())[axis]);
        int size = x.shape()[axis];
        double[] sums = new double[values.length];
        return call.arithmetic()
                .make(x.kind(), x.shape(), i -> sums[i] = values[i] + (i / step % size == 0 ? 0 : sums[i - step]));
    }

    private static Meaning triangle(Call call) {
        Fixed x = call.fixed(0);
        call.require(x.rank() >= 2, "expected a matrix");
        boolean upper = call.integer("upper", 1) != 0;
        int shift = call.has(1) ? (int) call.scalar(1) : 0;
        int columns = x.shape()[x.rank() - 1];
        int rows = x.shape()[x.rank() - 2];
        double[] values = call.arithmetic().values(x);
        return call.arithmetic().make(x.kind(), x.shape(), i -> {
            int above = i % columns - i / columns % rows - shift;
            return (upper ? above >= 0 : above <= 0) ? values[i] : 0;
        });
    }

    private static Meaning eye(Call call) {
        Fixed x = call.fixed(0);
        call.require(x.rank() == 2, "expected a matrix");
        int shift = (int) call.integer("k", 0);
        int columns = x.shape()[1];
        return call.arithmetic().make(x.kind(), x.shape(), i -> i % columns - i / columns == shift ? 1 : 0);
    }

    private static Meaning scatter(Call call) {
        call.require(call.text("reduction", "none").equals("none"), "expected no reduction");
        Fixed data = call.fixed(0);
        Fixed indices = call.fixed(1);
        double[] places = call.arithmetic().values(indices);
        double[] updates = call.arithmetic().values(call.fixed(2));
        double[] from = call.arithmetic().values(data);
        int depth = indices.shape()[Sizes.axis(-1, indices.rank())];
        int run = run(data, depth);
        int count = depth == 0 ? 0 : places.length / depth;
        call.require(updates.length == (long) count * run, "as many values as places");
        double[] changed = from.clone();
        for (int i = 0; i < count; i++) {
            System.arraycopy(updates, i * run, changed, start(data, places, i, depth), run);
        }
        return call.arithmetic().make(data.kind(), data.shape(), i -> changed[i]);
    }

    private static Meaning gather(Call call) {
        Fixed data = call.fixed(0);
        Fixed indices = call.fixed(1);
        int shared = (int) call.integer("batch_dims", 0);
        call.require(shared == 0, "expected no shared axes");
        double[] places = call.arithmetic().values(indices);
        double[] from = call.arithmetic().values(data);
        int depth = indices.shape()[Sizes.axis(-1, indices.rank())];
        int run = run(data, depth);
        int[] outer = Arrays.copyOf(indices.shape(), indices.rank() - 1);
        int[] shape = Arrays.copyOf(outer, outer.length + data.rank() - depth);
        System.arraycopy(data.shape(), depth, shape, outer.length, data.rank() - depth);
        return call.arithmetic().make(data.kind(), shape, i -> from[start(data, places, i / run, depth) + i % run]);
    }

    private static Meaning gatherElements(Call call) {
        Fixed data = call.fixed(0);
        Fixed indices = call.fixed(1);
        int axis = Sizes.axis(call.integer("axis", 0), data.rank());
        boolean fits = indices.rank() == data.rank();
        for (int i = 0; fits && i < data.rank(); i++) {
            fits = i == axis || indices.shape()[i] <= data.shape()[i];
        }
        call.require(fits, "takes elements of " + Descriptions.of(data) + " by " + Descriptions.of(indices));
        double[] places = call.arithmetic().values(indices);
        double[] from = call.arithmetic().values(data);
        long[] steps = Sizes.strides(data.shape());
        long[] counts = Sizes.strides(indices.shape());
        return call.arithmetic().make(data.kind(), indices.shape(), i -> {
            long at = 0;
            for (int a = 0; a < steps.length; a++) {
                long index = i / counts[a] % indices.shape()[a];
                at += steps[a] * (a == axis ? inside(places[i], data.shape()[axis]) : index);
            }
            return from[Math.toIntExact(at)];
        });
    }

    private static int run(Fixed data, int depth) {
        if (depth > data.rank()) {
            throw new IllegalArgumentException("indices of " + depth + " axes for a value of rank " + data.rank());
        }
        return Sizes.product(Arrays.copyOfRange(data.shape(), depth, data.rank()));
    }

    private static int start(Fixed data, double[] places, int i, int depth) {
        long[] steps = Sizes.strides(data.shape());
        long at = 0;
        for (int axis = 0; axis < depth; axis++) {
            double place = places[i * depth + axis];
            at += steps[axis] * inside(place, data.shape()[axis]);
        }
        return Math.toIntExact(at);
    }

    /** Returns an index from the front. */
    static int inside(double index, int size) {
        double found = index < 0 ? index + size : index;
        if (!(found >= 0 && found < size)) {
            throw new IllegalArgumentException("index " + (long) index + " is outside an axis of size " + size);
        }
        return (int) found;
    }

    private static Meaning nonZero(Call call) {
        Fixed x = call.fixed(0);
        double[] values = call.arithmetic().values(x);
        int[] found = new int[values.length];
        int count = 0;
        for (int i = 0; i < values.length; i++) {
            if (values[i] != 0) {
                found[count++] = i;
            }
        }
        int columns = count;
        long[] steps = Sizes.strides(x.shape());
        return call.arithmetic().make(Kind.INTEGER, new int[] {x.rank(), count}, i -> {
            int axis = i / columns;
            return (double) (found[i % columns] / steps[axis] % x.shape()[axis]);
        });
    }
}
