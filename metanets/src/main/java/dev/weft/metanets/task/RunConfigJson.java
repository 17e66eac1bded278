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
 * The JSON form of a {@link RunConfig} and of a line of metrics. The reader is strict, looks at format and version before
 * anything else, and refuses what no metanet can be made of.
 */
final class RunConfigJson {

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

    private RunConfigJson() {}

    static String write(RunConfig config) {
        return write(MAPPER.writer()::writeValueAsString, config);
    }

    /** Returns the text in one line. */
    static String line(Object figures) {
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

    static JsonNode tree(Record value) {
        return MAPPER.valueToTree(value);
    }

    static JsonNode parse(String file, String json) throws FormatException {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new FormatException.Corrupt(file, "no JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** Turns a tree into a record; {@code where} begins the message of a failure. */
    static <T extends Record> T bind(String where, JsonNode tree, Class<T> type) throws FormatException {
        try {
            return MAPPER.treeToValue(tree, type);
        } catch (JsonMappingException e) {
            throw new FormatException.Corrupt(where, place(e) + what(e), e);
        } catch (JsonProcessingException e) {
            throw new FormatException.Corrupt(where, e.getOriginalMessage(), e);
        }
    }

    /** Reads a config from which a metanet can be made. */
    static RunConfig read(String file, String json) throws FormatException {
        JsonNode tree = parse(file, json);
        JsonNode format = tree.path("format");
        if (!RunConfig.FORMAT.equals(format.asText())) {
            throw new FormatException.Corrupt(
                    file, "expected format '" + RunConfig.FORMAT + "', found '" + format.asText() + "'");
        }
        checkVersion(file, tree.path("version"));
        RunConfig config = bind(file, tree, RunConfig.class);
        try {
            checkNormalization(file, config);
            config.build();
        } catch (IllegalArgumentException e) {
            throw new FormatException.Corrupt(file, String.valueOf(e.getMessage()), e);
        }
        return config;
    }

    private static void checkVersion(String file, JsonNode version) throws FormatException {
        if (!version.isInt()) {
            throw new FormatException.Corrupt(
                    file, "expected a version number, found " + (version.isMissingNode() ? "none" : version));
        }
        if (version.intValue() > RunConfig.VERSION) {
            throw new FormatException.TooNew(file, version.intValue(), RunConfig.VERSION);
        }
        if (version.intValue() < RunConfig.VERSION) {
            throw new FormatException.TooOld(file, version.intValue(), RunConfig.VERSION);
        }
    }

    private static void checkNormalization(String file, RunConfig config) throws FormatException {
        int expected;
        try {
            expected = config.architecture().parameters().size();
        } catch (FormatException e) {
            throw new FormatException.Corrupt(file, "target: " + e.getMessage(), e);
        }
        int found = config.normalization().mean().size();
        if (found != expected) {
            throw new FormatException.Corrupt(file, "normalization: expected " + expected + " tensors, found " + found);
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
