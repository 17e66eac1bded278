package dev.weft.datasets.inr;

import dev.weft.network.Architecture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The fitter for processors: each thread fits one network after another in plain Java, without libtorch. A network's row is
 * the same bit for bit whatever the number of threads, the images beside it, or the machine.
 */
public final class CpuInrFitter implements InrFitter {

    private final int threads;

    /** Uses all processors. */
    public CpuInrFitter() {
        this(Runtime.getRuntime().availableProcessors());
    }

    /** Uses the given number of threads, which changes no result. */
    public CpuInrFitter(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("expected at least one thread, got " + threads);
        }
        this.threads = threads;
    }

    @Override
    public List<Fit> fit(Problem problem) {
        Fit[] fits = new Fit[problem.images().size()];
        AtomicInteger next = new AtomicInteger();
        List<Callable<Void>> workers = new ArrayList<>();
        for (int t = 0; t < Math.min(threads, fits.length); t++) {
            workers.add(() -> {
                work(problem, next, fits);
                return null;
            });
        }
        run(workers);
        return Arrays.asList(fits);
    }

    private static void work(Problem problem, AtomicInteger next, Fit[] fits) {
        InrRecipe recipe = problem.recipe();
        Architecture architecture = recipe.architecture(problem.channels());
        SirenKernel kernel = new SirenKernel(recipe, problem.height(), problem.width(), problem.channels());
        int i = next.getAndIncrement();
        while (i < fits.length && !Thread.currentThread().isInterrupted()) {
            float[] start = SirenInit.draw(recipe, architecture, problem.seeds().get(i));
            fits[i] = kernel.fit(start, problem.images().get(i));
            i = next.getAndIncrement();
        }
    }

    private static void run(List<Callable<Void>> workers) {
        if (workers.isEmpty()) {
            return;
        }
        if (Thread.currentThread().isInterrupted()) { // the pool would not tell if the work ends at once
            throw new CancellationException("fitting was interrupted");
        }
        ExecutorService pool = Executors.newFixedThreadPool(workers.size(), CpuInrFitter::daemon);
        try {
            for (Future<Void> worker : pool.invokeAll(workers)) {
                worker.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("fitting was interrupted");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw new IllegalStateException(cause == null ? e.getMessage() : cause.getMessage(), e);
        } finally {
            pool.shutdownNow();
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "inr-fitter");
        thread.setDaemon(true);
        return thread;
    }
}
