package dev.weft.metanets.task;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.checkpoints.format.Safetensors;
import dev.weft.metanets.model.Metanet;
import dev.weft.network.Architecture;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/**
 * A trained model on disk: {@code model.safetensors}, {@code config.json}, {@code metrics.jsonl}, and while training is
 * not finished {@code state.safetensors}.
 */
public final class RunDirectory {

    public static final String CONFIG = "config.json";
    public static final String MODEL = "model.safetensors";
    public static final String METRICS = "metrics.jsonl";
    public static final String STATE = "state.safetensors";

    private final RunFiles files;
    private final RunConfig config;

    private RunDirectory(RunFiles files, RunConfig config) {
        this.files = files;
        this.config = config;
    }

    /** Returns a record as the JSON that {@link RunConfig#augmentation()} holds. */
    public static JsonNode json(Record settings) {
        return StrictJson.tree(settings);
    }

    /** Returns an architecture as the JSON that {@link RunConfig#target()} holds. */
    public static JsonNode json(Architecture architecture) {
        try {
            return StrictJson.parse("architecture", architecture.toJson());
        } catch (FormatException e) {
            throw new IllegalStateException("an architecture's JSON can always be read", e);
        }
    }

    /**
     * Begins a run.
     *
     * @throws IllegalArgumentException if the folder has a run already, or no metanet can be made of the config
     */
    public static RunDirectory create(Path folder, RunConfig config) throws IOException {
        RunFiles files = new RunFiles(folder);
        config.build();
        files.begin(config);
        return new RunDirectory(files, config);
    }

    /** Opens a run, finished or not. */
    public static RunDirectory open(Path folder) throws IOException {
        RunFiles files = new RunFiles(folder);
        Path file = files.config();
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString(), null, "no run there");
        }
        try {
            return new RunDirectory(files, RunConfigJson.read(file.toString(), Files.readString(file)));
        } catch (CharacterCodingException e) {
            throw new FormatException.Corrupt(file.toString(), "expected UTF-8 text", e);
        }
    }

    public Path folder() {
        return files.folder();
    }

    public RunConfig config() {
        return config;
    }

    /** Returns how training rows are varied, read as what {@link #json(Record)} was given. */
    public <T extends Record> T augmentation(Class<T> type) throws FormatException {
        return StrictJson.bind(files.config() + ": augmentation", config.augmentation(), type);
    }

    /** Whether training came to its end. */
    public boolean finished() {
        return files.finished();
    }

    /** Loads the best model of a run; the manager owns its values. */
    public Metanet load(NDManager manager) throws IOException {
        Path file = files.model();
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString(), null, "training has not come to a first evaluation");
        }
        Metanet model = config.build();
        try (Safetensors tensors = Safetensors.open(file)) {
            Map<String, float[]> values = ModelFile.read(tensors, "", model); // checked before anything is allocated
            model.initialize(manager, DataType.FLOAT32);
            ModelFile.restore(model, values);
        }
        return model;
    }

    /** Returns the metrics of all epochs so far, oldest first. */
    public List<JsonNode> metrics() throws IOException {
        return metricsFile().read();
    }

    MetricsFile metricsFile() {
        return files.metrics();
    }

    /** Writes or replaces a text; it appears whole or not at all. */
    public static void writeText(Path file, String text) throws IOException {
        Path partial = file.resolveSibling(file.getFileName() + ".tmp");
        Files.write(partial, text.getBytes(StandardCharsets.UTF_8));
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
