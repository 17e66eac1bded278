package dev.weft.checkpoints.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {

    @TempDir
    Path folder;

    @Test
    void everyTypeComesBack() throws IOException {
        Path file = folder.resolve("x.safetensors");
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray values = manager.create(new float[] {1, 2, 3, 4, 5, 100}, new Shape(2, 3));
            List<DataType> types = List.of(
                    DataType.FLOAT64,
                    DataType.FLOAT32,
                    DataType.FLOAT16,
                    DataType.INT64,
                    DataType.INT32,
                    DataType.INT8,
                    DataType.UINT8);
            SafetensorsWriter writer = new SafetensorsWriter();
            types.forEach(type -> writer.add(type.name(), values.toType(type, true)));
            writer.add("flag", manager.create(new boolean[] {true, false}))
                    .add("scalar", new long[0], new long[] {-7})
                    .add("none", List.of(0L, 5L), new float[0])
                    .metadata("ключ", "\"quoted\"")
                    .write(file);
            try (Safetensors read = Safetensors.open(file)) {
                for (DataType type : types) {
                    assertEquals(values.toType(type, true), read.array(manager, type.name()));
                }
                assertArrayEquals(
                        new boolean[] {true, false}, read.array(manager, "flag").toBooleanArray());
                assertArrayEquals(new long[] {-7}, read.longs("scalar"));
                assertEquals(List.of(), read.tensor("scalar").shape());
                assertEquals(List.of(0L, 5L), read.tensor("none").shape());
                assertArrayEquals(new float[] {1, 2, 3, 4, 5, 100}, read.floats("FLOAT16"));
                assertEquals(Map.of("ключ", "\"quoted\""), read.metadata());
            }
        }
    }

    @Test
    void bytesFollowFromTheContent() throws IOException {
        Path one = folder.resolve("1");
        Path two = folder.resolve("2");
        float[] a = {1};
        long[] b = {2, 3};
        new SafetensorsWriter()
                .add("a", List.of(1L), a)
                .metadata("k", "v")
                .add("b", new long[] {2}, b)
                .write(one);
        new SafetensorsWriter()
                .add("b", new long[] {2}, b)
                .add("a", List.of(1L), a)
                .metadata("k", "v")
                .write(two);
        byte[] bytes = Files.readAllBytes(one);
        assertArrayEquals(bytes, Files.readAllBytes(two));
        int header = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        assertEquals(0, header % 8);
        assertEquals(
                "{\"__metadata__\":{\"k\":\"v\"},"
                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[16,20]},"
                        + "\"b\":{\"dtype\":\"I64\",\"shape\":[2],\"data_offsets\":[0,16]}}",
                new String(Arrays.copyOfRange(bytes, 8, 8 + header), StandardCharsets.UTF_8).stripTrailing());
    }

    @Test
    void replacesAFileAndLeavesNothingBeside() throws IOException {
        Path file = folder.resolve("x.safetensors");
        Files.writeString(file, "old");
        new SafetensorsWriter().add("a", List.of(1L), new float[] {1}).write(file);
        try (Safetensors read = Safetensors.open(file);
                var files = Files.list(folder)) {
            assertArrayEquals(new float[] {1}, read.floats("a"));
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void refusesWhatDoesNotFit() {
        SafetensorsWriter writer = new SafetensorsWriter().add("a", List.of(1L), new float[1]);
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> writer.add("b", List.of(2L, 2L), new float[3]));
        assertEquals("tensor 'b': shape [2, 2] has 4 values, got 3", e.getMessage());
        e = assertThrows(IllegalArgumentException.class, () -> writer.add("a", List.of(1L), new float[1]));
        assertEquals("two tensors are called 'a'", e.getMessage());
        e = assertThrows(IllegalArgumentException.class, () -> writer.add("__metadata__", List.of(1L), new float[1]));
        assertTrue(e.getMessage().startsWith("a tensor cannot be called"), e.getMessage());
    }
}
