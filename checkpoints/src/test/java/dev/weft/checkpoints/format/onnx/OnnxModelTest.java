package dev.weft.checkpoints.format.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.checkpoints.format.Dtype;
import dev.weft.checkpoints.format.FormatFixtures;
import dev.weft.checkpoints.format.SafetensorsWriter;
import dev.weft.checkpoints.format.TensorFile;
import dev.weft.checkpoints.format.onnx.OnnxValue.Dimension;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The model of the fixtures' script: x -> Gemm -> Reshape by a constant -> Relu -> y, and a Conv beside. */
class OnnxModelTest {

    @TempDir
    Path folder;

    @Test
    void theGraphBecomesRecords() throws IOException {
        try (OnnxFile file = OnnxFile.open(FormatFixtures.file("model.onnx"))) {
            OnnxModel model = file.model();
            assertEquals(Map.of("", 17L), model.opsets());
            assertEquals("fixture", model.producer());
            assertEquals(Map.of("w0", "30"), file.metadata());
            OnnxGraph graph = model.graph();
            assertEquals("tiny", graph.name());
            assertEquals(
                    List.of("Gemm", "Constant", "Reshape", "Conv", "Relu"),
                    graph.nodes().stream().map(OnnxNode::operator).toList());
            assertEquals(
                    new OnnxNode(
                            "fc",
                            "",
                            "Gemm",
                            List.of("x", "fc.weight", "fc.bias"),
                            List.of("h"),
                            Map.of("alpha", new OnnxAttribute.Real(1), "transB", new OnnxAttribute.Int(1))),
                    graph.nodes().get(0));
            assertEquals(List.of("i", "k", ""), graph.nodes().get(3).inputs());
            assertEquals(
                    Map.of(
                            "kernel_shape", new OnnxAttribute.Ints(List.of(1L, 1L)),
                            "auto_pad", new OnnxAttribute.Text("SAME_UPPER")),
                    graph.nodes().get(3).attributes());
            assertEquals(
                    List.of(new OnnxValue(
                            "x", "FLOAT", List.of(new Dimension(Dimension.UNKNOWN, "batch"), new Dimension(3, "")))),
                    graph.inputs());
            assertEquals(
                    List.of("fc.weight", "fc.bias"),
                    List.copyOf(graph.initializers().keySet()));
            assertArrayEquals(new long[] {-1, 4}, file.longs("shape"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.onnx", "types.onnx"})
    void writingAModelsOwnValuesBackChangesNoByte(String name) throws IOException {
        Path copy = folder.resolve(name);
        try (OnnxFile file = OnnxFile.open(FormatFixtures.file(name))) {
            OnnxWriter.write(file, file, copy);
        }
        assertArrayEquals(Files.readAllBytes(FormatFixtures.file(name)), Files.readAllBytes(copy));
    }

    @Test
    void externalDataComeIntoTheFile() throws IOException {
        Path copy = folder.resolve("copy.onnx");
        try (OnnxFile file = OnnxFile.open(FormatFixtures.file("external.onnx"))) {
            OnnxWriter.write(file, file, copy);
            try (OnnxFile written = OnnxFile.open(copy)) {
                FormatFixtures.assertSameTensors(file, written);
            }
        }
    }

    /** Values change; nodes, texts and the unknown field at the end stay. */
    @Test
    void otherValuesGoIntoTheSameGraph() throws IOException {
        Path copy = folder.resolve("copy.onnx");
        try (OnnxFile file = OnnxFile.open(FormatFixtures.file("model.onnx"))) {
            SafetensorsWriter values = new SafetensorsWriter()
                    .add("fc.weight", List.of(4L, 3L), new float[12])
                    .add("fc.bias", List.of(4L), new float[] {1, 2, 3, 4})
                    .add("shape", new long[] {2}, new long[] {-1, 4});
            OnnxWriter.write(file, values, copy);
            try (OnnxFile written = OnnxFile.open(copy)) {
                FormatFixtures.assertSameTensors(values, written);
                assertEquals(
                        file.model().graph().nodes().get(0),
                        written.model().graph().nodes().get(0));
            }
        }
        byte[] bytes = Files.readAllBytes(copy);
        assertEquals("new", new String(bytes, bytes.length - 3, 3, StandardCharsets.US_ASCII));
    }

    @Test
    void valuesThatDoNotFitTheGraphAreRefused() throws IOException {
        try (OnnxFile file = OnnxFile.open(FormatFixtures.file("model.onnx"))) {
            SafetensorsWriter values = new SafetensorsWriter().add("fc.weight", List.of(3L, 4L), new float[12]);
            assertRefused(file, values, "missing [fc.bias, shape], unknown []");
            values.add("fc.bias", List.of(4L), new float[4]).add("shape", new long[] {2}, new long[] {-1, 5});
            assertRefused(file, values, "tensor 'fc.weight': expected F32 [4, 3] as in ");
            SafetensorsWriter constant = new SafetensorsWriter()
                    .add("fc.weight", List.of(4L, 3L), new float[12])
                    .add("fc.bias", List.of(4L), new float[4])
                    .add("shape", new long[] {2}, new long[] {-1, 5});
            assertRefused(file, constant, "tensor 'shape' is a constant of ");
        }
    }

    private void assertRefused(OnnxFile model, SafetensorsWriter values, String part) {
        Path copy = folder.resolve("no.onnx");
        String message = assertThrows(IllegalArgumentException.class, () -> OnnxWriter.write(model, values, copy))
                .getMessage();
        assertTrue(message.contains(part), message);
    }

    /** Fields of a TensorProto as bytes: dims, type, name, values. */
    private static byte[] field(int number, byte[] content) {
        return ByteBuffer.allocate(content.length + 2)
                .put((byte) (number << 3 | 2))
                .put((byte) content.length)
                .put(content)
                .array();
    }

    private static byte[] join(byte[]... parts) {
        ByteBuffer joined = ByteBuffer.allocate(200);
        for (byte[] part : parts) {
            joined.put(part);
        }
        byte[] bytes = new byte[joined.position()];
        joined.flip().get(bytes);
        return bytes;
    }

    private Path model(byte[]... tensorFields) throws IOException {
        byte[] tensor = field(5, join(tensorFields));
        Path file = folder.resolve("made.onnx");
        Files.write(file, join(new byte[] {8, 9}, field(7, tensor)));
        return file;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static final byte[] TWO_FLOATS = {1 << 3, 2, 2 << 3, 1};
    private static final byte[] NAME = field(8, text("w"));

    @ParameterizedTest
    @CsvSource({
        "9, 7, 'shape [2] of FLOAT takes 8 bytes, found 7'",
        "4, 12, 'shape [2] of FLOAT takes 8 bytes, found 12'",
        "5, 8, 'has values of FLOAT in field 5, expected 4 or 9'",
    })
    void valuesMustBeAsManyAsTheShapeSays(int number, int length, String part) throws IOException {
        assertOpeningRefused(model(TWO_FLOATS, NAME, field(number, new byte[length])), "tensor 'w'", part);
    }

    @Test
    void tensorsMustBeWhole() throws IOException {
        byte[] raw = field(9, new byte[8]);
        assertOpeningRefused(model(TWO_FLOATS, NAME), "has shape [2] and no values");
        assertOpeningRefused(model(TWO_FLOATS, NAME, raw, raw), "has values twice");
        assertOpeningRefused(model(TWO_FLOATS, raw), "initializer 0 has no name");
        assertOpeningRefused(model(new byte[] {2 << 3, 99}, NAME, raw), "element type 99, which ONNX does not have");
        assertOpeningRefused(model(new byte[] {2 << 3, 8}, NAME, raw), "tensor 'w' has the element type STRING");
        assertOpeningRefused(model(TWO_FLOATS, NAME, new byte[] {9 << 3 | 2, 127}), "the model is damaged near byte");
        byte[] huge = field(1, text("\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f".repeat(2)));
        assertOpeningRefused(model(huge, new byte[] {2 << 3, 1}, NAME, raw), "larger than any file");
    }

    private static byte[] entry(String key, String value) {
        return field(13, join(field(1, text(key)), field(2, text(value))));
    }

    @ParameterizedTest
    @CsvSource({
        "../../etc/passwd, 0, 'expected the name of a file in the same folder or below, found ''../../etc/passwd'''",
        "/etc/passwd, 0, 'found ''/etc/passwd'''",
        "a/../../b, 0, 'found ''a/../../b'''",
        "missing.bin, 0, 'is in ''missing.bin'', which is missing'",
        "data.bin, 1, 'bytes 1 to 9 of ''data.bin'', which has 8'",
        "data.bin, 9223372036854775807, 'which has 8'",
        "data.bin, -1, 'expected offset from 0, found -1'",
        "data.bin, x, 'expected offset to be a number, found ''x'''",
    })
    void externalDataMustBeInsideAndThere(String location, String offset, String part) throws IOException {
        Files.write(folder.resolve("data.bin"), new byte[8]);
        byte[] external = {14 << 3, 1};
        assertOpeningRefused(
                model(TWO_FLOATS, NAME, external, entry("location", location), entry("offset", offset)),
                "tensor 'w'",
                part);
    }

    @Test
    void variableLengthValuesAreCountedWhenTheyAreRead() throws IOException {
        byte[] twoLongs = {1 << 3, 2, 2 << 3, 7};
        Path three = model(twoLongs, NAME, field(7, new byte[] {1, 2, 3}));
        assertReadingRefused(three, "tensor 'w' has more values than its shape [2]");
        assertReadingRefused(model(twoLongs, NAME, field(7, new byte[] {-1, 2})), "has 1 values, expected 2");
        byte[] endless = new byte[12];
        java.util.Arrays.fill(endless, (byte) -1);
        assertReadingRefused(model(twoLongs, NAME, field(7, endless)), "an integer of more than 10 bytes");
        try (OnnxFile file = OnnxFile.open(model(twoLongs, NAME, field(7, new byte[] {-84, 2, 3})))) {
            assertEquals(Dtype.I64, file.tensor("w").dtype());
            assertArrayEquals(new long[] {300, 3}, file.longs("w"));
        }
    }

    private static void assertReadingRefused(Path file, String part) throws IOException {
        try (OnnxFile open = OnnxFile.open(file)) {
            String message =
                    assertThrows(FormatException.class, () -> open.longs("w")).getMessage();
            assertTrue(message.contains(part), message);
        }
    }

    private static void assertOpeningRefused(Path file, String... parts) {
        String message =
                assertThrows(FormatException.class, () -> TensorFile.open(file)).getMessage();
        assertTrue(message.startsWith(file.toString()), message);
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
    }

    @Test
    void aFileWithoutAGraphIsNoModel() throws IOException {
        Path file = Files.write(folder.resolve("x.onnx"), new byte[] {8, 9});
        assertOpeningRefused(file, "expected an ONNX model with a graph, found none");
    }

    /** A graph in an attribute of a node of a graph, and so on. */
    @Test
    void deepNestingIsRefused() throws IOException {
        java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
        byte[] inner = field(2, text("g"));
        for (int i = 0; i < 30; i++) {
            inner = longField(1, longField(5, longField(6, inner)));
        }
        bytes.writeBytes(new byte[] {8, 9});
        bytes.writeBytes(longField(7, inner));
        Path file = Files.write(folder.resolve("deep.onnx"), bytes.toByteArray());
        assertOpeningRefused(file, "nested deeper than 64");
    }

    private static byte[] longField(int number, byte[] content) {
        return ByteBuffer.allocate(content.length + 3)
                .put((byte) (number << 3 | 2))
                .put((byte) (content.length & 0x7f | 0x80))
                .put((byte) (content.length >>> 7))
                .put(content)
                .array();
    }
}
