package dev.weft.cli.service.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Lets inputs that arrive together share one pass. The first one waits a moment for others; while a pass runs, the next batch
 * gathers by itself. An answer that nobody waits for any more is not computed.
 *
 * @param <I> an input
 * @param <O> the answer to one
 */
final class Batcher<I, O> {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final BatchSettings settings;
    private final Executor worker;
    private final Function<List<I>, List<O>> pass;
    private final Queue<Waiting<I, O>> waiting = new ArrayDeque<>();
    private boolean draining;

    private record Waiting<I, O>(I input, CompletableFuture<O> answer, long since) {}

    /** @param pass answers inputs in their order; runs in the worker */
    Batcher(BatchSettings settings, Executor worker, Function<List<I>, List<O>> pass) {
        this.settings = settings;
        this.worker = worker;
        this.pass = pass;
    }

    CompletableFuture<O> submit(I input) {
        Waiting<I, O> entry = new Waiting<>(input, new CompletableFuture<>(), System.nanoTime());
        synchronized (this) {
            waiting.add(entry);
            notifyAll();
            if (draining) {
                return entry.answer;
            }
            draining = true;
        }
        worker.execute(this::drain);
        return entry.answer;
    }

    private void drain() {
        try {
            for (List<Waiting<I, O>> batch = next(); !batch.isEmpty(); batch = next()) {
                answer(batch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns the next batch, empty if nobody waits; then the next input starts draining anew. */
    private synchronized List<Waiting<I, O>> next() throws InterruptedException {
        if (waiting.isEmpty()) {
            draining = false;
            return List.of();
        }
        long end = waiting.element().since + settings.delay().toNanos();
        for (long left = left(end); waiting.size() < settings.size() && left > 0; left = left(end)) {
            wait(left / NANOS_PER_MILLI, (int) (left % NANOS_PER_MILLI));
        }
        List<Waiting<I, O>> batch = new ArrayList<>();
        while (batch.size() < settings.size() && !waiting.isEmpty()) {
            batch.add(waiting.remove());
        }
        return batch;
    }

    private static long left(long end) {
        return end - System.nanoTime();
    }

    private void answer(List<Waiting<I, O>> batch) {
        List<Waiting<I, O>> wanted =
                batch.stream().filter(each -> !each.answer.isDone()).toList();
        if (wanted.isEmpty()) {
            return;
        }
        try {
            List<O> answers = pass.apply(wanted.stream().map(Waiting::input).toList());
            for (int i = 0; i < wanted.size(); i++) {
                wanted.get(i).answer.complete(answers.get(i));
            }
        } catch (RuntimeException | Error e) { // each request tells its client
            wanted.forEach(each -> each.answer.completeExceptionally(e));
        }
    }
}
