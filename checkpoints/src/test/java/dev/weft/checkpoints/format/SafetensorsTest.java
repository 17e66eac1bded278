package dev.weft.checkpoints.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("x.safetensors");
    }

    private void write(String header, byte... data) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        write(json.length, json, data);
    }

    private void write(long length, byte[] header, byte... data) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(8 + header.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(file, bytes.putLong(length).put(header).put(data).array());
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private void assertRefused(String message) {
        FormatException e = assertThrows(FormatException.class, () -> Safetensors.open(file));
        assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    @Test
    void readsAFileMadeByHand() throws IOException {
        write(
                "{\"b\":{\"dtype\":\"I16\",\"shape\":[2],\"data_offsets\":[4,8]},"
                        + "\"__metadata__\":{\"w0\":\"30\"},"
                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[0,4]}}  ",
                bytes(0, 0, 0x80, 0x3f, 0xff, 0xff, 2, 0)); // 1.0f, then -1 and 2
        try (Safetensors tensors = Safetensors.open(file)) {
            assertEquals(List.of("a", "b"), List.copyOf(tensors.tensors().keySet()));
            assertEquals(new Safetensors.Tensor("a", Dtype.F32, List.of(1L, 1L), 0, 4), tensors.tensor("a"));
            assertEquals(Map.of("w0", "30"), tensors.metadata());
            assertArrayEquals(new float[] {1}, tensors.floats("a"));
            assertArrayEquals(new double[] {1}, tensors.doubles("a"));
            assertArrayEquals(new long[] {-1, 2}, tensors.longs("b"));
            assertEquals(-1, tensors.bytes("b").getShort(0));
        }
    }

    @Test
    void convertsHalvesAndBrainFloats() throws IOException {
        write(
                "{\"h\":{\"dtype\":\"F16\",\"shape\":[6],\"data_offsets\":[0,12]},"
                        + "\"b\":{\"dtype\":\"BF16\",\"shape\":[],\"data_offsets\":[12,14]}}",
                // 1, -2, the smallest subnormal, the largest finite, -infinity, NaN; then -1.5
                bytes(0, 0x3c, 0, 0xc0, 1, 0, 0xff, 0x7b, 0, 0xfc, 1, 0x7c, 0xc0, 0xbf));
        try (Safetensors tensors = Safetensors.open(file)) {
            assertArrayEquals(
                    new float[] {1, -2, 0x1p-24f, 65504, Float.NEGATIVE_INFINITY, Float.NaN}, tensors.floats("h"));
            assertArrayEquals(new double[] {-1.5}, tensors.doubles("b"));
        }
    }

    @Test
    void givesArraysOfTheirOwnType() throws IOException {
        write(
                "{\"i\":{\"dtype\":\"I64\",\"shape\":[1,2],\"data_offsets\":[0,16]},"
                        + "\"u\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[16,18]}}",
                bytes(7, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 200, 1));
        try (Safetensors tensors = Safetensors.open(file);
                NDManager manager = NDManager.newBaseManager()) {
            NDArray array = tensors.array(manager, "i");
            assertEquals(DataType.INT64, array.getDataType());
            assertEquals(new Shape(1, 2), array.getShape());
            assertArrayEquals(new long[] {7, -1}, array.toLongArray());
            array.addi(1);
            assertArrayEquals(new long[] {7, -1}, tensors.longs("i"));
            assertArrayEquals(new long[] {200, 1}, tensors.longs("u"));
        }
    }

    @Test
    void buffersOutliveTheFile() throws IOException {
        write("{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}", bytes(3, 4));
        Safetensors tensors = Safetensors.open(file);
        ByteBuffer bytes = tensors.bytes("a");
        tensors.close();
        assertTrue(bytes.isDirect() && bytes.isReadOnly());
        assertEquals(4, bytes.get(1));
    }

    @Test
    void namesWhatIsThereWhenATensorIsMissing() throws IOException {
        write("{\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}");
        try (Safetensors tensors = Safetensors.open(file)) {
            FormatException e = assertThrows(FormatException.class, () -> tensors.floats("seq.0.weight"));
            assertEquals(file + ": expected a tensor 'seq.0.weight', found [a]", e.getMessage());
            e = assertThrows(FormatException.class, () -> tensors.floats("a"));
            assertEquals(file + ": tensor 'a': expected F32, F64, F16 or BF16, found U8", e.getMessage());
            assertEquals(0, tensors.longs("a").length);
        }
    }

    @Test
    void refusesHeadersThatLieAboutTheirLength() throws IOException {
        write(-1, bytes('{', '}'));
        assertRefused("the header is said to be 18446744073709551615 bytes long, the file has 2 behind the length");
        write(3, bytes('{', '}'));
        assertRefused("the header is said to be 3 bytes long, the file has 2");
        write(0, bytes('{', '}'));
        assertRefused("expected the header to start with '{', found nothing");
        Files.write(file, new byte[7]);
        assertRefused("expected at least 8 bytes, found 7");
    }

    @Test
    void refusesHeadersAboveTheLimitWithoutReadingThem() throws IOException {
        try (var big = new RandomAccessFile(file.toFile(), "rw")) {
            big.setLength(200_000_000); // a hole, no blocks
            big.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(100_000_001)
                    .array());
        }
        assertRefused("expected a header of at most 100000000 bytes, found 100000001");
    }

    @Test
    void refusesHeadersThatAreNotTheirJson() throws IOException {
        write("[]");
        assertRefused("expected the header to start with '{', found '['");
        write("{\"a\":1}");
        assertRefused("tensor 'a': expected START_OBJECT, found VALUE_NUMBER_INT");
        write("{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}");
        assertRefused("expected dtype, shape and two data_offsets, found dtype F32, shape [1], data_offsets null");
        write("{\"a\":{\"dtype\":\"F32\",\"size\":[1]}}");
        assertRefused("expected dtype, shape and data_offsets, found the key 'size'");
        write("{\"__metadata__\":{\"w0\":30}}");
        assertRefused("__metadata__ 'w0': expected VALUE_STRING, found VALUE_NUMBER_INT");
        write("{} {}");
        assertRefused("expected nothing behind the header's JSON, found START_OBJECT");
        write("{\"a\"");
        assertRefused("the header is not valid JSON");
        write(6, bytes('{', '"', 0xff, '"', ':', '}'));
        assertRefused("expected the header in UTF-8");
    }

    @Test
    void refusesRepeatedNames() throws IOException {
        String tensor = "\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}";
        write("{" + tensor + "," + tensor + "}");
        assertRefused("Duplicate field 'a'");
    }

    @Test
    void refusesTypesAndShapesThatCannotBe() throws IOException {
        write("{\"a\":{\"dtype\":\"F31\",\"shape\":[1],\"data_offsets\":[0,4]}}", bytes(0, 0, 0, 0));
        assertRefused("BOOL, C64, F8_E4M3, F8_E5M2, F8_E8M0], found 'F31'");
        write("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", bytes(0, 0, 0, 0));
        assertRefused("tensor 'a': shape [2] of F32 takes 8 bytes, data_offsets give 4");
        write("{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", bytes(0, 0, 0, 0));
        assertRefused("tensor 'a', shape: expected numbers from 0, found -1");
        write("{\"a\":{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}}", bytes(0, 0, 0, 0));
        assertRefused("tensor 'a', shape: expected VALUE_NUMBER_INT, found VALUE_NUMBER_FLOAT");
        // 2^62 values of 4 bytes overflow to 0 bytes
        write("{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904],\"data_offsets\":[0,0]}}");
        assertRefused("tensor 'a': shape [4611686018427387904] is larger than any file");
        write("{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}");
        assertRefused("tensor 'a': shape [4294967296, 4294967296] is larger than any file");
        write("{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,0]}}");
        assertRefused("out of range of long");
    }

    @Test
    void refusesOffsetsThatLeaveGapsOrOverlap() throws IOException {
        String a = "\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}";
        write("{" + a + ",\"b\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[3,4]}}", bytes(0, 0, 0, 0));
        assertRefused("tensor 'b': expected data to begin at 2, found 3 (a gap)");
        write("{" + a + ",\"b\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}}", bytes(0, 0));
        assertRefused("tensor 'b': expected data to begin at 2, found 1 (an overlap)");
        write("{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[2,0]}}", bytes(0, 0));
        assertRefused("tensor 'a': data_offsets run backwards, 2 to 0");
        write("{" + a + "}", bytes(0));
        assertRefused("the tensors end at byte 2 of the data, the file at byte 1");
        write("{" + a + "}", bytes(0, 0, 0));
        assertRefused("the tensors end at byte 2 of the data, the file at byte 3");
    }

    @Test
    void readsTensorsBehindTwoGibibytes() throws IOException {
        long begin = 2_500_000_000L;
        byte[] json = ("{\"big\":{\"dtype\":\"U8\",\"shape\":[" + begin + "],\"data_offsets\":[0," + begin + "]},"
                        + "\"last\":{\"dtype\":\"I32\",\"shape\":[1],\"data_offsets\":[" + begin + "," + (begin + 4)
                        + "]}}")
                .getBytes(StandardCharsets.UTF_8);
        write(json.length, json);
        try (var hole = new RandomAccessFile(file.toFile(), "rw")) {
            hole.seek(8 + json.length + begin);
            hole.write(bytes(5, 0, 0, 0));
        }
        try (Safetensors tensors = Safetensors.open(file)) {
            assertArrayEquals(new long[] {5}, tensors.longs("last"));
            FormatException e = assertThrows(FormatException.Unsupported.class, () -> tensors.bytes("big"));
            assertEquals(file + ": tensor 'big' has 2500000000 bytes; one piece may have 2147483647", e.getMessage());
        }
    }
}
