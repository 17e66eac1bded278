package dev.weft.checkpoints.format.onnx.topology;

import dev.weft.checkpoints.format.onnx.topology.Fixed.Kind;
import dev.weft.checkpoints.format.onnx.topology.Formula.Function;
import dev.weft.checkpoints.format.onnx.topology.Formula.Number;
import dev.weft.checkpoints.format.onnx.topology.Formula.Operator;
import java.util.function.UnaryOperator;

/** Functions of one argument, elementwise. */
final class FunctionRules {

    private FunctionRules() {}

    static void register() {
        function("Neg", Function.NEGATIVE);
        function("Abs", Function.ABSOLUTE);
        function("Sqrt", Function.SQUARE_ROOT);
        function("Reciprocal", Function.RECIPROCAL);
        function("Exp", Function.EXPONENTIAL);
        function("Log", Function.LOGARITHM);
        function("Sigmoid", Function.SIGMOID);
        function("Tanh", Function.TANH);
        function("Sin", Function.SINE);
        function("Cos", Function.COSINE);
        function("Erf", Function.ERROR_FUNCTION);
        function("Floor", Function.FLOOR);
        function("Ceil", Function.CEILING);
        function("Sign", Function.SIGN);
        Rules.single("Not", call -> call.arithmetic().map(call.fixed(0), Kind.LOGICAL, Function.NOT::of));
        Rules.single("IsNaN", FunctionRules::isNaN);
        formula("Relu", (call, x) -> larger(x, 0));
        formula("LeakyRelu", (call, x) -> plus(larger(x, 0), times(smaller(x, 0), call.real("alpha", 0.01))));
        formula("Elu", (call, x) -> elu(x, call.real("alpha", 1)));
        formula("Softplus", (call, x) -> softplus(x));
        formula("Mish", (call, x) -> times(x, Formula.apply(Function.TANH, softplus(x))));
        formula("Swish", (call, x) -> silu(x, call.real("alpha", 1)));
        formula("HardSigmoid", (call, x) -> hardSigmoid(x, call.real("alpha", 0.2), call.real("beta", 0.5)));
        formula("HardSwish", (call, x) -> times(x, hardSigmoid(x, 1.0 / 6, 0.5)));
        formula("Gelu", FunctionRules::gelu);
        Rules.single("Clip", FunctionRules::clip);
    }

    /** Makes a formula of another. */
    @FunctionalInterface
    private interface Definition {
        Formula of(Call call, Formula x);
    }

    private static void function(String operator, Function function) {
        Rules.single(operator, call -> {
            if (call.input(0) instanceof HeadPart part && function == Function.NEGATIVE) {
                return part.negated();
            }
            return elementwise(call, x -> Formula.apply(function, x));
        });
    }

    private static void formula(String operator, Definition definition) {
        Rules.single(operator, call -> elementwise(call, x -> definition.of(call, x)));
    }

    private static Meaning elementwise(Call call, UnaryOperator<Formula> change) {
        if (call.input(0) instanceof Fixed fixed) {
            Formula formula = change.apply(Formula.X);
            return call.arithmetic().map(fixed, fixed.kind(), x -> formula.at(new double[] {x})[0]);
        }
        Flow flow = call.flow(0);
        return flow.with(change.apply(flow.formula()));
    }

    private static Meaning isNaN(Call call) {
        if (call.input(0) instanceof Fixed fixed) {
            return call.arithmetic().map(fixed, Kind.LOGICAL, Function.IS_NAN::of);
        }
        return Fixed.of(Kind.LOGICAL, new int[0], 0)
                .expanded(call.input(0).shape()); // a sound network's values are numbers
    }

    private static Meaning clip(Call call) {
        double least = call.has(1) ? call.scalar(1) : call.real("min", Double.NEGATIVE_INFINITY);
        double most = call.has(2) ? call.scalar(2) : call.real("max", Double.POSITIVE_INFINITY);
        return elementwise(call, x -> smaller(larger(x, least), most));
    }

    private static Formula gelu(Call call, Formula x) {
        Formula inner;
        if (call.text("approximate", "none").equals("tanh")) {
            Formula cube = Formula.combine(Operator.POWER, x, new Number(3));
            inner = Formula.apply(Function.TANH, times(plus(x, times(cube, 0.044715)), Math.sqrt(2 / Math.PI)));
        } else {
            inner = Formula.apply(Function.ERROR_FUNCTION, times(x, Math.sqrt(0.5)));
        }
        return times(times(x, 0.5), plus(inner, new Number(1)));
    }

    private static Formula elu(Formula x, double alpha) {
        Formula below = plus(Formula.apply(Function.EXPONENTIAL, smaller(x, 0)), new Number(-1));
        return plus(larger(x, 0), times(below, alpha));
    }

    private static Formula softplus(Formula x) {
        return Formula.apply(Function.LOGARITHM, plus(Formula.apply(Function.EXPONENTIAL, x), new Number(1)));
    }

    private static Formula silu(Formula x, double alpha) {
        return times(x, Formula.apply(Function.SIGMOID, times(x, alpha)));
    }

    private static Formula hardSigmoid(Formula x, double alpha, double beta) {
        return smaller(larger(plus(times(x, alpha), new Number(beta)), 0), 1);
    }

    private static Formula plus(Formula a, Formula b) {
        return Formula.combine(Operator.SUM, a, b);
    }

    private static Formula times(Formula a, Formula b) {
        return Formula.combine(Operator.PRODUCT, a, b);
    }

    private static Formula times(Formula a, double factor) {
        return times(a, new Number(factor));
    }

    private static Formula larger(Formula a, double least) {
        return Formula.combine(Operator.LARGER, a, new Number(least));
    }

    private static Formula smaller(Formula a, double most) {
        return Formula.combine(Operator.SMALLER, a, new Number(most));
    }
}
