package dev.weft.hypernets.ghn;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.checkpoints.format.Safetensors;
import dev.weft.metanets.task.MetricsFile;
import dev.weft.metanets.task.ModelFile;
import dev.weft.metanets.task.Provenance;
import dev.weft.metanets.task.RunFiles;
import dev.weft.metanets.task.StrictJson;
import dev.weft.network.FormatException;
import dev.weft.network.Seed;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/**
 * A graph hypernetwork on disk: {@code model.safetensors}, {@code config.json}, {@code metrics.jsonl}, and while training is
 * not finished {@code state.safetensors}.
 */
public record GhnRun(RunFiles files, Config config) {

    public static final String FORMAT = "weft-ghn";
    public static final int VERSION = 1;

    /** The largest model: 4 GiB. */
    private static final long MAX_VALUES = 1L << 30;

    /**
     * Everything about a run but its values.
     *
     * @param format always {@value #FORMAT}
     * @param version of the format
     * @param model sizes and switches
     * @param training how it was trained
     * @param data networks and images, as whoever trained it writes them down
     * @param provenance where it comes from
     */
    @JsonPropertyOrder({"format", "version", "model", "training", "data", "provenance"})
    public record Config(
            String format, int version, GhnConfig model, GhnTraining training, JsonNode data, Provenance provenance) {

        /** Makes the hypernetwork with the values that training starts from; they are drawn when it is initialised. */
        GraphHyperNetwork build() {
            GraphHyperNetwork built = new GraphHyperNetwork(model, new Seed(provenance.seed()).split("model"));
            if (built.parameterCount() > MAX_VALUES) {
                throw new IllegalArgumentException(
                        "ghn: " + built.parameterCount() + " values are more than " + MAX_VALUES);
            }
            return built;
        }
    }

    /**
     * Begins a run.
     *
     * @throws IllegalArgumentException if the folder has one already
     */
    public static GhnRun create(
            Path folder, GhnConfig model, GhnTraining training, JsonNode data, Provenance provenance)
            throws IOException {
        RunFiles files = new RunFiles(folder);
        Config config = new Config(FORMAT, VERSION, model, training, data, provenance);
        config.build();
        files.begin(config);
        return new GhnRun(files, config);
    }

    /** Whether a folder holds a run of a graph hypernetwork. */
    public static boolean isIn(Path folder) throws IOException {
        return new RunFiles(folder).holds(FORMAT);
    }

    /** Opens a run, finished or not. */
    public static GhnRun open(Path folder) throws IOException {
        RunFiles files = new RunFiles(folder);
        Path file = files.config();
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString(), null, "no run there");
        }
        try {
            JsonNode tree = StrictJson.parse(file.toString(), Files.readString(file));
            StrictJson.requireFormat(file.toString(), tree, FORMAT, VERSION);
            Config config = StrictJson.bind(file.toString(), completed(tree), Config.class);
            config.build();
            return new GhnRun(files, config);
        } catch (CharacterCodingException e) {
            throw new FormatException.Corrupt(file.toString(), "expected UTF-8 text", e);
        } catch (IllegalArgumentException e) {
            throw new FormatException.Corrupt(file.toString(), String.valueOf(e.getMessage()), e);
        }
    }

    /** Adds what runs from before there was a choice of decoders do not say. */
    private static JsonNode completed(JsonNode tree) {
        if (tree.path("model") instanceof ObjectNode model && !model.has("decoder")) {
            model.putObject("decoder").put("type", "tiled");
        }
        return tree;
    }

    public Path folder() {
        return files.folder();
    }

    public MetricsFile metrics() {
        return files.metrics();
    }

    /** Whether training came to its end. */
    public boolean finished() {
        return files.finished();
    }

    /** Loads the best model; the manager owns its values. */
    public GraphHyperNetwork load(NDManager manager) throws IOException {
        if (!Files.exists(files.model())) {
            throw new NoSuchFileException(
                    files.model().toString(), null, "training has not come to a first look at the validation networks");
        }
        GraphHyperNetwork model = config.build();
        try (Safetensors tensors = Safetensors.open(files.model())) {
            Map<String, float[]> values = ModelFile.read(tensors, "", model);
            model.initialize(manager, DataType.FLOAT32);
            ModelFile.restore(model, values);
        }
        return model;
    }
}
