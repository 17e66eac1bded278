package dev.weft.network;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The JSON form of an architecture: {@code {"format":"weft-architecture","version":1,"family":..,"input":..,"nodes":[..]}};
 * the input is a number for vectors, an object with a type for images, signals, sequences and tokens.
 *
 * <p>The reader is strict: unknown, missing and repeated keys, numbers in quotes and fractions for widths are refused,
 * with the path of the key. Format and version are looked at before anything else.
 */
final class ArchitectureJson {

    static final String FORMAT = "weft-architecture";
    static final int VERSION = 1;

    private static final String WHERE = "architecture";
    private static final int SHOWN = 160; // characters of a stranger's text that go into a message

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withConfigOverride(List.class, list -> list.setSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL)))
            .build();

    private ArchitectureJson() {}

    @JsonPropertyOrder({"format", "version", "family", "input", "nodes"})
    private record Document(
            String format,
            int version,
            String family,

            @JsonSerialize(using = InputJson.Writer.class) @JsonDeserialize(using = InputJson.Reader.class)
            Input input,

            List<Architecture.Node> nodes) {}

    static String write(Architecture architecture) {
        try {
            return MAPPER.writeValueAsString(
                    new Document(FORMAT, VERSION, architecture.family(), architecture.input(), architecture.nodes()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an architecture always has a JSON form", e);
        }
    }

    static Architecture read(String json) throws FormatException {
        try {
            JsonNode tree = MAPPER.readTree(json);
            requireFormat(tree);
            requireVersion(tree.path("version"));
            Document document = MAPPER.treeToValue(tree, Document.class);
            return new Architecture(document.family, document.input, document.nodes);
        } catch (JsonMappingException e) {
            throw new FormatException.Corrupt(WHERE, complaint(e), e);
        } catch (JsonProcessingException e) {
            throw new FormatException.Corrupt(WHERE, "no JSON: " + shown(e.getOriginalMessage()), e);
        } catch (IllegalArgumentException e) {
            throw new FormatException.Corrupt(WHERE, String.valueOf(e.getMessage()), e);
        }
    }

    private static void requireFormat(JsonNode tree) throws FormatException {
        JsonNode format = tree.path("format");
        if (!format.isTextual() || !format.textValue().equals(FORMAT)) {
            throw new FormatException.Corrupt(
                    WHERE, "expected \"format\":\"" + FORMAT + "\", found " + shown(tree, format));
        }
    }

    private static void requireVersion(JsonNode version) throws FormatException {
        if (!version.isIntegralNumber() || !version.canConvertToInt()) {
            throw new FormatException.Corrupt(
                    WHERE, "expected a version number, found " + (version.isMissingNode() ? "none" : shown(version)));
        }
        if (version.intValue() > VERSION) {
            throw new FormatException.TooNew(WHERE, version.intValue(), VERSION);
        }
        if (version.intValue() < VERSION) {
            throw new FormatException.TooOld(WHERE, version.intValue(), VERSION);
        }
    }

    /** Says where and what, for example {@code nodes[2].layer: unknown key 'pad', expected bias, in, out}. */
    private static String complaint(JsonMappingException e) {
        String place = place(e.getPath());
        return (place.isEmpty() ? "" : place + ": ") + what(e);
    }

    private static String what(JsonMappingException e) {
        if (e instanceof UnrecognizedPropertyException unknown) {
            String known = unknown.getKnownPropertyIds().stream()
                    .map(String::valueOf)
                    .filter(key -> !key.equals("type"))
                    .sorted()
                    .collect(Collectors.joining(", "));
            return "unknown key '" + shown(unknown.getPropertyName()) + "', expected "
                    + (known.isEmpty() ? "none" : known);
        }
        if (e instanceof InvalidTypeIdException type) {
            boolean input = type.getBaseType().hasRawClass(Input.Shaped.class);
            String what = input ? "input" : "layer";
            String names = typeNames(input ? Input.Shaped.class : Layer.class);
            return type.getTypeId() == null
                    ? (input ? "an input" : "a layer") + " needs a \"type\", one of " + names
                    : "unknown " + what + " type '" + shown(type.getTypeId()) + "', expected one of " + names;
        }
        if (e instanceof ValueInstantiationException && e.getCause() != null) {
            return String.valueOf(e.getCause().getMessage()); // a constructor of ours said it best
        }
        return shown(e.getOriginalMessage());
    }

    private static String typeNames(Class<?> family) {
        JsonSubTypes types = Objects.requireNonNull(family.getAnnotation(JsonSubTypes.class));
        return Arrays.stream(types.value()).map(JsonSubTypes.Type::name).collect(Collectors.joining(", "));
    }

    private static String place(List<JsonMappingException.Reference> path) {
        StringBuilder place = new StringBuilder();
        for (JsonMappingException.Reference step : path) {
            if (step.getFieldName() == null) {
                place.append('[').append(step.getIndex()).append(']');
            } else {
                place.append(place.isEmpty() ? "" : ".").append(shown(step.getFieldName()));
            }
        }
        return place.toString();
    }

    private static String shown(JsonNode tree, JsonNode child) {
        return child.isMissingNode() ? "none in " + shown(tree) : shown(child);
    }

    private static String shown(@Nullable Object value) {
        String text = String.valueOf(value);
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }

    static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
