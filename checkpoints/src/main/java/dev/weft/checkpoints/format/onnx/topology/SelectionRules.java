package dev.weft.checkpoints.format.onnx.topology;

import dev.weft.network.Embedding;
import dev.weft.network.Form.Layout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Operators that take parts along an axis. */
final class SelectionRules {

    private SelectionRules() {}

    static void register() {
        Rules.single("Slice", SelectionRules::slice);
        Rules.several("Split", SelectionRules::split);
        Rules.single("Gather", SelectionRules::gather);
        Rules.single("Concat", Joints::concat);
    }

    private static Meaning slice(Call call) {
        int rank = call.input(0).shape().length;
        int[] starts = call.integers(1);
        int[] ends = call.integers(2);
        int[] axes = call.has(3)
                ? call.integers(3)
                : IntStream.range(0, starts.length).toArray();
        int[] steps = new int[starts.length];
        Arrays.fill(steps, 1);
        steps = call.has(4) ? call.integers(4) : steps;
        call.require(
                ends.length == starts.length && axes.length == starts.length && steps.length == starts.length,
                "as many starts as ends, axes and steps");
        Meaning part = call.input(0);
        for (int i = 0; i < axes.length; i++) {
            part = slice(call, part, Sizes.axis(axes[i], rank), starts[i], ends[i], steps[i]);
        }
        return part;
    }

    private static Meaning slice(Call call, Meaning from, int axis, int start, int end, int step) {
        call.require(step != 0 && step != Integer.MIN_VALUE, "steps of " + step);
        int size = from.shape()[axis];
        int least = step > 0 ? 0 : -1;
        int most = step > 0 ? size : size - 1;
        int first = clamp(start, size, step > 0 ? 0 : -1, most);
        int behind = clamp(end, size, least, step > 0 ? size : size - 1);
        int count = (int) Math.max(0, Math.ceil((behind - first) / (double) step));
        return part(call, from, axis, first, count, step);
    }

    private static int clamp(long index, int size, int least, int most) {
        return (int) Math.max(least, Math.min(most, index < 0 ? index + size : index));
    }

    private static Meaning part(Call call, Meaning from, int axis, int first, int count, int step) {
        if (from instanceof Fixed fixed) {
            return fixed.sliced(axis, count == 0 ? 0 : first, count, step);
        }
        if (from instanceof Flow flow) {
            return Parts.of(call, flow, axis, first, count, step);
        }
        if (count == from.shape()[axis] && step == 1) {
            return from;
        }
        throw new IllegalArgumentException("takes a part of " + Descriptions.of(from));
    }

    private static List<Meaning> split(Call call) {
        Meaning from = call.input(0);
        int axis = Sizes.axis(call.integer("axis", 0), from.shape().length);
        int outputs = call.node().outputs().size();
        int[] sizes = call.integers(1, "split", even(from.shape()[axis], outputs));
        call.require(
                sizes.length == outputs
                        && Arrays.stream(sizes).allMatch(size -> size >= 0)
                        && Arrays.stream(sizes).asLongStream().sum() == from.shape()[axis],
                "splits an axis of " + from.shape()[axis] + " in " + Arrays.toString(sizes));
        List<Meaning> parts = new ArrayList<>();
        int first = 0;
        for (int size : sizes) {
            parts.add(part(call, from, axis, first, size, 1));
            first += size;
        }
        return parts;
    }

    private static int[] even(int size, int count) {
        int chunk = (size + count - 1) / count;
        return IntStream.range(0, count)
                .map(i -> Math.max(0, Math.min(chunk, size - i * chunk)))
                .toArray();
    }

    private static Meaning gather(Call call) {
        Meaning data = call.input(0);
        int axis = Sizes.axis(call.integer("axis", 0), data.shape().length);
        if (call.input(1) instanceof Flow words) {
            call.require(axis == 0, "looks words up along axis " + axis + ", expected 0");
            return lookup(call, words);
        }
        Fixed indices = call.fixed(1);
        int size = data.shape()[axis];
        double[] values = call.arithmetic().values(indices);
        int[] places = Arrays.stream(values)
                .mapToInt(index -> ConstantRules.inside(index, size))
                .toArray();
        if (indices.rank() == 0) {
            return single(call, data, axis, places[0]);
        }
        int[] row = row(places, indices.shape());
        if (row != null) {
            Meaning part = part(call, data, axis, row[0], row.length, row.length > 1 ? row[1] - row[0] : 1);
            return inFront(call, part, axis, indices.shape());
        }
        return computed(call, call.fixed(0), axis, indices, places);
    }

    private static Meaning single(Call call, Meaning data, int axis, int index) {
        Meaning part = part(call, data, axis, index, 1, 1);
        if (part instanceof Fixed fixed) {
            return fixed.at(axis, 0);
        }
        if (part instanceof Flow flow) {
            return flow.through(flow.view().without(axis));
        }
        throw new IllegalArgumentException("takes one index of " + Descriptions.of(data));
    }

    /** Returns the last row of indices if all rows are the same and their steps even. */
    private static int @Nullable [] row(int[] places, int[] shape) {
        int length = shape[shape.length - 1];
        if (places.length == 0) {
            return null;
        }
        for (int i = 0; i < places.length; i++) {
            boolean same = i < length || places[i] == places[i - length];
            boolean even = i % length < 2 || places[i] - places[i - 1] == places[i - 1] - places[i - 2];
            if (!same || !even) {
                return null;
            }
        }
        return Arrays.copyOf(places, length);
    }

    /** Puts the axes of the indices in front of their last in the place of the axis that they were taken along. */
    private static Meaning inFront(Call call, Meaning part, int axis, int[] indices) {
        if (part instanceof Fixed fixed) {
            Fixed wide = fixed;
            for (int i = 0; i < indices.length - 1; i++) {
                wide = wide.unsqueezed(axis);
            }
            int[] sizes = wide.shape().clone();
            System.arraycopy(indices, 0, sizes, axis, indices.length - 1);
            Sizes.product(sizes);
            return wide.expanded(sizes);
        }
        call.require(indices.length == 1, "takes indices " + Arrays.toString(indices) + " of a layer's output");
        return part;
    }

    private static Fixed computed(Call call, Fixed data, int axis, Fixed indices, int[] places) {
        double[] values = call.arithmetic().values(data);
        int inner = Sizes.product(Arrays.copyOfRange(data.shape(), axis + 1, data.rank()));
        int size = data.shape()[axis];
        int[] shape = new int[data.rank() - 1 + indices.rank()];
        System.arraycopy(data.shape(), 0, shape, 0, axis);
        System.arraycopy(indices.shape(), 0, shape, axis, indices.rank());
        System.arraycopy(data.shape(), axis + 1, shape, axis + indices.rank(), data.rank() - axis - 1);
        return call.arithmetic().make(data.kind(), shape, i -> {
            int outer = i / inner / places.length;
            return values[(outer * size + places[i / inner % places.length]) * inner + i % inner];
        });
    }

    private static Meaning lookup(Call call, Flow words) {
        Fixed table = call.fixed(0);
        call.require(table.rank() == 2, "looks words up in " + Descriptions.of(table) + ", expected a table");
        Fixed values = call.parameter(0, table.shape());
        Sample sample = call.flows().sample(words);
        call.require(
                sample.layout() == Layout.TOKENS && words.formula().equals(Formula.X),
                "expected the words of the input as indices, found " + Descriptions.of(words));
        int vocabulary = table.shape()[0];
        int size = table.shape()[1];
        call.drafts().vocabulary(vocabulary);
        int layer = call.drafts()
                .add(
                        call.hint(),
                        new Embedding.Lookup(vocabulary, size),
                        sample.units(size).as(Layout.SEQUENCE, sample.positionCount()),
                        words.layer());
        call.drafts().get(layer).tensor("weight", values);
        return new Flow(layer, words.view().inserted(words.view().rank(), View.all(View.Atom.UNIT, size)));
    }
}
