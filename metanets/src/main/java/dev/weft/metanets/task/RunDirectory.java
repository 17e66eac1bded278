package dev.weft.metanets.task;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
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
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
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

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private final Path folder;
    private final RunConfig config;

    private RunDirectory(Path folder, RunConfig config) {
        this.folder = folder;
        this.config = config;
    }

    /** Returns a record as the JSON that {@link RunConfig#augmentation()} holds. */
    public static JsonNode json(Record settings) {
        return MAPPER.valueToTree(settings);
    }

    /** Reads what {@link #json(Record)} made. */
    public static <T extends Record> T settings(JsonNode json, Class<T> type) throws FormatException {
        try {
            return MAPPER.treeToValue(json, type);
        } catch (JsonProcessingException e) {
            throw new FormatException.Corrupt(CONFIG, e.getOriginalMessage(), e);
        }
    }

    /** Returns an architecture as the JSON that {@link RunConfig#target()} holds. */
    public static JsonNode json(Architecture architecture) {
        try {
            return MAPPER.readTree(architecture.toJson());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an architecture's JSON can always be read", e);
        }
    }

    /**
     * Begins a run.
     *
     * @throws IllegalArgumentException if the folder has a run already
     */
    public static RunDirectory create(Path folder, RunConfig config) throws IOException {
        if (Files.exists(folder.resolve(CONFIG))) {
            throw new IllegalArgumentException(folder + " has a run already; resume it or choose another folder");
        }
        Files.createDirectories(folder);
        writeText(folder.resolve(CONFIG), MAPPER.writeValueAsString(config) + "\n");
        return new RunDirectory(folder, config);
    }

    /** Opens a run, finished or not. */
    public static RunDirectory open(Path folder) throws IOException {
        Path file = folder.resolve(CONFIG);
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString(), null, "no run there");
        }
        RunConfig config;
        try {
            config = MAPPER.readValue(Files.readString(file), RunConfig.class);
        } catch (JsonProcessingException e) {
            throw new FormatException.Corrupt(file.toString(), e.getOriginalMessage(), e);
        } catch (CharacterCodingException e) {
            throw new FormatException.Corrupt(file.toString(), "expected UTF-8 text", e);
        }
        check(file, config);
        return new RunDirectory(folder, config);
    }

    private static void check(Path file, RunConfig config) throws FormatException {
        if (!RunConfig.FORMAT.equals(config.format())) {
            throw new FormatException.Corrupt(
                    file.toString(), "expected format '" + RunConfig.FORMAT + "', found '" + config.format() + "'");
        }
        if (config.version() > RunConfig.VERSION) {
            throw new FormatException.TooNew(file.toString(), config.version(), RunConfig.VERSION);
        }
        if (config.version() < RunConfig.VERSION) {
            throw new FormatException.TooOld(file.toString(), config.version(), RunConfig.VERSION);
        }
        int tensors = config.architecture().parameters().size();
        if (config.normalization().mean().size() != tensors) {
            throw new FormatException.Corrupt(
                    file.toString(),
                    "normalization: expected " + tensors + " tensors, found "
                            + config.normalization().mean().size());
        }
    }

    public Path folder() {
        return folder;
    }

    public RunConfig config() {
        return config;
    }

    /** Whether training came to its end. */
    public boolean finished() {
        return Files.exists(folder.resolve(MODEL)) && !Files.exists(folder.resolve(STATE));
    }

    /** Loads the best model of a run; the manager owns its values. */
    public Metanet load(NDManager manager) throws IOException {
        Path file = folder.resolve(MODEL);
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString(), null, "training has not come to a first evaluation");
        }
        Metanet model = config.build();
        model.initialize(manager, DataType.FLOAT32);
        try (Safetensors tensors = Safetensors.open(file)) {
            ModelFile.restore(model, ModelFile.read(tensors, "", model));
        }
        return model;
    }

    /** Returns the metrics of all epochs so far, oldest first. */
    public List<JsonNode> metrics() throws IOException {
        Path file = folder.resolve(METRICS);
        List<JsonNode> lines = new ArrayList<>();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                lines.add(MAPPER.readTree(line));
            }
        }
        return lines;
    }

    void appendMetrics(Map<String, Object> figures) throws IOException {
        String line =
                MAPPER.writer().without(SerializationFeature.INDENT_OUTPUT).writeValueAsString(figures) + "\n";
        Files.writeString(folder.resolve(METRICS), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Drops the metrics of epochs that a resumed run will do again. */
    void truncateMetrics(int epochs) throws IOException {
        Path file = folder.resolve(METRICS);
        if (Files.exists(file)) {
            List<String> lines = Files.readAllLines(file);
            List<String> kept = lines.subList(0, Math.min(epochs, lines.size()));
            writeText(file, kept.isEmpty() ? "" : String.join("\n", kept) + "\n");
        }
    }

    static void writeText(Path file, String text) throws IOException {
        Path partial = file.resolveSibling(file.getFileName() + ".tmp");
        Files.write(partial, text.getBytes(StandardCharsets.UTF_8));
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    static NDManager cpu() {
        return NDManager.newBaseManager(Device.cpu());
    }
}
