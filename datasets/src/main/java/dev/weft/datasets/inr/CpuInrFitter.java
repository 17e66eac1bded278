package dev.weft.datasets.inr;

import dev.weft.network.Architecture;
import dev.weft.network.Seed;
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
 * The fitter for processors: each thread fits one network after another with a kernel of its own, without libtorch. A
 * network's row is the same bit for bit whatever the number of threads and the images beside it; the plain kernel's on
 * every machine, the vector kernel's on every machine with vectors of the same length.
 */
public final class CpuInrFitter implements InrFitter {

    private static final String VECTOR_MODULE = "jdk.incubator.vector";
    /** With fewer lanes the plain kernel is as fast. */
    private static final int LANES_MIN = 4;

    private final int threads;
    private final boolean vector;

    private CpuInrFitter(int threads, boolean vector) {
        if (threads < 1) {
            throw new IllegalArgumentException("expected at least one thread, got " + threads);
        }
        this.threads = threads;
        this.vector = vector;
    }

    /** Returns the fitter in plain Java on the given number of threads, which changes no result. */
    public static CpuInrFitter plain(int threads) {
        return new CpuInrFitter(threads, false);
    }

    /**
     * Returns the fitter on the JDK's Vector API on the given number of threads, which changes no result.
     *
     * @throws IllegalStateException if the JVM was started without the API's module, or the processor's vectors are short
     */
    public static CpuInrFitter vector(int threads) {
        if (!hasVectors()) {
            throw new IllegalStateException("the vector fitter needs " + LANES_MIN
                    + " lanes or more and the JVM option --add-modules " + VECTOR_MODULE);
        }
        return new CpuInrFitter(threads, true);
    }

    /** Says whether {@link #vector} works here. */
    public static boolean hasVectors() {
        return ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent() && VectorLoops.LANES >= LANES_MIN;
    }

    @Override
    public String name() {
        return vector ? "vector-" + VectorLoops.LANES : "plain";
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

    private void work(Problem problem, AtomicInteger next, Fit[] fits) {
        Architecture architecture = problem.recipe().architecture(problem.channels());
        SirenDescent descent = new SirenDescent(problem, kernel(problem));
        int i = next.getAndIncrement();
        while (i < fits.length && !Thread.currentThread().isInterrupted()) {
            Seed seed = problem.seeds().get(i);
            float[] start = SirenInit.draw(problem.recipe(), architecture, seed);
            fits[i] = descent.fit(start, problem.images().get(i), seed.split("pixels"));
            i = next.getAndIncrement();
        }
    }

    private SirenKernel kernel(Problem problem) {
        List<SirenKernel.Shape> shapes = SirenKernel.Shape.of(problem.recipe(), problem.channels());
        return vector
                ? new VectorSirenKernel(shapes, problem.height() * problem.width())
                : new PlainSirenKernel(shapes);
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
