package dev.weft.checkpoints.format.onnx.topology;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.weft.checkpoints.format.Safetensors;
import dev.weft.checkpoints.format.onnx.OnnxFile;
import dev.weft.checkpoints.format.onnx.OnnxWriter;
import dev.weft.checkpoints.format.recognise.Hints;
import dev.weft.checkpoints.format.recognise.NetworkFile;
import dev.weft.network.Architecture;
import dev.weft.network.Attention;
import dev.weft.network.FormatException;
import dev.weft.network.Input;
import dev.weft.network.ParameterTensor;
import dev.weft.network.Seed;
import dev.weft.network.run.FunctionalNetwork;
import dev.weft.symmetry.SymmetryVerifier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks as both of PyTorch's exporters write them; src/test/python/make_onnx_networks.py makes the files. */
class OnnxTopologyTest {

    private static final Path FOLDER = Path.of("src/test/resources/networks");
    private static final double TOLERANCE = 1e-5;

    @TempDir
    private Path temporary;

    static List<Path> models() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".onnx"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void computesWhatOnnxruntimeComputes(Path model) throws IOException {
        try (OnnxFile file = OnnxFile.open(model)) {
            OnnxNetwork network = OnnxTopology.read(file);
            assertEqualOutputs(inputAndOutput(model), network.architecture(), network.row(file), model.toString());
        }
    }

    private static Path inputAndOutput(Path model) {
        return Path.of(model.toString().replace(".onnx", ".io.safetensors"));
    }

    private static void assertEqualOutputs(Path io, Architecture architecture, float[] row, String what)
            throws IOException {
        try (NDManager manager = NDManager.newBaseManager();
                Safetensors expected = Safetensors.open(io)) {
            NDArray rows = manager.create(row, new Shape(1, row.length));
            float[] found = new FunctionalNetwork(architecture)
                    .forward(rows, expected.array(manager, "input"))
                    .toFloatArray();
            float[] outputs = expected.floats("output");
            assertEquals(outputs.length, found.length, what);
            for (int i = 0; i < outputs.length; i++) {
                assertEquals(outputs[i], found[i], TOLERANCE * (1 + Math.abs(outputs[i])), what);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void hasTheSymmetriesOfItsLabels(Path model) throws IOException {
        try (OnnxFile file = OnnxFile.open(model)) {
            OnnxNetwork network = OnnxTopology.read(file);
            float[] values = network.row(file);
            double[] row = IntStream.range(0, values.length)
                    .mapToDouble(i -> values[i])
                    .toArray();
            SymmetryVerifier.Report report = SymmetryVerifier.verify(
                    network.architecture(), row, new Seed(1), SymmetryVerifier.Settings.DEFAULT);
            assertTrue(
                    report.checks().stream()
                            .filter(SymmetryVerifier.Check::symmetry)
                            .allMatch(check -> check.passed()),
                    report::toString);
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void anUnchangedRowIsWrittenBackByteForByte(Path model) throws IOException {
        try (OnnxFile file = OnnxFile.open(model)) {
            OnnxNetwork network = OnnxTopology.read(file);
            Path copy = temporary.resolve("copy.onnx");
            OnnxWriter.write(file, network.tensors(file, network.row(file)), copy);
            assertArrayEquals(Files.readAllBytes(model), Files.readAllBytes(copy));
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void aChangedRowComesBack(Path model) throws IOException {
        Path changed = temporary.resolve("changed.onnx");
        float[] row;
        try (OnnxFile file = OnnxFile.open(model)) {
            OnnxNetwork network = OnnxTopology.read(file);
            row = network.row(file);
            for (int i = 0; i < row.length; i++) {
                row[i] = row[i] * 1.25f
                        + 0.5f; // the same for the same values, so that tensors that are used twice agree
            }
            OnnxWriter.write(file, network.tensors(file, row), changed);
        }
        try (OnnxFile file = OnnxFile.open(changed)) {
            assertArrayEquals(row, OnnxTopology.read(file).row(file));
        }
    }

    @ParameterizedTest
    @CsvSource("gpt2-script-17, gpt2")
    void isTheFunctionOfTheStateDict(String model, String states) throws IOException {
        Hints hints = new Hints(null, null, null, null, 3, 16, null, null);
        try (NetworkFile file = NetworkFile.open(FOLDER.resolve(states + ".safetensors"), hints)) {
            assertEqualOutputs(FOLDER.resolve(model + ".io.safetensors"), file.architecture(), file.row(), states);
        }
    }

    @Test
    void layersKeepTheNamesOfTheirTensors() throws IOException {
        try (OnnxFile file = OnnxFile.open(FOLDER.resolve("gpt2-script-17.onnx"))) {
            OnnxNetwork network = OnnxTopology.read(file);
            List<String> names = network.architecture().parameters().stream()
                    .map(ParameterTensor::name)
                    .toList();
            assertTrue(names.contains("model.transformer.h.1.mlp.c_fc.weight"), names::toString);
            assertEquals(
                    "model.transformer.h.1.mlp.c_fc.weight",
                    network.places()
                            .get("model.transformer.h.1.mlp.c_fc.weight")
                            .get(0)
                            .tensor()
                            .name());
            assertEquals(new Input.Tokens(17, 16), network.architecture().input());
        }
    }

    @Test
    void masksAndHeadsAreReadOffTheGraph() throws IOException {
        try (OnnxFile gpt2 = OnnxFile.open(FOLDER.resolve("gpt2-script-17.onnx"));
                OnnxFile bert = OnnxFile.open(FOLDER.resolve("bert-script-17.onnx"));
                OnnxFile llama = OnnxFile.open(FOLDER.resolve("llama-dynamo-18.onnx"))) {
            assertEquals(new Attention.Heads(3, 3, true), attention(gpt2));
            assertEquals(new Attention.Heads(3, 3, false), attention(bert));
            assertEquals(new Attention.Heads(4, 2, true), attention(llama));
            assertEquals(
                    List.of(
                            "masks are taken to be those of a text of 7 words: windows that only longer texts show are"
                                    + " not seen",
                            "input 'attention_mask' is taken to be all ones"),
                    OnnxTopology.read(gpt2).assumptions());
        }
    }

    private static Attention.Heads attention(OnnxFile file) throws IOException {
        return OnnxTopology.read(file).architecture().nodes().stream()
                .map(Architecture.Node::layer)
                .filter(Attention.Heads.class::isInstance)
                .map(Attention.Heads.class::cast)
                .findFirst()
                .orElseThrow();
    }

    /** src/test/python/make_enlarging_models.py makes the files. */
    @ParameterizedTest
    @ValueSource(strings = {"product", "choice"})
    void constantsThatRepeatAValueAreRefused(String name) throws IOException {
        Path folder = Path.of("src/test/resources/enlarging");
        try (OnnxFile plain = OnnxFile.open(folder.resolve("plain.onnx"));
                OnnxFile file = OnnxFile.open(folder.resolve(name + ".onnx"))) {
            assertEquals(5, OnnxTopology.read(plain).architecture().parameterCount());
            FormatException refused = assertThrows(FormatException.class, () -> OnnxTopology.read(file));
            assertTrue(
                    refused.getMessage().contains("along an axis of size 1, for constants [1, 3]"),
                    refused.getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        cnn-script-13     | Softmax            | Hardmax            | node '/12/Hardmax' (Hardmax, opset 13): an operator that is not supported
        vgg-unfolded-14   | BatchNormalization | BatchNormalisation | node '/4/BatchNormalisation' (BatchNormalisation, opset 14): an operator that is not supported
        gpt2-script-17    | Softmax            | Sigmoid            | (Sigmoid, opset 17): expected input 0 to be a layer's output, found scores of attention
        """)
    void whatIsNotSupportedIsNamed(String model, String found, String replacement, String message) throws IOException {
        Path file = temporary.resolve("changed.onnx");
        String bytes = Files.readString(FOLDER.resolve(model + ".onnx"), StandardCharsets.ISO_8859_1);
        Files.writeString(file, bytes.replace(found, replacement), StandardCharsets.ISO_8859_1);
        try (OnnxFile open = OnnxFile.open(file)) {
            FormatException refused = assertThrows(FormatException.class, () -> OnnxTopology.read(open));
            assertTrue(refused.getMessage().contains(message), refused.getMessage());
        }
    }
}
