package dev.weft.checkpoints.format.onnx.topology;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What each operator of ONNX makes of its inputs.
 *
 * <p>To add an operator: a rule in the class whose concern it is, registered under the operator's name. Rules throw {@link
 * IllegalArgumentException} for what they do not support; the node's name is added where they are called.
 */
final class Rules {

    private static final Map<String, Rule> RULES = new HashMap<>();

    /** Gives the meanings of a node's outputs. */
    @FunctionalInterface
    interface Rule {
        List<Meaning> apply(Call call);
    }

    /** Gives the meaning of a node's only output. */
    @FunctionalInterface
    interface Single {
        Meaning apply(Call call);
    }

    static {
        ConstantRules.register();
        MovementRules.register();
        SelectionRules.register();
        FunctionRules.register();
        ArithmeticRules.register();
        ReductionRules.register();
        LinearRules.register();
        MapRules.register();
        NormRules.register();
        RecurrentRules.register();
    }

    private Rules() {}

    static void single(String operator, Single rule) {
        RULES.put(operator, call -> List.of(rule.apply(call)));
    }

    static void several(String operator, Rule rule) {
        RULES.put(operator, rule);
    }

    static Optional<Rule> of(String operator) {
        return Optional.ofNullable(RULES.get(operator));
    }

    /** Returns the operators that there are rules for. */
    static TreeSet<String> operators() {
        return new TreeSet<>(RULES.keySet());
    }
}
