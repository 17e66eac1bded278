package dev.weft.checkpoints.format.onnx.topology;

import dev.weft.checkpoints.format.onnx.topology.Formula.Function;
import dev.weft.checkpoints.format.onnx.topology.Formula.Number;
import dev.weft.checkpoints.format.onnx.topology.Formula.Operator;
import dev.weft.checkpoints.format.onnx.topology.View.Atom;
import dev.weft.checkpoints.format.onnx.topology.View.Factor;
import dev.weft.network.Form.Layout;
import dev.weft.network.Layer;
import dev.weft.network.Pooling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Means and the like over axes: over positions they are pooling, over neurons parts of norms; and the softmax. */
final class ReductionRules {

    private ReductionRules() {}

    static void register() {
        Rules.single("ReduceMean", call -> reduced(call, Double::sum, 0, true));
        Rules.single("ReduceSum", call -> reduced(call, Double::sum, 0, false));
        Rules.single("ReduceProd", call -> computed(call, (a, b) -> a * b, 1, false));
        Rules.single("ReduceMax", call -> computed(call, Math::max, Double.NEGATIVE_INFINITY, false));
        Rules.single("ReduceMin", call -> computed(call, Math::min, Double.POSITIVE_INFINITY, false));
        Rules.single("ReduceL2", ReductionRules::length);
        Rules.single("ReduceSumSquare", call -> neurons(call, ReductionRules::square, false));
        Rules.single("Softmax", ReductionRules::softmax);
        Rules.single("GlobalAveragePool", ReductionRules::globalPool);
    }

    private static int[] axes(Call call, int rank) {
        int[] given = call.integers(1, "axes");
        int[] axes = given.length == 0 && call.integer("noop_with_empty_axes", 0) == 0
                ? IntStream.range(0, rank).toArray()
                : given;
        return Arrays.stream(axes)
                .map(axis -> Sizes.axis(axis, rank))
                .sorted()
                .distinct()
                .toArray();
    }

    private static Meaning reduced(Call call, DoubleBinaryOperator operator, double start, boolean mean) {
        if (call.input(0) instanceof Fixed) {
            return computed(call, operator, start, mean);
        }
        Flow flow = call.flow(0);
        int[] axes = axes(call, flow.view().rank());
        boolean positions = Arrays.stream(axes)
                .mapToObj(flow.view()::axis)
                .flatMap(List::stream)
                .allMatch(factor -> factor.atom() == Atom.FIRST || factor.atom() == Atom.SECOND);
        if (positions && mean && call.flows().sample(flow).layout() != Layout.VECTOR) {
            return pooled(call, flow, axes, call.integer("keepdims", 1) != 0);
        }
        return neurons(call, x -> x, mean);
    }

    private static Meaning computed(Call call, DoubleBinaryOperator operator, double start, boolean mean) {
        Fixed x = call.fixed(0);
        int[] axes = axes(call, x.rank());
        int[] kept = x.shape().clone();
        int[] rest = x.shape().clone();
        int count = 1;
        for (int i = axes.length - 1; i >= 0; i--) {
            count *= kept[axes[i]];
            kept[axes[i]] = 1;
            rest = Sizes.without(rest, axes[i]);
        }
        double[] values = call.arithmetic().values(x);
        double[] results = new double[Sizes.product(kept)];
        Arrays.fill(results, start);
        long[] from = Sizes.strides(x.shape());
        long[] to = Sizes.strides(kept);
        for (int i = 0; i < values.length; i++) {
            int at = 0;
            for (int axis = 0; axis < kept.length; axis++) {
                at += kept[axis] == 1 ? 0 : (int) (i / from[axis] % x.shape()[axis] * to[axis]);
            }
            results[at] = operator.applyAsDouble(results[at], values[i]);
        }
        int divisor = mean ? Math.max(1, count) : 1;
        return call.arithmetic()
                .make(x.kind(), call.integer("keepdims", 1) != 0 ? kept : rest, i -> results[i] / divisor);
    }

    private static Flow pooled(Call call, Flow given, int[] axes, boolean keep) {
        Flow flow = call.flows().settled(given, call.hint());
        Sample sample = call.flows().sample(flow);
        List<Factor> reduced = new ArrayList<>();
        View view = flow.view();
        for (int axis : axes) {
            reduced.addAll(view.axis(axis));
            view = view.with(axis, List.of());
        }
        int positions = reduced.stream().mapToInt(Factor::size).reduce(1, Math::multiplyExact);
        call.require(
                positions == sample.positionCount() && sample.layout() != Layout.TOKENS,
                "takes the mean over a part of the positions of " + Descriptions.of(flow));
        for (int i = axes.length - 1; i >= 0 && !keep; i--) {
            view = view.without(axes[i]);
        }
        int layer =
                call.flows().shared(flow.layer(), call.hint(), new Pooling.GlobalAvgPool(), sample.as(Layout.VECTOR));
        return new Flow(layer, view);
    }

    private static Meaning globalPool(Call call) {
        Flow flow = call.flow(0);
        return pooled(call, flow, IntStream.range(2, flow.view().rank()).toArray(), true);
    }

    private static Meaning length(Call call) {
        Flow squares = (Flow) neurons(call, ReductionRules::square, false);
        return squares.with(Formula.apply(Function.SQUARE_ROOT, squares.formula()));
    }

    private static Formula square(Formula x) {
        return Formula.combine(Operator.PRODUCT, x, x);
    }

    /** A mean or a sum over all neurons, or over those of each run; the axis stays until arithmetic repeats the result. */
    private static Meaning neurons(Call call, UnaryOperator<Formula> of, boolean mean) {
        Flow flow = call.flow(0);
        int[] axes = axes(call, flow.view().rank());
        List<Factor> axis = axes.length == 1 ? flow.view().axis(axes[0]) : List.of();
        call.require(
                axis.size() == 1
                        && axis.get(0).atom() == Atom.UNIT
                        && axis.get(0).stride() == 1,
                "takes " + call.operator() + " over axes " + Arrays.toString(axes) + " of " + Descriptions.of(flow)
                        + ", expected neurons or all positions");
        int run = axis.get(0).size();
        Formula result = Formula.mean(of.apply(flow.formula()), run);
        return flow.with(mean ? result : Formula.combine(Operator.PRODUCT, result, new Number(run)));
    }

    private static Meaning softmax(Call call) {
        int rank = call.input(0).shape().length;
        int axis = Sizes.axis(call.integer("axis", call.opset() < 13 ? 1 : -1), rank);
        call.require(axis == rank - 1, "a softmax over axis " + axis + " of " + rank + ", expected the last");
        if (call.input(0) instanceof Scores scores) {
            call.require(!scores.normalised(), "a softmax of a softmax");
            return scores.behindSoftmax();
        }
        Flow flow = call.flows().onNeurons(call.flow(0), call.hint());
        Sample sample = call.flows().sample(flow);
        return new Flow(call.drafts().add(call.hint(), new Layer.Softmax(), sample, flow.layer()), flow.view());
    }
}
