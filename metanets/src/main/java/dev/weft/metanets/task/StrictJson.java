package dev.weft.metanets.task;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.network.FormatException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * JSON of the files that runs keep. The reader is strict: unknown, missing and repeated keys and values of another type are
 * refused, with their place.
 */
public final class StrictJson {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withConfigOverride(List.class, list -> list.setSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL)))
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private StrictJson() {}

    /** Returns a value as indented text. */
    public static String text(Object value) {
        return write(MAPPER.writer()::writeValueAsString, value);
    }

    /** Returns a value in one line. */
    public static String line(Object figures) {
        return write(MAPPER.writer().without(SerializationFeature.INDENT_OUTPUT)::writeValueAsString, figures);
    }

    /** How Jackson makes a text. */
    @FunctionalInterface
    private interface Writing {
        String text(Object value) throws JsonProcessingException;
    }

    private static String write(Writing writing, Object value) {
        try {
            return writing.text(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(value.getClass().getName() + " always has a JSON form", e);
        }
    }

    /** Returns a record as a tree. */
    public static JsonNode tree(Record value) {
        return MAPPER.valueToTree(value);
    }

    /** Reads a text; {@code file} begins the message of a failure. */
    public static JsonNode parse(String file, String json) throws FormatException {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new FormatException.Corrupt(file, "no JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** Turns a tree into a record; {@code where} begins the message of a failure. */
    public static <T extends Record> T bind(String where, JsonNode tree, Class<T> type) throws FormatException {
        try {
            return MAPPER.treeToValue(tree, type);
        } catch (JsonMappingException e) {
            throw new FormatException.Corrupt(where, place(e) + what(e), e);
        } catch (JsonProcessingException e) {
            throw new FormatException.Corrupt(where, e.getOriginalMessage(), e);
        }
    }

    /** Refuses a document of another format or version, before anything else about it is looked at. */
    public static void requireFormat(String file, JsonNode tree, String format, int version) throws FormatException {
        String found = tree.path("format").asText();
        if (!format.equals(found)) {
            throw new FormatException.Corrupt(file, "expected format '" + format + "', found '" + found + "'");
        }
        JsonNode number = tree.path("version");
        if (!number.isInt()) {
            throw new FormatException.Corrupt(
                    file, "expected a version number, found " + (number.isMissingNode() ? "none" : number));
        }
        if (number.intValue() > version) {
            throw new FormatException.TooNew(file, number.intValue(), version);
        }
        if (number.intValue() < version) {
            throw new FormatException.TooOld(file, number.intValue(), version);
        }
    }

    private static String place(JsonMappingException e) {
        String path = e.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
                .collect(Collectors.joining("."));
        return path.isEmpty() ? "" : path + ": ";
    }

    private static String what(JsonMappingException e) {
        return e instanceof ValueInstantiationException && e.getCause() != null
                ? String.valueOf(e.getCause().getMessage()) // a constructor of ours said it best
                : e.getOriginalMessage();
    }
}
