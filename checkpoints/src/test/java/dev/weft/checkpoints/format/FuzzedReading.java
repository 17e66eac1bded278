package dev.weft.checkpoints.format;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.weft.network.FormatException;
import dev.weft.network.Seed;
import dev.weft.testing.Mutations;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads thousands of damaged files: each is read whole or refused, in less than two seconds of computing and without allocating more
 * than four times its length, beyond what any file costs.
 */
public final class FuzzedReading {

    private static final int COUNT = 5000;
    private static final long NANOS_LIMIT = 2_000_000_000L;

    /**
     * What a file of any length may cost besides: the buffers of JSON, ZIP and protobuf parsers, the names of tensors, and
     * the refusal with its stack trace. The dearest damaged file of a thousand bytes took 338,000 (JDK 17).
     */
    private static final long FIXED = 384 << 10;

    private static final long TIMES = 4;

    /** Each node of a graph becomes a few dozen objects of some hundred bytes, most of them gone at once. */
    private static final long TIMES_OF_GRAPHS = 100;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private FuzzedReading() {}

    /** Reads a file; may return, or throw {@link FormatException}. */
    @FunctionalInterface
    public interface Reading {
        void read(Path file) throws IOException;
    }

    /** Makes a file of damaged bytes. */
    @FunctionalInterface
    public interface Making {
        long make(byte[] damaged) throws IOException;
    }

    /**
     * Fuzzes.
     *
     * @param making writes the damaged bytes to {@code file} and returns the length of all files together
     */
    public static void fuzz(byte[] valid, long seed, Path file, Making making) {
        fuzz(valid, seed, file, making, FuzzedReading::readAll, TIMES);
    }

    /** Fuzzes a reading of what a model computes, which makes objects of each node besides reading values. */
    public static void fuzzGraphs(byte[] valid, long seed, Path file, Reading reading) {
        Making making = damaged -> {
            Files.write(file, damaged);
            return damaged.length;
        };
        fuzz(valid, seed, file, making, reading, TIMES_OF_GRAPHS);
    }

    private static void fuzz(byte[] valid, long seed, Path file, Making making, Reading reading, long times) {
        Mutations.fuzz(valid, COUNT, new Seed(seed), damaged -> {
            long limit = FIXED + times * making.make(damaged);
            long allocated = measure(file, reading);
            if (allocated >= limit) { // perhaps a class was loaded
                allocated = measure(file, reading);
            }
            assertTrue(allocated < limit, "allocated " + allocated + " of " + limit);
        });
    }

    /** Returns how much was allocated until the file was read or refused. */
    private static long measure(Path file, Reading reading) throws IOException {
        long start = THREADS.getCurrentThreadCpuTime();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            reading.read(file);
        } catch (FormatException refused) {
            assertFalse(refused.getMessage().isBlank());
        }
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertTrue(THREADS.getCurrentThreadCpuTime() - start < NANOS_LIMIT, "took longer than 2 s");
        return allocated;
    }

    private static void readAll(Path path) throws IOException {
        try (TensorFile file = TensorFile.open(path)) {
            for (NamedTensor tensor : file.tensors().values()) {
                if (tensor.byteLength() > 1 << 20) {
                    throw new AssertionError(tensor + " is larger than the file");
                }
                PieceReader.forEach(file, tensor, (piece, first) -> {});
                try {
                    file.floats(tensor.name());
                } catch (FormatException.Unsupported notFloating) {
                    assertTrue(notFloating.getMessage().contains("expected F32"), notFloating.getMessage());
                }
            }
        }
    }
}
