package dev.weft.checkpoints.format.onnx.topology;

import dev.weft.checkpoints.format.onnx.topology.View.Atom;
import dev.weft.checkpoints.format.onnx.topology.View.Factor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Operators that only move values: other sizes, another order of axes, repetitions. */
final class MovementRules {

    private MovementRules() {}

    static void register() {
        Rules.single("Identity", call -> call.input(0));
        Rules.single("Dropout", call -> call.input(0));
        Rules.single("Cast", MovementRules::cast);
        Rules.single("CastLike", call -> call.input(0));
        Rules.single("Reshape", MovementRules::reshape);
        Rules.single("Flatten", MovementRules::flatten);
        Rules.single("Transpose", MovementRules::transpose);
        Rules.single("Squeeze", MovementRules::squeeze);
        Rules.single("Unsqueeze", MovementRules::unsqueeze);
        Rules.single("Expand", call -> expand(call, call.integers(1)));
        Rules.single("Tile", MovementRules::tile);
    }

    /** Rounding to another floating type is left out, and an input of words stays one. */
    private static Meaning cast(Call call) {
        Fixed.Kind to = Call.kind(call.integer("to", 1));
        if (!(call.input(0) instanceof Fixed fixed)) {
            boolean computed = call.input(0) instanceof Flow flow && flow.layer() != Drafts.INPUT;
            call.require(
                    !computed || to == Fixed.Kind.REAL,
                    "rounds " + Descriptions.of(call.input(0)) + " to whole numbers");
            return call.input(0);
        }
        if (to == fixed.kind()) {
            return fixed;
        }
        return switch (to) {
            case REAL -> call.arithmetic().map(fixed, to, x -> x);
            case INTEGER -> call.arithmetic().map(fixed, to, x -> (double) (long) x);
            case LOGICAL -> call.arithmetic().map(fixed, to, x -> x == 0 ? 0 : 1);
        };
    }

    private static Meaning reshape(Call call) {
        int[] sizes = Sizes.reshape(call.input(0).shape(), call.integers(1), call.integer("allowzero", 0) != 0);
        return reshaped(call, sizes);
    }

    private static Meaning reshaped(Call call, int[] sizes) {
        Meaning input = call.input(0);
        if (input instanceof Fixed fixed) {
            return call.arithmetic().packed(fixed).reshaped(sizes);
        }
        if (input instanceof Turned turned) {
            call.require(
                    Arrays.equals(sizes, turned.flow().shape()),
                    "turned coordinates are reshaped to " + Arrays.toString(sizes));
            return new Turned(turned.flow(), turned.interleaved(), sizes);
        }
        Flow flow = call.flows().movable(call.flow(0), call.hint());
        return flow.through(flow.view().reshaped(sizes));
    }

    private static Meaning flatten(Call call) {
        int[] from = call.input(0).shape();
        long given = call.integer("axis", 1);
        int axis = given == from.length ? from.length : Sizes.axis(given, from.length);
        return reshaped(call, new int[] {
            Sizes.product(Arrays.copyOf(from, axis)), Sizes.product(Arrays.copyOfRange(from, axis, from.length))
        });
    }

    private static Meaning transpose(Call call) {
        int rank = call.input(0).shape().length;
        int[] order = call.integers(
                "perm", IntStream.range(0, rank).map(i -> rank - 1 - i).toArray());
        int[] sorted = order.clone();
        Arrays.sort(sorted);
        call.require(
                Arrays.equals(sorted, IntStream.range(0, rank).toArray()),
                "an order of axes " + Arrays.toString(order) + " for a value of rank " + rank);
        if (call.input(0) instanceof Fixed fixed) {
            return fixed.transposed(order);
        }
        Flow flow = call.flows().movable(call.flow(0), call.hint());
        return flow.through(flow.view().transposed(order));
    }

    private static Meaning squeeze(Call call) {
        Meaning input = call.input(0);
        int[] shape = input.shape();
        int[] ones = IntStream.range(0, shape.length).filter(i -> shape[i] == 1).toArray();
        int[] axes = axes(call.integers(1, "axes", ones), shape.length);
        for (int i = axes.length - 1; i >= 0; i--) {
            call.require(shape[axes[i]] == 1, "axis " + axes[i] + " of " + Arrays.toString(shape) + " is squeezed");
            input = squeezed(call, input, axes[i]);
        }
        return input;
    }

    private static Meaning squeezed(Call call, Meaning input, int axis) {
        if (input instanceof Fixed fixed) {
            return fixed.at(axis, 0);
        }
        if (input instanceof Flow flow) {
            Flow moved = call.flows().movable(flow, call.hint());
            return moved.through(moved.view().without(axis));
        }
        throw new IllegalArgumentException("squeezes " + Descriptions.of(input));
    }

    private static int[] axes(int[] given, int rank) {
        return Arrays.stream(given)
                .map(axis -> Sizes.axis(axis, rank))
                .sorted()
                .distinct()
                .toArray();
    }

    private static Meaning unsqueeze(Call call) {
        Meaning input = call.input(0);
        int[] given = call.integers(1, "axes");
        for (int axis : axes(given, input.shape().length + given.length)) {
            input = unsqueezed(call, input, axis);
        }
        return input;
    }

    private static Meaning unsqueezed(Call call, Meaning input, int axis) {
        if (input instanceof Fixed fixed) {
            return fixed.unsqueezed(axis);
        }
        if (input instanceof Joined joined) {
            return joined.unsqueezed(axis);
        }
        if (input instanceof HeadPart part && axis == part.shape().length && !part.column()) {
            return part.asColumn();
        }
        if (input instanceof Flow flow) {
            Flow moved = call.flows().movable(flow, call.hint());
            return moved.through(moved.view().inserted(axis, List.of()));
        }
        throw new IllegalArgumentException("puts an axis into " + Descriptions.of(input));
    }

    private static Meaning expand(Call call, int[] asked) {
        Meaning input = call.input(0);
        int[] sizes = Sizes.broadcast(input.shape(), asked);
        if (input instanceof Fixed fixed) {
            Sizes.product(sizes);
            return fixed.expanded(sizes);
        }
        if (Arrays.equals(sizes, input.shape())) {
            return input;
        }
        Flow flow = call.flows().movable(call.flow(0), call.hint());
        List<List<Factor>> axes = new ArrayList<>();
        int added = sizes.length - flow.view().rank();
        for (int i = 0; i < sizes.length; i++) {
            List<Factor> axis = i < added ? List.of() : flow.view().axis(i - added);
            axes.add(axis.isEmpty() && sizes[i] > 1 ? List.of(new Factor(Atom.REPEAT, sizes[i], 1)) : axis);
        }
        return flow.through(new View(axes));
    }

    private static Meaning tile(Call call) {
        int[] times = call.integers(1);
        int[] shape = call.input(0).shape();
        call.require(times.length == shape.length, "repeats " + times.length + " axes of " + shape.length);
        for (int i = 0; i < times.length; i++) {
            call.require(
                    times[i] == 1 || shape[i] == 1,
                    "repeats " + Arrays.toString(shape) + " " + Arrays.toString(times) + " times");
            times[i] = Math.multiplyExact(times[i], shape[i]);
        }
        return expand(call, times);
    }
}
