package dev.weft.checkpoints.format.onnx.topology;

import dev.weft.checkpoints.format.onnx.topology.Formula.Operator;
import dev.weft.checkpoints.format.onnx.topology.View.Atom;
import dev.weft.network.Junction;
import dev.weft.network.Layer;
import java.util.Locale;

/** Sums and products of two values that depend on the input: arithmetic on one layer's output, or junctions of two layers. */
final class Junctions {

    private Junctions() {}

    static Flow of(Call call, Operator operator, Flow left, Flow right) {
        int rank = Math.max(left.view().rank(), right.view().rank());
        Flow a = ArithmeticRules.padded(left, rank);
        Flow b = ArithmeticRules.padded(right, rank);
        if (a.layer() != b.layer()) {
            Flow first = FormulaRecogniser.activation(a.formula()).isPresent()
                    ? call.flows().settled(a, call.hint())
                    : a;
            Flow second = FormulaRecogniser.activation(b.formula()).isPresent()
                    ? call.flows().settled(b, call.hint())
                    : b;
            a = first.layer() == b.layer() || first.layer() == second.layer() ? first : a;
            b = a.layer() == second.layer() ? second : b;
        }
        if (a.layer() == b.layer() && a.view().equals(b.view())) {
            return a.with(Formula.combine(operator, a.formula(), b.formula()));
        }
        return joined(call, operator, a, b);
    }

    private static Flow joined(Call call, Operator operator, Flow left, Flow right) {
        call.require(
                operator == Operator.SUM || operator == Operator.PRODUCT,
                "takes the " + operator.name().toLowerCase(Locale.ROOT)
                        + " of two layers' outputs, expected a sum or a product");
        Flow a = call.flows().settled(left, call.hint());
        Flow b = call.flows().settled(right, call.hint());
        Layer layer = operator == Operator.SUM ? new Junction.Add() : new Junction.Multiply();
        if (!alike(call, a, b)) {
            if (operator == Operator.PRODUCT && (gates(call, a, b) || gates(call, b, a))) {
                Flow wide = gates(call, a, b) ? a : b;
                Sample sample = call.flows().sample(wide);
                return new Flow(call.drafts().add(call.hint(), layer, sample, a.layer(), b.layer()), wide.view());
            }
            a = call.flows().sequence(a, call.hint());
            b = call.flows().sequence(b, call.hint());
        }
        call.require(
                alike(call, a, b),
                "joins " + Descriptions.of(left) + " and " + Descriptions.of(right) + ", expected the same axes");
        int made = call.drafts().add(call.hint(), layer, call.flows().sample(a), a.layer(), b.layer());
        return new Flow(made, a.view());
    }

    private static boolean alike(Call call, Flow a, Flow b) {
        return a.view().equals(b.view())
                && call.flows().sample(a).equals(call.flows().sample(b));
    }

    /** Whether the second value has no positions and goes with each position of the first. */
    private static boolean gates(Call call, Flow wide, Flow narrow) {
        View bare = wide.view()
                .mapped(factor -> factor.atom() == Atom.FIRST || factor.atom() == Atom.SECOND
                        ? new View.Factor(factor.atom(), 1, 1)
                        : factor);
        return call.flows().sample(narrow).positionCount() == 1 && bare.equals(narrow.view());
    }
}
