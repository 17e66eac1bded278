package dev.weft.cli.service.model;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The one thread in which a model computes: nothing promises that a DJL block serves several, and a pass uses all processors
 * anyway.
 */
final class ModelWorker implements Executor {

    private final ExecutorService thread;

    ModelWorker(String model) {
        thread = Executors.newSingleThreadExecutor(task -> {
            Thread worker = new Thread(task, "weft-model-" + model);
            worker.setDaemon(true);
            return worker;
        });
    }

    @Override
    public void execute(Runnable task) {
        thread.execute(task);
    }

    /** Runs what is queued, then a last task, and ends. */
    void finish(Runnable last) {
        thread.execute(last);
        thread.shutdown();
    }
}
