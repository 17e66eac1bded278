package dev.weft.cli.symmetry;

import dev.weft.checkpoints.Zoo;
import dev.weft.checkpoints.ZooExport;
import dev.weft.checkpoints.ZooManifest;
import dev.weft.checkpoints.format.TensorFile;
import dev.weft.checkpoints.format.TensorFormat;
import dev.weft.checkpoints.format.recognise.Hints;
import dev.weft.checkpoints.format.recognise.NetworkFile;
import dev.weft.cli.options.TargetFile;
import dev.weft.network.Architecture;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A network with its values, from a checkpoint or a row of a zoo.
 *
 * @param path where it is
 * @param title what to call it
 * @param row [P]
 * @param hints by which a checkpoint's network was recognised, none for a row of a zoo
 */
record LoadedNetwork(
        Path path,
        String title,
        Architecture architecture,
        double[] row,
        @Nullable Hints hints) {

    private static final String ARCHITECTURE = "architecture"; // metadata of the files that Weft writes

    /**
     * Loads a network.
     *
     * @param id of the row of a zoo, the first if there is none
     */
    static LoadedNetwork open(Path path, @Nullable String id, Hints hints) throws IOException {
        if (Files.isRegularFile(path.resolve(ZooManifest.FILE))) {
            return ofZoo(path, id);
        }
        if (id != null) {
            throw new IllegalArgumentException("expected a zoo to take row '" + id + "' of, found " + path);
        }
        Hints all = withArchitecture(path, hints);
        try (NetworkFile file = NetworkFile.open(path, all)) {
            String title = String.valueOf(path.toAbsolutePath().normalize().getFileName());
            return new LoadedNetwork(path, title, file.architecture(), file.doubleRow(), all);
        }
    }

    private static LoadedNetwork ofZoo(Path path, @Nullable String id) throws IOException {
        try (Zoo zoo = Zoo.open(path)) {
            int row = id == null
                    ? 0
                    : IntStream.range(0, zoo.size())
                            .filter(k -> zoo.id(k).equals(id))
                            .findFirst()
                            .orElseThrow(() -> new NoSuchFileException(path.toString(), null, "no row '" + id + "'"));
            float[] values = zoo.parameters(row);
            double[] wide = new double[values.length];
            for (int i = 0; i < wide.length; i++) {
                wide[i] = values[i];
            }
            String title = zoo.id(row) + " of " + zoo.header().name();
            return new LoadedNetwork(path, title, zoo.architecture(row), wide, null);
        }
    }

    /** Files that Weft wrote tell what they are, unless the user knows better. */
    static Hints withArchitecture(Path path, Hints hints) throws IOException {
        if (!hints.equals(Hints.NONE)) {
            return hints;
        }
        try (TensorFile file = TensorFile.open(path)) {
            String json = file.metadata().get(ARCHITECTURE);
            return json == null || !json.startsWith("{") ? hints : Hints.of(Architecture.fromJson(json));
        }
    }

    /** Refuses a network that is not of the architecture of another. */
    void requireLike(LoadedNetwork other) throws FormatException {
        NetworkFile.requireLike(other.path.toString(), other.architecture, path.toString(), architecture);
    }

    /** Refuses a target that can't be written, before any work is done. */
    static TensorFormat checkTarget(Path out, boolean force) throws IOException {
        TensorFormat format = TensorFormat.forName(out)
                .filter(each -> List.of("safetensors", "pytorch").contains(each.name()))
                .orElseThrow(() -> new IllegalArgumentException(
                        "--out: expected a name that ends in .safetensors or .pt, got " + out));
        TargetFile.check(out, force);
        return format;
    }

    /** Refuses a format in which a network without a checkpoint of its own cannot be written. */
    static void requireSafetensors(TensorFormat format, Path out) {
        if (!format.name().equals("safetensors")) {
            throw new IllegalArgumentException("--out: expected a name that ends in .safetensors, got " + out);
        }
    }

    /** Refuses a target in which other values of this network cannot be written. */
    void requireTarget(@Nullable TensorFormat format, @Nullable Path out) {
        if (format != null && out != null && hints == null) {
            requireSafetensors(format, out);
        }
    }

    /** Writes other values of this network, with a checkpoint's own names, layouts and types. */
    void write(double[] values, TensorFormat format, Path out) throws IOException {
        if (hints == null) {
            write(architecture, values, path.toString(), format, out);
            return;
        }
        try (NetworkFile file = NetworkFile.open(path, hints)) {
            format.write(file.with(values), out);
        }
    }

    /** Writes a network under the names of its architecture, as float32, with the architecture in the metadata. */
    static void write(Architecture architecture, double[] values, String source, TensorFormat format, Path out)
            throws IOException {
        float[] row = new float[values.length];
        for (int i = 0; i < row.length; i++) {
            row[i] = (float) values[i];
        }
        requireSafetensors(format, out);
        ZooExport.write(architecture, row, Map.of("source", source), out);
    }
}
