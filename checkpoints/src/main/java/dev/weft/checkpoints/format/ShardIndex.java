package dev.weft.checkpoints.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.weft.network.FormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The JSON file that says which shard of a checkpoint has which tensor, as Hugging Face writes it.
 *
 * @param metadata {@code total_size} and other texts and numbers; nested values are left out
 * @param shards the name of the file of each tensor, in the index's order
 */
record ShardIndex(Map<String, String> metadata, Map<String, String> shards) {

    /** The longest index that is read. */
    static final long LIMIT = 100_000_000;

    static final String TOTAL_SIZE = "total_size";
    private static final String METADATA = "metadata";
    private static final String WEIGHT_MAP = "weight_map";

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    static ShardIndex read(Path file) throws IOException {
        if (Files.size(file) > LIMIT) {
            throw new FormatException.Corrupt(
                    file.toString(), "expected an index of at most " + LIMIT + " bytes, found " + Files.size(file));
        }
        try (InputStream in = Files.newInputStream(file);
                JsonParser parser = JSON.createParser(in)) {
            return parse(file.toString(), parser);
        } catch (JsonProcessingException e) {
            throw new FormatException.Corrupt(
                    file.toString(), "the index is not valid JSON: " + e.getOriginalMessage(), e);
        } catch (java.io.CharConversionException e) {
            throw new FormatException.Corrupt(file.toString(), "expected the index in UTF-8", e);
        }
    }

    private static ShardIndex parse(String file, JsonParser parser) throws IOException {
        Map<String, String> metadata = new TreeMap<>();
        Map<String, String> shards = null;
        expect(file, JsonToken.START_OBJECT, parser.nextToken(), "the index");
        for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
            parser.nextToken();
            switch (key) {
                case METADATA -> metadata = scalars(file, parser);
                case WEIGHT_MAP -> shards = texts(file, parser);
                default -> parser.skipChildren();
            }
        }
        if (shards == null) {
            throw new FormatException.Unsupported(
                    file, "a JSON file without '" + WEIGHT_MAP + "'; expected the index of a sharded checkpoint");
        }
        return new ShardIndex(metadata, shards);
    }

    private static Map<String, String> scalars(String file, JsonParser parser) throws IOException {
        Map<String, String> values = new TreeMap<>();
        expect(file, JsonToken.START_OBJECT, parser.currentToken(), METADATA);
        for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
            if (parser.nextToken().isScalarValue()) {
                values.put(key, parser.getText());
            } else {
                parser.skipChildren();
            }
        }
        return values;
    }

    private static Map<String, String> texts(String file, JsonParser parser) throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        expect(file, JsonToken.START_OBJECT, parser.currentToken(), WEIGHT_MAP);
        for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
            expect(file, JsonToken.VALUE_STRING, parser.nextToken(), WEIGHT_MAP + " '" + key + "'");
            values.put(key, parser.getText());
        }
        return values;
    }

    private static void expect(String file, JsonToken expected, @Nullable JsonToken found, String where)
            throws FormatException {
        if (found != expected) {
            throw new FormatException.Corrupt(file, where + ": expected " + expected + ", found " + found);
        }
    }

    /** Writes or replaces an index file. */
    void write(Path file) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(out).setPrettyPrinter(new DefaultPrettyPrinter())) {
            json.writeStartObject();
            json.writeObjectFieldStart(METADATA);
            for (Map.Entry<String, String> text : metadata.entrySet()) {
                if (text.getKey().equals(TOTAL_SIZE)) {
                    json.writeNumberField(TOTAL_SIZE, Long.parseLong(text.getValue()));
                } else {
                    json.writeStringField(text.getKey(), text.getValue());
                }
            }
            json.writeEndObject();
            json.writeObjectFieldStart(WEIGHT_MAP);
            for (Map.Entry<String, String> shard : new TreeMap<>(shards).entrySet()) {
                json.writeStringField(shard.getKey(), shard.getValue());
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        AtomicFile.write(file, channel -> channel.write(ByteBuffer.wrap(out.toByteArray())));
    }
}
