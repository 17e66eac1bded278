package dev.weft.checkpoints.format.torch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.weft.network.FormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** The texts that Weft keeps in an entry of its own. */
final class MetadataJson {

    private static final JsonFactory JSON = new JsonFactory();

    private MetadataJson() {}

    static Map<String, String> read(String where, byte[] bytes) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        try (JsonParser parser = JSON.createParser(new String(bytes, StandardCharsets.UTF_8))) {
            boolean valid = parser.nextToken() == JsonToken.START_OBJECT;
            String key = valid ? parser.nextFieldName() : null;
            while (key != null) {
                if (parser.nextToken() != JsonToken.VALUE_STRING) {
                    throw new FormatException.Corrupt(
                            where, "'" + key + "': expected a text, found " + parser.currentToken());
                }
                texts.put(key, parser.getText());
                key = parser.nextFieldName();
            }
            if (parser.currentToken() != JsonToken.END_OBJECT) {
                throw new FormatException.Corrupt(where, "expected a JSON object of texts");
            }
        } catch (JsonProcessingException e) {
            throw new FormatException.Corrupt(where, "not valid JSON: " + e.getOriginalMessage(), e);
        }
        return texts;
    }

    static byte[] write(Map<String, String> texts) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            for (Map.Entry<String, String> text : new TreeMap<>(texts).entrySet()) {
                json.writeStringField(text.getKey(), text.getValue());
            }
            json.writeEndObject();
        }
        return out.toByteArray();
    }
}
