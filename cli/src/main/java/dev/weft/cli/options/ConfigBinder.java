package dev.weft.cli.options;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.MapperBuilder;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Lays settings over a record of defaults. A key that the record does not have and a value of another type are refused
 * by name; so a misspelt setting never falls back to its default.
 *
 * <p>Components may be numbers, booleans, strings, enums (in any case), lists of these, and records.
 *
 * @param <T> the record
 */
public final class ConfigBinder<T extends Record> {

    private static final ObjectMapper JSON = strict(JsonMapper.builder());
    private static final ObjectMapper YAML = strict(YAMLMapper.builder());

    private final Class<T> type;
    private final ObjectNode tree;

    private ConfigBinder(Class<T> type, ObjectNode tree) {
        this.type = type;
        this.tree = tree;
    }

    /** Starts from a record of defaults. */
    @SuppressWarnings("unchecked") // getClass of a T
    public static <T extends Record> ConfigBinder<T> of(T defaults) {
        return new ConfigBinder<>((Class<T>) defaults.getClass(), JSON.valueToTree(defaults));
    }

    /**
     * Lays a file over what is there.
     *
     * @param file a mapping in JSON if its name ends in {@code .json}, else in YAML
     * @throws FormatException if it is not well formed
     * @throws IllegalArgumentException if a key is unknown or a value has the wrong type
     */
    public void overlay(Path file) throws IOException {
        ObjectMapper mapper = file.toString().endsWith(".json") ? JSON : YAML;
        JsonNode read;
        try {
            read = mapper.readTree(Files.readString(file));
        } catch (CharacterCodingException e) {
            throw new FormatException.Corrupt(file.toString(), "expected text in UTF-8", e);
        } catch (JsonProcessingException e) {
            throw new FormatException.Corrupt(file.toString(), e.getOriginalMessage() + place(e), e);
        }
        if (read.isMissingNode() || read.isNull()) {
            return; // an empty file sets nothing
        }
        if (!(read instanceof ObjectNode settings)) {
            throw new IllegalArgumentException(file + ": expected settings by key, found " + found(read));
        }
        overlay(file.toString(), "", type, tree, settings);
    }

    /**
     * Sets one value.
     *
     * @param assignment {@code key=value}, where a nested key is {@code a.b} and the value is written as in YAML
     * @throws IllegalArgumentException if there is no {@code =}, the key is unknown, or the value has the wrong type
     */
    public void set(String assignment) {
        int equals = assignment.indexOf('=');
        if (equals < 1) {
            throw new IllegalArgumentException("--set " + assignment + ": expected KEY=VALUE");
        }
        String key = assignment.substring(0, equals);
        String value = assignment.substring(equals + 1);
        Slot slot = slot("--set " + assignment, key);
        if (slot.type.hasRawClass(String.class)) {
            slot.put(TextNode.valueOf(value));
            return;
        }
        try {
            JsonNode read = YAML.readTree(value);
            assign("--set " + assignment, key, slot, read.isMissingNode() ? TextNode.valueOf("") : read);
        } catch (JsonProcessingException e) {
            throw refused("--set " + assignment, key, slot.type, "text '" + value + "'");
        }
    }

    /** Sets a value that an option of its own gave, already of the right type. */
    public void put(String key, Object value) {
        assign("option for " + key, key, slot("option for " + key, key), JSON.valueToTree(value));
    }

    /**
     * Returns the record.
     *
     * @throws IllegalArgumentException if its constructor refuses the values
     */
    public T bind() {
        try {
            return JSON.treeToValue(tree, type);
        } catch (ValueInstantiationException e) {
            Throwable refusal = Objects.requireNonNullElse(e.getCause(), e);
            throw new IllegalArgumentException(refusal.getMessage(), refusal);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(type.getName() + " does not survive JSON", e);
        }
    }

    /** A place in the tree that a key names. */
    private record Slot(ObjectNode owner, String name, JavaType type) {
        void put(JsonNode value) {
            owner.set(name, value);
        }
    }

    private Slot slot(String where, String key) {
        Class<?> owner = type;
        ObjectNode node = tree;
        String[] path = key.split("\\.", -1);
        for (int i = 0; ; i++) {
            JavaType component = component(where, key, owner, path[i]);
            if (i == path.length - 1) {
                return new Slot(node, path[i], component);
            }
            if (!(node.get(path[i]) instanceof ObjectNode child)) {
                throw new IllegalArgumentException(where + ": '" + path[i] + "' has no settings below it");
            }
            owner = component.getRawClass();
            node = child;
        }
    }

    private static void overlay(String where, String prefix, Class<?> type, ObjectNode tree, ObjectNode settings) {
        for (Map.Entry<String, JsonNode> field : settings.properties()) {
            String key = prefix + field.getKey();
            JavaType component = component(where, key, type, field.getKey());
            assign(where, key, new Slot(tree, field.getKey(), component), field.getValue());
        }
    }

    private static void assign(String where, String key, Slot slot, JsonNode value) {
        JsonNode plain = SettingType.withExponent(slot.type, value);
        if (!SettingType.accepts(slot.type, plain)) {
            throw refused(where, key, slot.type, found(value));
        }
        if (plain instanceof ObjectNode below && slot.owner.get(slot.name) instanceof ObjectNode child) {
            overlay(where, key + ".", slot.type.getRawClass(), child, below);
        } else {
            slot.put(plain);
        }
    }

    private static JavaType component(String where, String key, Class<?> record, String name) {
        RecordComponent[] components = record.getRecordComponents();
        for (RecordComponent component : components) {
            if (component.getName().equals(name)) {
                return JSON.constructType(component.getGenericType());
            }
        }
        List<String> known =
                Arrays.stream(components).map(RecordComponent::getName).toList();
        throw new IllegalArgumentException(where + ": unknown key '" + key + "'; did you mean '"
                + NearestName.of(name, known) + "'? Known: " + String.join(", ", known));
    }

    private static IllegalArgumentException refused(String where, String key, JavaType type, String found) {
        return new IllegalArgumentException(
                where + ": key '" + key + "': expected " + SettingType.describe(type) + ", found " + found);
    }

    private static String found(JsonNode value) {
        return value.isTextual() ? "text '" + value.textValue() + "'" : value.toString();
    }

    private static String place(JsonProcessingException failure) {
        JsonLocation at = failure.getLocation();
        return at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    }

    private static ObjectMapper strict(MapperBuilder<?, ?> builder) {
        return builder.enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
    }
}
