package dev.weft.checkpoints.format.onnx.topology;

import dev.weft.checkpoints.format.onnx.topology.View.Atom;
import dev.weft.checkpoints.format.onnx.topology.View.Factor;
import dev.weft.network.Embedding;
import dev.weft.network.Form.Layout;
import dev.weft.network.Junction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Puts values side by side: neurons, a learned vector in front of a sequence, the halves of a rotation, gates. */
final class Joints {

    private Joints() {}

    static Meaning concat(Call call) {
        List<Meaning> parts = new ArrayList<>();
        int axis = Sizes.axis(call.integer("axis", 0), call.input(0).shape().length);
        for (int i = 0; i < call.inputs(); i++) {
            if (call.input(i) instanceof Joined joined && joined.axis() == axis) {
                parts.addAll(joined.parts());
            } else {
                parts.add(call.input(i));
            }
        }
        int[] shape = joined(parts, axis);
        Meaning any = parts.get(0);
        parts.removeIf(part -> part.shape()[axis] == 0);
        if (parts.isEmpty()) {
            return any;
        }
        if (parts.size() == 1) {
            return parts.get(0);
        }
        if (parts.stream().allMatch(Fixed.class::isInstance)) {
            List<Fixed> fixed = parts.stream().map(Fixed.class::cast).toList();
            return axis <= 1 && fixed.stream().allMatch(Fixed::parameter)
                    ? new Joined(fixed, axis, shape)
                    : computed(call, fixed, axis, shape);
        }
        if (parts.stream().allMatch(HeadPart.class::isInstance)) {
            return turned(call, parts.stream().map(HeadPart.class::cast).toList(), axis, shape);
        }
        if (parts.get(0) instanceof Fixed) {
            return tokens(call, parts, axis);
        }
        return neurons(call, parts, axis);
    }

    private static int[] joined(List<Meaning> parts, int axis) {
        int[] shape = parts.get(0).shape().clone();
        shape[axis] = 0;
        for (Meaning part : parts) {
            int[] next = part.shape();
            if (next.length != shape.length) {
                throw new IllegalArgumentException("joins values of rank " + shape.length + " and " + next.length);
            }
            for (int i = 0; i < shape.length; i++) {
                if (i != axis && next[i] != shape[i]) {
                    throw new IllegalArgumentException(
                            "joins values of " + next[i] + " and " + shape[i] + " along another axis");
                }
            }
            shape[axis] = Math.addExact(shape[axis], next[axis]);
        }
        return shape;
    }

    /** Returns values side by side as constants. */
    static Fixed computed(Call call, List<Fixed> parts, int axis, int[] shape) {
        int inner = Sizes.product(Arrays.copyOfRange(shape, axis + 1, shape.length));
        double[][] values = new double[parts.size()][];
        int[] owner = new int[shape[axis]];
        int[] first = new int[parts.size()];
        int start = 0;
        for (int p = 0; p < values.length; p++) {
            Fixed part = parts.get(p);
            values[p] = call.arithmetic().values(part);
            first[p] = start;
            Arrays.fill(owner, start, start + part.shape()[axis], p);
            start += part.shape()[axis];
        }
        return call.arithmetic().make(parts.get(0).kind(), shape, i -> {
            int along = i / inner % shape[axis];
            int part = owner[along];
            int size = parts.get(part).shape()[axis];
            int outer = i / inner / shape[axis];
            return values[part][(outer * size + along - first[part]) * inner + i % inner];
        });
    }

    /** The negative second of each pair, then the first: a right angle. */
    private static Turned turned(Call call, List<HeadPart> parts, int axis, int[] shape) {
        HeadPart second = parts.get(0);
        HeadPart first = parts.get(1);
        int size = second.flow().shape()[second.flow().view().rank() - 1];
        boolean pairs = parts.size() == 2
                && axis == shape.length - 1
                && second.negative()
                && !first.negative()
                && second.flow().equals(first.flow())
                && second.count() * 2 == size
                && first.count() == second.count()
                && first.column() == second.column();
        boolean halves = pairs && !first.column() && first.from() == 0 && second.from() == size / 2;
        boolean neighbours = pairs
                && first.column()
                && first.step() == 2
                && second.step() == 2
                && first.from() == 0
                && second.from() == 1;
        call.require(
                (halves && first.step() == 1 && second.step() == 1) || neighbours,
                "joins coordinates of heads, expected the two halves of a rotation by position");
        return new Turned(first.flow(), neighbours, shape);
    }

    /** Learned vectors in front of a sequence, the last of them put there first. */
    private static Meaning tokens(Call call, List<Meaning> parts, int axis) {
        if (!(parts.get(parts.size() - 1) instanceof Flow last)) {
            throw new IllegalArgumentException("joins constants behind a layer's output");
        }
        Flow flow = call.flows().sequence(last, call.hint());
        for (int i = parts.size() - 2; i >= 0; i--) {
            flow = token(call, fixed(parts.get(i)), flow, axis);
        }
        return flow;
    }

    private static Fixed fixed(Meaning part) {
        if (part instanceof Fixed fixed) {
            return fixed;
        }
        throw new IllegalArgumentException(
                "joins " + Descriptions.of(part) + " between constants and a layer's output");
    }

    private static Flow token(Call call, Fixed token, Flow flow, int axis) {
        Sample sample = call.flows().sample(flow);
        int length = sample.positionCount();
        int units = sample.units();
        Fixed vector = token.at(0, 0).trimmed();
        boolean fits = sample.layout() == Layout.SEQUENCE
                && flow.view().equals(sample.view(call.batch()))
                && axis == 1
                && token.parameter()
                && (token.strides()[0] == 0 || token.shape()[0] == 1)
                && token.shape()[1] == 1
                && Arrays.equals(vector.shape(), new int[] {units});
        call.require(
                fits,
                "joins " + Descriptions.of(token) + " and " + Descriptions.of(flow) + " along axis " + axis
                        + ", expected one learned vector in front of a sequence");
        int layer = call.drafts()
                .add(
                        call.hint(),
                        new Embedding.ClassToken(units),
                        sample.as(Layout.SEQUENCE, length + 1),
                        flow.layer());
        call.drafts().get(layer).tensor("", vector);
        return call.flows().output(layer);
    }

    private static Meaning neurons(Call call, List<Meaning> parts, int axis) {
        List<Flow> flows = new ArrayList<>();
        int units = 0;
        for (int i = 0; i < parts.size(); i++) {
            if (!(parts.get(i) instanceof Flow part)) {
                throw new IllegalArgumentException("joins " + Descriptions.of(parts.get(i)) + " and layers' outputs");
            }
            Flow flow = call.flows().settled(part, call.hint());
            Sample sample = call.flows().sample(flow);
            Sample first = flows.isEmpty() ? sample : call.flows().sample(flows.get(0));
            List<Factor> axisBefore = flow.view().axis(axis);
            call.require(
                    axisBefore.equals(sample.unitAxis())
                            && sample.layout() == first.layout()
                            && (flows.isEmpty()
                                    || flow.view()
                                            .without(axis)
                                            .equals(flows.get(0).view().without(axis))),
                    "joins " + Descriptions.of(flow) + " to others along axis " + axis
                            + ", expected neurons side by side");
            flows.add(flow);
            units = Math.addExact(units, sample.units());
        }
        Integer[] layers = flows.stream().map(Flow::layer).toArray(Integer[]::new);
        Sample sample = call.flows().sample(flows.get(0)).units(units);
        int layer = call.drafts().add(call.hint(), new Junction.Concat(), sample, layers);
        return new Flow(layer, flows.get(0).view().with(axis, View.all(Atom.UNIT, units)));
    }
}
