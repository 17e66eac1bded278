package dev.weft.cli.graph;

import dev.weft.checkpoints.Zoo;
import dev.weft.checkpoints.format.TensorFile;
import dev.weft.checkpoints.format.onnx.OnnxFile;
import dev.weft.checkpoints.format.onnx.topology.OnnxNetwork;
import dev.weft.checkpoints.format.onnx.topology.OnnxTopology;
import dev.weft.checkpoints.format.recognise.Hints;
import dev.weft.checkpoints.format.recognise.NetworkFile;
import dev.weft.graph.LaneSvg;
import dev.weft.graph.ParameterGraph;
import dev.weft.graph.ParameterGraphSvg;
import dev.weft.network.Architecture;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The network that a command is about.
 *
 * @param title what to call it
 * @param values reads its values, none for a bare architecture
 */
public record Subject(
        String title, Architecture architecture, @Nullable Values values) {

    /** Reads P values when they are needed. */
    @FunctionalInterface
    public interface Values {
        float[] read() throws IOException;
    }

    /** Reads the row [P], null for a bare architecture. */
    public float @Nullable [] row() throws IOException {
        return values == null ? null : values.read();
    }

    /** Returns the same under another title. */
    public Subject called(String other) {
        return new Subject(other, architecture, values);
    }

    /** Draws its parameter graph as SVG: neurons where there are values and few blocks, else lanes. */
    public String picture(ParameterGraph graph) throws IOException {
        float[] row = ParameterGraphSvg.suits(graph) ? row() : null;
        return row == null ? LaneSvg.of(graph, title) : ParameterGraphSvg.of(graph, row, title);
    }

    /** Reads the row of a zoo that has an id, or the first. */
    static Subject ofZoo(Path folder, @Nullable String id) throws IOException {
        try (Zoo zoo = Zoo.open(folder)) {
            int row = id == null ? 0 : find(zoo, id, folder);
            float[] values = zoo.parameters(row);
            return new Subject(zoo.id(row) + " of " + zoo.header().name(), zoo.architecture(row), () -> values);
        }
    }

    private static int find(Zoo zoo, String id, Path folder) throws NoSuchFileException {
        return IntStream.range(0, zoo.size())
                .filter(row -> zoo.id(row).equals(id))
                .findFirst()
                .orElseThrow(() -> new NoSuchFileException(folder.toString(), null, "no row '" + id + "'"));
    }

    /**
     * Reads the network that an ONNX model's graph computes, or recognises the one in any other checkpoint. Values are read
     * when asked for, since there may be too many of them.
     */
    public static Subject ofCheckpoint(Path path, Hints hints) throws IOException {
        if (hints.architecture() == null && hasGraph(path)) {
            return ofGraph(path);
        }
        try (NetworkFile file = NetworkFile.open(path, hints)) {
            return new Subject(name(path), file.architecture(), () -> {
                try (NetworkFile again = NetworkFile.open(path, hints)) {
                    return again.row();
                }
            });
        }
    }

    private static boolean hasGraph(Path path) throws IOException {
        try (TensorFile file = TensorFile.open(path)) {
            return OnnxTopology.isIn(file);
        }
    }

    private static Subject ofGraph(Path path) throws IOException {
        try (TensorFile file = TensorFile.open(path)) {
            OnnxNetwork network = OnnxTopology.read((OnnxFile) file);
            return new Subject(name(path), network.architecture(), () -> {
                try (TensorFile again = TensorFile.open(path)) {
                    return network.row((OnnxFile) again);
                }
            });
        }
    }

    /** Returns what to call a file or folder. */
    static String name(Path file) {
        return String.valueOf(file.toAbsolutePath().normalize().getFileName());
    }
}
