package dev.weft.checkpoints.format.onnx.topology;

import dev.weft.checkpoints.format.onnx.topology.Formula.Operator;
import dev.weft.checkpoints.format.onnx.topology.View.Atom;
import dev.weft.checkpoints.format.onnx.topology.View.Factor;
import dev.weft.network.Attention;
import dev.weft.network.Form.Layout;
import dev.weft.network.Layer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Attention as it is written out: products of queries and keys, a factor, a mask, a softmax, and a mean of values. */
final class AttentionHeads {

    private static final double BLOCKED = -1e4; // and below: what masks add where nobody may look
    private static final double TOLERANCE = 1e-4; // of the factor, which half precision rounds

    private AttentionHeads() {}

    /** The product of queries [..., length, k] and keys [..., k, length']. */
    static Scores scores(Call call, Flow queries, Flow keys) {
        Flow q = sequence(call, queries);
        Flow k = sequence(call, keys);
        double scale = factor(q) * factor(k);
        int rank = q.view().rank();
        call.require(
                rank >= 2
                        && k.view().rank() == rank
                        && isCoordinate(q.view().axis(rank - 1))
                        && q.view().axis(rank - 1).equals(k.view().axis(rank - 2))
                        && q.view().axis(rank - 2).equals(length(call, q))
                        && k.view().axis(rank - 1).equals(length(call, k)),
                "multiplies " + Descriptions.of(queries) + " and " + Descriptions.of(keys)
                        + ", expected queries and keys of attention");
        return new Scores(q.with(Formula.X), k.with(Formula.X), scale, false, false);
    }

    private static double factor(Flow flow) {
        return FormulaRecogniser.factor(flow.formula()).orElseThrow();
    }

    private static Flow sequence(Call call, Flow flow) {
        Flow movable = call.flows().movable(flow, call.hint());
        Flow moved = call.flows().sequence(movable.with(Formula.X), call.hint());
        call.require(
                call.flows().sample(moved).layout() == Layout.SEQUENCE,
                "expected sequences to attend to, found " + Descriptions.of(flow));
        return moved.with(movable.formula());
    }

    private static boolean isCoordinate(List<Factor> axis) {
        return axis.size() == 1
                && axis.get(0).atom() == Atom.UNIT
                && axis.get(0).stride() == 1;
    }

    private static List<Factor> length(Call call, Flow flow) {
        return View.all(Atom.FIRST, call.flows().sample(flow).positionCount());
    }

    /** Scales scores, or adds a mask. */
    static Scores combined(Call call, Operator operator, Scores scores, Fixed fixed) {
        call.require(!scores.normalised(), "changes weights of attention behind the softmax");
        ArithmeticRules.requireKept(call, scores, fixed);
        OptionalDouble number = ArithmeticRules.number(call, fixed);
        if (number.isPresent() && operator == Operator.PRODUCT) {
            return scores.scaled(number.getAsDouble());
        }
        if (number.isPresent() && operator == Operator.QUOTIENT) {
            return scores.scaled(1 / number.getAsDouble());
        }
        call.require(
                operator == Operator.SUM,
                "takes the " + operator.name().toLowerCase(Locale.ROOT) + " of scores of attention and "
                        + Descriptions.of(fixed));
        call.require(
                !fixed.parameter() || fixed.size() == 1,
                "adds " + Descriptions.of(fixed) + " to scores of attention, expected a mask");
        return masked(call, scores, fixed);
    }

    /** Masks with a choice between scores and a number. */
    static Scores masked(Call call, Scores scores, Fixed condition, Fixed otherwise, boolean keep) {
        double number = ArithmeticRules.number(call, otherwise).orElse(0);
        call.require(number <= BLOCKED, "replaces scores of attention by " + number + ", expected a mask");
        Fixed mask = call.arithmetic()
                .map(condition, Fixed.Kind.REAL, value -> (value != 0) == keep ? 0 : Double.NEGATIVE_INFINITY);
        return masked(call, scores, mask);
    }

    private static Scores masked(Call call, Scores scores, Fixed mask) {
        int[] shape = scores.shape();
        int keys = shape[shape.length - 1];
        int queries = shape[shape.length - 2];
        int[] full = Sizes.broadcast(mask.shape(), new int[] {queries, keys});
        double[] values = call.arithmetic().values(mask.expanded(full));
        boolean open = Arrays.stream(values).allMatch(value -> value == 0);
        boolean causal = true;
        for (int i = 0; i < values.length; i++) {
            boolean ahead = i % keys > i / keys % queries;
            causal &= ahead ? values[i] <= BLOCKED : values[i] == 0;
        }
        call.require(open || causal, "masks scores of attention, expected no mask or one of what is ahead");
        return open ? scores : scores.masked();
    }

    /** The mean of values [..., length', v] with weights [..., length, length']. */
    static Flow attended(Call call, Scores weights, Flow given) {
        Flow q = weights.queries();
        Flow k = weights.keys();
        Flow v = call.flows().sequence(given, call.hint());
        int rank = q.view().rank();
        call.require(
                weights.normalised()
                        && v.view().rank() == rank
                        && isCoordinate(v.view().axis(rank - 1))
                        && v.view().axis(rank - 2).equals(length(call, k))
                        && call.flows().sample(v).layout() == Layout.SEQUENCE,
                "multiplies " + Descriptions.of(weights) + " and " + Descriptions.of(given)
                        + ", expected weights and values of attention");
        int width = size(q.view().axis(rank - 1));
        int valueWidth = size(v.view().axis(rank - 1));
        int heads = call.flows().sample(q).units() / width;
        int groups = call.flows().sample(k).units() / width;
        requireHeads(call, q, heads, heads, width);
        requireHeads(call, k, heads, groups, width);
        requireHeads(call, v, heads, groups, valueWidth);
        Sample out = call.flows().sample(q).units(Math.multiplyExact(heads, valueWidth));
        int layer = call.drafts()
                .add(
                        call.hint(),
                        new Attention.Heads(heads, groups, weights.causal()),
                        out,
                        scaled(call, q, weights.scale() * Math.sqrt(width)),
                        k.layer(),
                        v.layer());
        return new Flow(layer, view(q.view(), width, valueWidth));
    }

    /** Returns queries whose scores have the factor 1 / sqrt(k) once they are multiplied by what is left of theirs. */
    private static int scaled(Call call, Flow queries, double factor) {
        if (Math.abs(factor - 1) < TOLERANCE) {
            return queries.layer();
        }
        Layer layer = new Layer.Multiplier(factor);
        return call.drafts().add(call.hint(), layer, call.flows().sample(queries), queries.layer());
    }

    private static int size(List<Factor> axis) {
        return axis.stream().mapToInt(Factor::size).reduce(1, Math::multiplyExact);
    }

    /** Requires the axes in front to be the batch, then heads, those of keys and values repeated. */
    private static void requireHeads(Call call, Flow flow, int heads, int groups, int width) {
        List<Factor> expected = new ArrayList<>(View.all(Atom.BATCH, call.batch()));
        if (groups > 1) {
            expected.add(new Factor(Atom.UNIT, groups, width));
        }
        if (heads > groups) {
            expected.add(new Factor(Atom.REPEAT, heads / groups, 1));
        }
        List<Factor> found = flow.view().run(0, flow.view().rank() - 2);
        call.require(
                found.equals(expected) && call.flows().sample(flow).units() == groups * width,
                "attends with " + Descriptions.of(flow) + ", expected " + groups + " heads of " + width
                        + " behind the batch" + (heads > groups ? ", each repeated " + heads / groups + " times" : ""));
    }

    private static View view(View queries, int width, int valueWidth) {
        return queries.mapped(factor -> factor.atom() != Atom.UNIT
                ? factor
                : factor.stride() == 1
                        ? new Factor(Atom.UNIT, valueWidth, 1)
                        : new Factor(Atom.UNIT, factor.size(), factor.stride() / width * valueWidth));
    }
}
