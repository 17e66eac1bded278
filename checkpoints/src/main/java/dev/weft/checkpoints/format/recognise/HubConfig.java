package dev.weft.checkpoints.format.recognise;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A {@code config.json} as Hugging Face ({@code model_type}) and timm ({@code architecture}) write it. Sizes are checked
 * against tensors before anything is built from them; numbers of the wrong kind are refused with their key.
 */
public final class HubConfig {

    /** The usual name, beside the checkpoint. */
    public static final String FILE = "config.json";

    private static final long LIMIT = 8 << 20; // bytes; label lists make some of them long
    private static final int SHOWN = 80;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // Python writes NaN and Infinity
            .build();

    /** A configuration that says nothing. */
    static final HubConfig EMPTY = new HubConfig("no " + FILE, MAPPER.createObjectNode());

    private final String where;
    private final JsonNode tree;

    private HubConfig(String where, JsonNode tree) {
        this.where = where;
        this.tree = tree;
    }

    /** Reads the configuration beside a checkpoint, if there is one and it is of a hub. */
    static Optional<HubConfig> beside(Path checkpoint) throws IOException {
        Path file = checkpoint.resolveSibling(FILE);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        HubConfig config = read(file);
        return config.has("model_type") || config.has("architectures") || config.has("architecture")
                ? Optional.of(config)
                : Optional.empty();
    }

    /** Reads a configuration. */
    static HubConfig read(Path file) throws IOException {
        long size = Files.size(file);
        if (size > LIMIT) {
            throw new FormatException.Corrupt(
                    file.toString(), "expected a configuration of at most " + LIMIT + " bytes, found " + size);
        }
        try {
            JsonNode tree = MAPPER.readTree(Files.readAllBytes(file));
            if (!tree.isObject()) {
                throw new FormatException.Corrupt(file.toString(), "expected a JSON object");
            }
            HubConfig config = new HubConfig(file.toString(), tree);
            config.modelType(); // everything else depends on it
            return config;
        } catch (JsonProcessingException e) {
            throw new FormatException.Corrupt(file.toString(), "no JSON: " + shortened(e.getOriginalMessage()), e);
        }
    }

    /** Returns the file's path, for messages. */
    public String where() {
        return where;
    }

    /** Returns what the configuration calls the network, or an empty text. */
    String title() {
        return tree.path("model_type").asText(tree.path("architecture").asText(""));
    }

    /** Returns {@code model_type}, or an empty text. */
    public String modelType() throws FormatException {
        return text("model_type", "");
    }

    /** Whether {@code architectures} names a network that gives scores of the next word. */
    public boolean givesWords() {
        String names = tree.path("architectures").toString();
        return names.contains("ForCausalLM") || names.contains("LMHeadModel");
    }

    /** Whether {@code architectures} names a network of this kind, for example {@code ForTokenClassification}. */
    boolean builds(String kind) {
        return tree.path("architectures").toString().contains(kind);
    }

    /** Whether a key has a value that is not null. */
    public boolean has(String key) {
        return tree.hasNonNull(key);
    }

    /** Returns a part of the configuration, empty if it is missing. */
    public HubConfig part(String key) throws FormatException {
        if (!has(key)) {
            return new HubConfig(where, MAPPER.createObjectNode());
        }
        JsonNode part = tree.get(key);
        if (!part.isObject()) {
            throw wrong(key, "an object", part);
        }
        return new HubConfig(where + ", " + key, part);
    }

    /** Returns a whole number of at least 0. */
    public int count(String key, int otherwise) throws FormatException {
        if (!has(key)) {
            return otherwise;
        }
        JsonNode value = tree.get(key);
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 0) {
            throw wrong(key, "a whole number from 0 to " + Integer.MAX_VALUE, value);
        }
        return value.intValue();
    }

    /** Returns a finite number. */
    public double number(String key, double otherwise) throws FormatException {
        if (!has(key)) {
            return otherwise;
        }
        JsonNode value = tree.get(key);
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw wrong(key, "a finite number", value);
        }
        return value.doubleValue();
    }

    /** Returns true or false. */
    public boolean flag(String key, boolean otherwise) throws FormatException {
        if (!has(key)) {
            return otherwise;
        }
        JsonNode value = tree.get(key);
        if (!value.isBoolean()) {
            throw wrong(key, "true or false", value);
        }
        return value.booleanValue();
    }

    /** Returns a text. */
    public String text(String key, String otherwise) throws FormatException {
        if (!has(key)) {
            return otherwise;
        }
        JsonNode value = tree.get(key);
        if (!value.isTextual()) {
            throw wrong(key, "a text", value);
        }
        return value.textValue();
    }

    /** Returns a text of a list, {@code otherwise} if the list is missing. */
    public String textAt(String key, int index, String otherwise) throws FormatException {
        if (!has(key)) {
            return otherwise;
        }
        JsonNode value = tree.get(key).path(index);
        if (!value.isTextual()) {
            throw wrong(key, "a list with a text at " + index, tree.get(key));
        }
        return value.textValue();
    }

    /**
     * Checks that the configuration says what a tensor says.
     *
     * @param tensor what tells {@code found}, for the message
     */
    public void requireSame(String key, int found, String tensor) throws FormatException {
        int said = count(key, found);
        if (said != found) {
            throw new FormatException.Corrupt(
                    where, "'" + key + "': expected " + found + " as " + tensor + " has it, found " + said);
        }
    }

    /** Makes the refusal of a setting that cannot be run. */
    public FormatException unsupported(String what) {
        return new FormatException.Unsupported(where, what);
    }

    private FormatException wrong(String key, String expected, JsonNode found) {
        return new FormatException.Corrupt(
                where, "'" + key + "': expected " + expected + ", found " + shortened(found.toString()));
    }

    private static String shortened(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }
}
