package dev.weft.network;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** The JSON form of an architecture: {@code {"format":"weft-architecture","version":1,"family":..,"input":..,"nodes":[..]}}. */
final class ArchitectureJson {

    static final String FORMAT = "weft-architecture";
    static final int VERSION = 1;

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    private ArchitectureJson() {}

    @JsonPropertyOrder({"format", "version", "family", "input", "nodes"})
    private record Document(String format, int version, String family, int input, List<Architecture.Node> nodes) {}

    static String write(Architecture architecture) {
        try {
            return MAPPER.writeValueAsString(new Document(
                    FORMAT, VERSION, architecture.family(), architecture.inputSize(), architecture.nodes()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an architecture always has a JSON form", e);
        }
    }

    static Architecture read(String json) throws FormatException {
        Document document;
        try {
            document = MAPPER.readValue(json, Document.class);
        } catch (JsonProcessingException e) {
            throw new FormatException.Corrupt("architecture", e.getOriginalMessage(), e);
        }
        if (document == null || !FORMAT.equals(document.format)) {
            throw new FormatException.Corrupt(
                    "architecture",
                    "expected format '" + FORMAT + "', found '" + (document == null ? null : document.format) + "'");
        }
        if (document.version > VERSION) {
            throw new FormatException.TooNew("architecture", document.version, VERSION);
        }
        if (document.version < VERSION) {
            throw new FormatException.TooOld("architecture", document.version, VERSION);
        }
        try {
            return new Architecture(document.family, document.input, document.nodes);
        } catch (IllegalArgumentException | ArithmeticException | NullPointerException e) {
            throw new FormatException.Corrupt("architecture", String.valueOf(e.getMessage()), e);
        }
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
