package dev.weft.checkpoints.format.recognise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.weft.checkpoints.format.Safetensors;
import dev.weft.checkpoints.format.TensorFormat;
import dev.weft.checkpoints.format.TensorSource;
import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import dev.weft.network.run.FunctionalNetwork;
import dev.weft.symmetry.SymmetryVerifier;
import dev.weft.testing.Rows;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The contract of every {@link Recogniser}, on networks as their own libraries save them; src/test/python/recognise_fixtures.py
 * makes the folders, one a network.
 */
class RecognisedNetworksTest {

    private static final Path FOLDER = Path.of("src/test/resources/recognise");

    /** Enough for labels that were tested layer by layer; what is new here is which layers there are. */
    private static final SymmetryVerifier.Settings FEW = new SymmetryVerifier.Settings(1, 2, 1, true, 1e-9, 1e-6);

    @TempDir
    private Path temporary;

    static List<String> names() throws IOException {
        try (Stream<Path> folders = Files.list(FOLDER)) {
            return folders.map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    private static NetworkFile open(String name) throws IOException {
        return NetworkFile.open(FOLDER.resolve(name), hints(name, null));
    }

    /** No tensor tells how large images are. */
    private static Hints hints(String name, @Nullable Architecture architecture) throws IOException {
        try (Safetensors sample = sample(name)) {
            List<Long> shape = sample.tensor("inputs").shape();
            boolean images = shape.size() == 4;
            return new Hints(
                    architecture, null, null, null, null, images ? shape.get(3).intValue() : null, null, null);
        }
    }

    private static Safetensors sample(String name) throws IOException {
        return Safetensors.open(FOLDER.resolve(name).resolve("sample.safetensors"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void nothingIsLeftOverThatNobodyKnows(String name) throws IOException {
        try (NetworkFile file = open(name)) {
            Recognition found = file.recognition();
            assertTrue(
                    found.leftovers().stream().noneMatch(each -> each.kind() == Leftover.Kind.UNKNOWN),
                    found::toString);
            assertEquals(
                    file.file().tensors().size(),
                    found.placements().size() + found.leftovers().size());
            assertTrue(found.confidence() > 0.2 && found.confidence() <= 1, found::toString);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void answersAsPyTorchDoes(String name) throws IOException {
        try (NetworkFile file = open(name);
                Safetensors sample = sample(name);
                NDManager manager = NDManager.newBaseManager()) {
            NDArray rows = manager.create(file.row()).reshape(1, -1);
            double[] actual = new FunctionalNetwork(file.architecture())
                    .forward(rows, sample.array(manager, "inputs"))
                    .toType(DataType.FLOAT64, true)
                    .toDoubleArray();
            double difference = Rows.relativeDifference(sample.doubles("outputs"), actual);
            assertTrue(difference < 1e-5, name + ": " + difference);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void keepsEveryByteAndWritesWhatChanged(String name) throws IOException {
        try (NetworkFile file = open(name)) {
            float[] row = file.row();
            Path same = write("same", file.with(row));
            assertSameBytes(file, same, true);
            assertSameBytes(file, write("double", file.with(file.doubleRow())), true);
            for (int i = 0; i < row.length; i++) {
                row[i] *= -2;
            }
            Path changed = write("changed", file.with(row));
            assertSameBytes(file, changed, false);
            Hints hints = hints(name, file.architecture());
            try (NetworkFile again = NetworkFile.open(changed, hints)) {
                assertArrayEquals(row, again.row(), name);
            }
        }
    }

    private Path write(String name, TensorSource source) throws IOException {
        Path file = temporary.resolve(name + ".safetensors");
        TensorFormat.named("safetensors").orElseThrow().write(source, file);
        return file;
    }

    /** Compares all tensors, or only those that are not part of the row. */
    private static void assertSameBytes(NetworkFile file, Path other, boolean placed) throws IOException {
        try (Safetensors copy = Safetensors.open(other)) {
            assertEquals(file.file().tensors().keySet(), copy.tensors().keySet());
            for (String tensor : copy.tensors().keySet()) {
                assertEquals(
                        file.file().tensor(tensor).dtype(), copy.tensor(tensor).dtype());
                boolean own = file.recognition().placements().stream()
                        .anyMatch(placement -> placement.tensor().equals(tensor));
                ByteBuffer expected = file.file().bytes(tensor);
                if (placed || !own) {
                    assertEquals(expected, copy.bytes(tensor), tensor);
                }
            }
        }
    }

    /** The first of each architecture's family: the others are made of the same layers. */
    static List<String> oneOfEachFamily() throws IOException {
        Map<String, String> first = new LinkedHashMap<>();
        for (String name : names()) {
            try (NetworkFile file = open(name)) {
                first.putIfAbsent(file.architecture().family(), name);
            }
        }
        return List.copyOf(first.values());
    }

    @ParameterizedTest
    @MethodSource("oneOfEachFamily")
    void hasTrueSymmetries(String name) throws IOException {
        try (NetworkFile file = open(name)) {
            SymmetryVerifier.Report report =
                    SymmetryVerifier.verify(file.architecture(), file.doubleRow(), new Seed(3), FEW);
            assertTrue(report.passed(), () -> name + "\n" + report);
        }
    }

    /** An architecture that was written, and perhaps edited, finds the same tensors. */
    @ParameterizedTest
    @MethodSource("names")
    void itsArchitectureFindsTheSameTensors(String name) throws IOException {
        try (NetworkFile file = open(name)) {
            Architecture read = Architecture.fromJson(file.architecture().toJson());
            Recognition again = NetworkFile.recognise(file.file(), hints(name, read));
            assertEquals(file.recognition().placements(), again.placements());
            assertEquals(file.recognition().leftovers(), again.leftovers());
        }
    }
}
