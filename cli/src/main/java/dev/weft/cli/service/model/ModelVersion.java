package dev.weft.cli.service.model;

import dev.weft.cli.service.problem.Problem;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/**
 * One version of a model. The registry and each request that began with it hold it; when the last of them lets go, what is
 * queued is finished and the values are freed.
 */
final class ModelVersion {

    private final String name;
    private final String version;
    private final String card;
    private final ServedModel model;
    private final ModelWorker worker;
    private int holders = 1;

    /**
     * @param version digest of the files
     * @param card the model's card in Markdown, empty if there is none
     */
    ModelVersion(String name, String version, String card, ServedModel model, ModelWorker worker) {
        this.name = name;
        this.version = version;
        this.card = card;
        this.model = model;
        this.worker = worker;
    }

    String name() {
        return name;
    }

    String version() {
        return version;
    }

    String card() {
        return card;
    }

    ServedModel model() {
        return model;
    }

    /** Holds this version, or returns false if it has been let go of already. */
    synchronized boolean hold() {
        if (holders == 0) {
            return false;
        }
        holders++;
        return true;
    }

    /** Lets go. */
    void release() {
        synchronized (this) {
            holders--;
            if (holders > 0) {
                return;
            }
        }
        worker.finish(model::close);
    }

    /**
     * Runs a computation in the model's worker; it holds this version even when nobody waits for it any more. Cancelling the
     * result interrupts the computation, or keeps it from being begun.
     */
    <T> CompletableFuture<T> submit(Callable<T> computation) {
        if (!hold()) {
            throw new IllegalStateException(name + " " + version + " has been freed");
        }
        Computation<T> result = new Computation<>(computation);
        worker.execute(() -> {
            try {
                result.run();
            } finally {
                release();
            }
        });
        return result;
    }

    /** Returns the model if it does what is asked for. */
    <M extends ServedModel> M as(Class<M> type, Operation operation) {
        if (!model.operations().contains(operation) || !type.isInstance(model)) {
            throw Problem.NOT_OFFERED.because("'" + name + "', a " + model.kind() + ", offers "
                    + (model.operations().isEmpty()
                            ? "nothing yet"
                            : String.join(
                                    ", ",
                                    model.operations().stream()
                                            .map(Operation::word)
                                            .toList()))
                    + ", not " + operation.word());
        }
        return type.cast(model);
    }
}
