package dev.weft.cli.graph;

import dev.weft.checkpoints.Zoo;
import dev.weft.checkpoints.format.InrRecogniser;
import dev.weft.checkpoints.format.Safetensors;
import dev.weft.checkpoints.format.onnx.OnnxFile;
import dev.weft.checkpoints.format.onnx.topology.OnnxNetwork;
import dev.weft.checkpoints.format.onnx.topology.OnnxTopology;
import dev.weft.network.Architecture;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The network that a command is about.
 *
 * @param title what to call it
 * @param row [P] its values, none for a bare architecture
 */
record Subject(String title, Architecture architecture, float @Nullable [] row) {

    /** Reads the row of a zoo that has an id, or the first. */
    static Subject ofZoo(Path folder, @Nullable String id) throws IOException {
        try (Zoo zoo = Zoo.open(folder)) {
            int row = id == null ? 0 : find(zoo, id, folder);
            return new Subject(zoo.id(row) + " of " + zoo.header().name(), zoo.architecture(row), zoo.parameters(row));
        }
    }

    private static int find(Zoo zoo, String id, Path folder) throws NoSuchFileException {
        return IntStream.range(0, zoo.size())
                .filter(row -> zoo.id(row).equals(id))
                .findFirst()
                .orElseThrow(() -> new NoSuchFileException(folder.toString(), null, "no row '" + id + "'"));
    }

    /** Reads an architecture's JSON. */
    static Subject ofArchitecture(Path file) throws IOException {
        try {
            return new Subject(name(file), Architecture.fromJson(Files.readString(file)), null);
        } catch (CharacterCodingException e) {
            throw new FormatException.Corrupt(file.toString(), "expected text in UTF-8", e);
        } catch (FormatException e) {
            throw new FormatException.Corrupt(file.toString(), String.valueOf(e.getMessage()), e);
        }
    }

    /** Recognises the network in a safetensors file. */
    static Subject ofSafetensors(Path path, double w0, double offset) throws IOException {
        try (Safetensors file = Safetensors.open(path)) {
            InrRecogniser.Recognised found = InrRecogniser.siren(file, w0, offset);
            return new Subject(name(path), found.architecture(), found.row());
        }
    }

    /** Reads the network that an ONNX graph computes. */
    static Subject ofOnnx(Path path) throws IOException {
        try (OnnxFile file = OnnxFile.open(path)) {
            OnnxNetwork network = OnnxTopology.read(file);
            return new Subject(name(path), network.architecture(), network.row(file));
        }
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }
}
