package dev.weft.checkpoints.format.onnx.topology;

import dev.weft.checkpoints.format.onnx.topology.Fixed.Kind;
import dev.weft.checkpoints.format.onnx.topology.Formula.Number;
import dev.weft.checkpoints.format.onnx.topology.Formula.Operator;
import dev.weft.network.Form.Layout;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleBinaryOperator;

/** Operations on two values, elementwise: of constants, of a value and a constant, of a value and parameters, of two values. */
final class ArithmeticRules {

    private ArithmeticRules() {}

    static void register() {
        operator("Add", Operator.SUM);
        operator("Sub", Operator.DIFFERENCE);
        operator("Mul", Operator.PRODUCT);
        operator("Div", Operator.QUOTIENT);
        operator("Pow", Operator.POWER);
        operator("Max", Operator.LARGER);
        operator("Min", Operator.SMALLER);
        operator("Sum", Operator.SUM);
        Rules.single("Equal", ArithmeticRules::equal);
        comparison("Less", (a, b) -> a < b ? 1 : 0);
        comparison("LessOrEqual", (a, b) -> a <= b ? 1 : 0);
        comparison("Greater", (a, b) -> a > b ? 1 : 0);
        comparison("GreaterOrEqual", (a, b) -> a >= b ? 1 : 0);
        comparison("And", (a, b) -> a != 0 && b != 0 ? 1 : 0);
        comparison("Or", (a, b) -> a != 0 || b != 0 ? 1 : 0);
        comparison("Xor", (a, b) -> (a != 0) != (b != 0) ? 1 : 0);
        Rules.single("Mod", ArithmeticRules::remainder);
        Rules.single("Where", ArithmeticRules::where);
    }

    private static void operator(String name, Operator operator) {
        Rules.single(name, call -> {
            Meaning left = call.input(0);
            for (int i = 1; i < call.inputs(); i++) {
                left = combined(call, operator, left, call.input(i));
            }
            return left;
        });
    }

    private static void comparison(String name, DoubleBinaryOperator operator) {
        Rules.single(name, call -> call.arithmetic().combine(call.fixed(0), call.fixed(1), Kind.LOGICAL, operator));
    }
    /** Texts are compared with the number that fills them up; whole texts have none of it. */
    private static Meaning equal(Call call) {
        for (int i = 0; i < 2; i++) {
            if (call.input(i) instanceof Flow words
                    && words.layer() == Drafts.INPUT
                    && call.drafts().input().layout() == Layout.TOKENS
                    && words.formula().equals(Formula.X)) {
                call.assume("no word is number " + (long) call.scalar(1 - i) + ", which fills texts up");
                return Fixed.of(Kind.LOGICAL, new int[0], 0).expanded(words.shape());
            }
        }
        return call.arithmetic().combine(call.fixed(0), call.fixed(1), Kind.LOGICAL, (a, b) -> a == b ? 1 : 0);
    }

    private static Meaning remainder(Call call) {
        boolean ofDivision = call.integer("fmod", 0) != 0;
        return call.arithmetic()
                .combine(
                        call.fixed(0),
                        call.fixed(1),
                        call.fixed(0).kind(),
                        (a, b) -> ofDivision ? a % b : a - b * Math.floor(a / b));
    }

    private static Meaning combined(Call call, Operator operator, Meaning left, Meaning right) {
        if (left instanceof Fixed a && right instanceof Fixed b) {
            boolean whole = a.kind() == Kind.INTEGER && operator == Operator.QUOTIENT;
            return call.arithmetic()
                    .combine(a, b, a.kind(), whole ? (x, y) -> (double) ((long) x / (long) y) : operator::of);
        }
        if (left instanceof Flow a && right instanceof Flow b) {
            return Junctions.of(call, operator, a, b);
        }
        if (left instanceof TurnTerm a && right instanceof TurnTerm b && operator == Operator.SUM) {
            return Rotations.of(call, a, b);
        }
        if (right instanceof Fixed b) {
            return withFixed(call, operator, left, b, false);
        }
        if (left instanceof Fixed a) {
            return withFixed(call, operator, right, a, true);
        }
        throw refused(operator, left, right);
    }

    private static IllegalArgumentException refused(Operator operator, Meaning left, Meaning right) {
        return new IllegalArgumentException("takes the " + operator.name().toLowerCase(Locale.ROOT) + " of "
                + Descriptions.of(left) + " and " + Descriptions.of(right));
    }

    private static Meaning withFixed(Call call, Operator operator, Meaning left, Fixed right, boolean swapped) {
        boolean commutes = operator == Operator.SUM || operator == Operator.PRODUCT;
        if (left instanceof Flow flow) {
            return withFlow(call, operator, padded(flow, right.rank()), right, swapped);
        }
        if (left instanceof Scores scores && (commutes || !swapped)) {
            return AttentionHeads.combined(call, operator, scores, right);
        }
        if (left instanceof Turned turned && operator == Operator.PRODUCT) {
            return new TurnTerm(turned.flow(), turned, right);
        }
        throw refused(operator, left, right);
    }

    /** Gives a value axes of size 1 in front, as broadcasting does. */
    static Flow padded(Flow flow, int rank) {
        View view = flow.view();
        while (view.rank() < rank) {
            view = view.inserted(0, List.of());
        }
        return flow.through(view);
    }

    private static Meaning withFlow(Call call, Operator operator, Flow flow, Fixed fixed, boolean swapped) {
        if (operator == Operator.SUM) {
            Optional<Flow> amended = Amendments.shifted(call, flow, fixed);
            if (amended.isPresent()) {
                return amended.get();
            }
        }
        OptionalDouble number = number(call, fixed);
        if (number.isPresent()) {
            requireKept(call, flow, fixed);
            Formula constant = new Number(number.getAsDouble());
            if (isNothing(operator, number.getAsDouble(), swapped)) {
                return flow;
            }
            return flow.with(
                    swapped
                            ? Formula.combine(operator, constant, flow.formula())
                            : Formula.combine(operator, flow.formula(), constant));
        }
        if (operator == Operator.PRODUCT) {
            return Amendments.scaled(call, flow, fixed)
                    .map(Meaning.class::cast)
                    .orElseGet(() -> new TurnTerm(call.flows().movable(flow, call.hint()), null, fixed));
        }
        throw refused(operator, flow, fixed);
    }

    private static boolean isNothing(Operator operator, double number, boolean swapped) {
        return switch (operator) {
            case SUM -> number == 0;
            case PRODUCT -> number == 1;
            case DIFFERENCE -> number == 0 && !swapped;
            case QUOTIENT, POWER -> number == 1 && !swapped;
            default -> false;
        };
    }

    /** Returns the one number that all values are. */
    static OptionalDouble number(Call call, Fixed fixed) {
        boolean one = fixed.size() == 1
                || (fixed.source() instanceof Fixed.Source.Computed
                        && call.arithmetic().uniform(fixed));
        return one && fixed.size() > 0 ? OptionalDouble.of(call.arithmetic().first(fixed)) : OptionalDouble.empty();
    }

    /** Refuses constants that make more of a value by broadcasting: they repeat it along an axis of size 1. */
    static void requireKept(Call call, Meaning value, Meaning constant) {
        call.require(
                Arrays.equals(Sizes.broadcast(value.shape(), constant.shape()), value.shape()),
                "repeats " + Descriptions.of(value) + " along an axis of size 1, for " + Descriptions.of(constant));
    }

    private static Meaning where(Call call) {
        Fixed condition = call.fixed(0);
        if (call.allFixed()) {
            return call.arithmetic().choose(condition, call.fixed(1), call.fixed(2));
        }
        OptionalDouble same = number(call, condition);
        if (same.isPresent()) {
            int chosen = same.getAsDouble() != 0 ? 1 : 2;
            requireKept(call, call.input(chosen), condition);
            requireKept(call, call.input(chosen), call.input(3 - chosen));
            return call.input(chosen);
        }
        if (call.input(1) instanceof Scores scores && call.input(2) instanceof Fixed otherwise) {
            return AttentionHeads.masked(call, scores, condition, otherwise, true);
        }
        if (call.input(2) instanceof Scores scores && call.input(1) instanceof Fixed otherwise) {
            return AttentionHeads.masked(call, scores, condition, otherwise, false);
        }
        throw new IllegalArgumentException("chooses between " + Descriptions.of(call.input(1)) + " and "
                + Descriptions.of(call.input(2)) + " by a pattern");
    }
}
