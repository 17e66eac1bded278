package dev.weft.checkpoints.format;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.weft.network.FormatException;
import dev.weft.network.Seed;
import dev.weft.testing.Mutations;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;

/**
 * Reads thousands of damaged files: each is read whole or refused, in less than two seconds of computing and without allocating more
 * than four times its length, beyond what any file costs.
 */
public final class FuzzedReading {

    private static final int COUNT = 5000;
    private static final long NANOS_LIMIT = 2_000_000_000L;

    /** What opening and reading a sound file of a few hundred bytes takes: buffers of parsers, messages. */
    private static final long FIXED = 512 << 10;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private FuzzedReading() {}

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
        Mutations.fuzz(valid, COUNT, new Seed(seed), damaged -> {
            long limit = FIXED + 4 * making.make(damaged);
            long allocated = measure(file);
            if (allocated >= limit) { // perhaps a class was loaded
                allocated = measure(file);
            }
            assertTrue(allocated < limit, "allocated " + allocated + " of " + limit);
        });
    }

    /** Returns how much was allocated until the file was read or refused. */
    private static long measure(Path file) throws IOException {
        long start = THREADS.getCurrentThreadCpuTime();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            readAll(file);
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
