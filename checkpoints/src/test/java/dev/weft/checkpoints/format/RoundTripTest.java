package dev.weft.checkpoints.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** From each format to each format, every byte of every tensor and every text stays. */
class RoundTripTest {

    private static final List<String> FILES = List.of(
            "nested-2.pt",
            "views.pt",
            "dtypes.pt",
            "big-endian.pt",
            "model.onnx",
            "types.onnx",
            "external.onnx",
            "shards.safetensors.index.json",
            "dtypes.pt.expected.safetensors");

    @TempDir
    Path folder;

    static Stream<Arguments> pairs() {
        return FILES.stream()
                .flatMap(file -> TensorFormat.all().stream().map(format -> Arguments.of(file, format.name())));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void everyByteStays(String name, String formatName) throws IOException {
        TensorFormat format = TensorFormat.named(formatName).orElseThrow();
        Path copy = folder.resolve("copy" + format.extensions().get(0));
        try (TensorFile original = TensorFile.open(FormatFixtures.file(name))) {
            format.write(original, copy);
            try (TensorFile written = TensorFile.open(copy)) {
                assertEquals(formatName, written.format());
                FormatFixtures.assertSameTensors(original, written);
                assertEquals(sorted(original), sorted(written));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void theSameContentGivesTheSameFile(String name, String formatName) throws IOException {
        TensorFormat format = TensorFormat.named(formatName).orElseThrow();
        Path first = Files.createDirectory(folder.resolve("1"))
                .resolve("x" + format.extensions().get(0));
        Path second = Files.createDirectory(folder.resolve("2"))
                .resolve("x" + format.extensions().get(0));
        try (TensorFile original = TensorFile.open(FormatFixtures.file(name))) {
            format.write(original, first);
        }
        try (TensorFile copy = TensorFile.open(first)) {
            format.write(copy, second);
        }
        assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
    }

    private static java.util.Map<String, String> sorted(TensorSource source) {
        return new java.util.TreeMap<>(source.metadata());
    }
}
