package dev.weft.network;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The table of what each layer makes of its inputs. */
final class WiringRules {

    private static final Map<Class<? extends Layer>, Rule<?>> RULES = new HashMap<>();

    /** The form of a layer's output; it declares parameters and demands symmetries on the way. */
    @FunctionalInterface
    interface Rule<L extends Layer> {
        Value apply(Site site, L layer);
    }

    static {
        LinearRules.register();
        ActivationRules.register();
        ConvolutionRules.register();
        NormRules.register();
        PoolingRules.register();
        ReshapingRules.register();
        JunctionRules.register();
        EmbeddingRules.register();
        AttentionRules.register();
        RecurrenceRules.register();
    }

    private WiringRules() {}

    static <L extends Layer> void register(Class<L> type, Rule<L> rule) {
        RULES.put(type, rule);
    }

    /** Returns the layers that there are rules for. */
    static Set<Class<? extends Layer>> layers() {
        return Set.copyOf(RULES.keySet());
    }

    static Value apply(Site site, Layer layer) {
        return applied(site, layer, layer.getClass());
    }

    @SuppressWarnings("unchecked") // register puts a rule for L under the class of L
    private static <L extends Layer> Value applied(Site site, L layer, Class<? extends Layer> type) {
        Rule<L> rule = (Rule<L>) Objects.requireNonNull(RULES.get(type), () -> "no rule for " + type.getName());
        return rule.apply(site, layer);
    }
}
