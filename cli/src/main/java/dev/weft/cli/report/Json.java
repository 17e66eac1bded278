package dev.weft.cli.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;

/** JSON as every command prints it: records in the order of their components, keys in snake case, paths as plain text. */
public final class Json {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .addModule(new SimpleModule().addSerializer(Path.class, new ToStringSerializer()))
            .build();

    private Json() {}

    /** Returns the indented text of a record, map, list or JSON tree. */
    public static String write(Object value) {
        return write(MAPPER.writer(), value);
    }

    /** Returns the text in one line, for JSON lines. */
    public static String line(Object value) {
        return write(MAPPER.writer().without(SerializationFeature.INDENT_OUTPUT), value);
    }

    /**
     * Reads a record that {@link #write(Object)} wrote.
     *
     * @throws FormatException.Corrupt if the file is no JSON, or not of this record
     */
    public static <T extends Record> T read(Path file, Class<T> type) throws IOException {
        try {
            return parse(file.toString(), Files.readString(file), type);
        } catch (CharacterCodingException e) {
            throw new FormatException.Corrupt(file.toString(), "expected UTF-8 text", e);
        }
    }

    /** Reads a record from its text; {@code where} is named if it cannot be read. */
    public static <T extends Record> T parse(String where, String text, Class<T> type) throws FormatException {
        try {
            T value = MAPPER.readValue(text, type);
            if (value == null) {
                throw new FormatException.Corrupt(where, "expected an object, found null");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new FormatException.Corrupt(where, e.getOriginalMessage(), e);
        }
    }

    private static String write(ObjectWriter writer, Object value) {
        try {
            return writer.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + value.getClass().getName() + " as JSON", e);
        }
    }
}
