package dev.weft.checkpoints;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.weft.checkpoints.format.Safetensors;
import dev.weft.checkpoints.format.SafetensorsWriter;
import dev.weft.network.Seed;
import dev.weft.testing.Mutations;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of damaged files are read or refused, fast and without large allocations. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ReaderFuzzTest {

    private static final int COUNT = 2000;
    private static final long ALLOCATION_LIMIT = 16 << 20;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    Path folder;

    private static void fuzz(byte[] valid, long seed, Mutations.Reading reading) {
        Mutations.fuzz(valid, COUNT, new Seed(seed), damaged -> {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            try {
                reading.read(damaged);
            } finally {
                long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
                assertTrue(allocated < ALLOCATION_LIMIT, "allocated " + allocated);
            }
        });
    }

    @Test
    void safetensors() throws IOException {
        Path file = folder.resolve("x.safetensors");
        new SafetensorsWriter()
                .metadata("w0", "30")
                .add("seq.0.weight", List.of(3L, 2L), new float[6])
                .add("seq.0.bias", List.of(3L), new float[3])
                .add("steps", new long[] {2}, new long[2])
                .write(file);
        fuzz(Files.readAllBytes(file), 1, damaged -> {
            Files.write(file, damaged);
            try (Safetensors tensors = Safetensors.open(file)) {
                for (Safetensors.Tensor tensor : tensors.tensors().values()) {
                    if (tensor.dtype().isFloating()) {
                        tensors.floats(tensor.name());
                        tensors.doubles(tensor.name());
                    } else if (tensor.dtype().isInteger()) {
                        tensors.longs(tensor.name());
                    }
                }
            }
        });
    }

    @Test
    void manifests() throws IOException {
        SmallZoo.write(folder, 5, 4);
        byte[] manifest = Files.readAllBytes(folder.resolve(ZooManifest.FILE));
        fuzz(manifest, 2, damaged -> ZooManifestJson.read("_zoo.json", damaged));
    }

    @Test
    void parts() throws IOException {
        ZooHeader header = SmallZoo.write(folder, 4, 4);
        Path part = folder.resolve(header.part(0).path());
        fuzz(Files.readAllBytes(part), 3, damaged -> {
            Files.write(part, damaged);
            readAll(header);
        });
    }

    /** Most of a small part is metadata at its end, where the general fuzzer seldom looks. */
    @Test
    void footers() throws IOException {
        ZooHeader header = SmallZoo.write(folder, 4, 4);
        Path part = folder.resolve(header.part(0).path());
        byte[] valid = Files.readAllBytes(part);
        int footer = valid.length
                - 10
                - ByteBuffer.wrap(valid).order(ByteOrder.LITTLE_ENDIAN).getInt(valid.length - 10);
        byte[] head = Arrays.copyOf(valid, footer);
        fuzz(Arrays.copyOfRange(valid, footer, valid.length), 4, damaged -> {
            Files.write(part, head);
            Files.write(part, damaged, StandardOpenOption.APPEND);
            readAll(header);
        });
    }

    private void readAll(ZooHeader header) throws IOException {
        for (PartBatch batch : PartReader.read(folder, header, 0)) {
            ZooColumns columns = batch.columns();
            for (int row = 0; row < batch.rows(); row++) {
                batch.text(ZooColumns.ID, row);
                batch.text(ZooColumns.RUN_ID, row);
                batch.text(columns.source(), row);
                batch.text(columns.architecture(), row);
                batch.int64(ZooColumns.STEP, row);
                batch.int64(columns.seed(), row);
                batch.float64(ZooColumns.FIRST_METRIC + 1, row);
            }
            assertTrue(batch.parameters().capacity() == batch.rows() * batch.width() * Float.BYTES);
        }
    }
}
