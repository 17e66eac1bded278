package dev.weft.network;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import java.io.IOException;

/** The JSON form of an {@link Input}: a number for a vector's width, an object for every other shape. */
final class InputJson {

    private InputJson() {}

    static final class Writer extends JsonSerializer<Input> {
        @Override
        public void serialize(Input input, JsonGenerator json, SerializerProvider context) throws IOException {
            if (input instanceof Input.Features features) {
                json.writeNumber(features.size());
            } else {
                context.findTypedValueSerializer(input.getClass(), true, null).serialize(input, json, context);
            }
        }
    }

    static final class Reader extends JsonDeserializer<Input> {
        @Override
        public Input deserialize(JsonParser json, DeserializationContext context) throws IOException {
            if (json.currentToken() == JsonToken.START_OBJECT) {
                return context.readValue(json, Input.Shaped.class);
            }
            return new Input.Features(context.readValue(json, int.class));
        }
    }
}
