package dev.weft.checkpoints.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.TreeSet;

/** The files that {@code src/test/python/make_format_fixtures.py} makes with torch and onnx. */
public final class FormatFixtures {

    private FormatFixtures() {}

    public static Path file(String name) {
        return Path.of("src/test/resources/formats", name);
    }

    /** Asserts that two sources have the same tensors with the same bytes, in any order. */
    public static void assertSameTensors(TensorSource expected, TensorSource actual) throws IOException {
        assertEquals(
                new TreeSet<>(expected.tensors().keySet()),
                new TreeSet<>(actual.tensors().keySet()));
        for (NamedTensor tensor : expected.tensors().values()) {
            NamedTensor found = actual.tensor(tensor.name());
            String where = actual.origin() + ", " + tensor.name();
            assertEquals(tensor.dtype(), found.dtype(), where);
            assertEquals(tensor.shape(), found.shape(), where);
            assertEquals(expected.bytes(tensor.name()), actual.bytes(tensor.name()), where);
            assertPieces(actual, found);
        }
    }

    /** Reading single values, backwards, gives the same as reading all. */
    private static void assertPieces(TensorSource source, NamedTensor tensor) throws IOException {
        ByteBuffer all = source.bytes(tensor.name());
        int size = tensor.dtype().bytes();
        for (int at = all.limit() - size; at >= 0; at -= size) {
            ByteBuffer value = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
            source.read(tensor.name(), at, value);
            assertEquals(all.slice(at, size), value.flip(), source.origin() + ", " + tensor.name() + " at " + at);
        }
    }
}
