package dev.weft.network.run;

import dev.weft.network.Layer;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The table of forward passes, one a layer. */
final class Operations {

    private static final Map<Class<? extends Layer>, Operation<?>> OPERATIONS = new HashMap<>();

    /** A layer's forward pass over n networks at once. */
    @FunctionalInterface
    interface Operation<L extends Layer> {
        Batch run(Step step, L layer);
    }

    static {
        LinearOperations.register();
        ActivationOperations.register();
        MapOperations.register();
        NormOperations.register();
        ShapeOperations.register();
        EmbeddingOperations.register();
        AttentionOperations.register();
        RecurrenceOperations.register();
    }

    private Operations() {}

    static <L extends Layer> void register(Class<L> type, Operation<L> operation) {
        OPERATIONS.put(type, operation);
    }

    /** Returns the layers that can be run. */
    static Set<Class<? extends Layer>> layers() {
        return Set.copyOf(OPERATIONS.keySet());
    }

    static Batch run(Step step) {
        return run(step, step.node().layer(), step.node().layer().getClass());
    }

    @SuppressWarnings("unchecked") // register puts an operation on L under the class of L
    private static <L extends Layer> Batch run(Step step, L layer, Class<? extends Layer> type) {
        Operation<L> operation =
                (Operation<L>) Objects.requireNonNull(OPERATIONS.get(type), () -> "no operation for " + type.getName());
        return operation.run(step, layer);
    }
}
