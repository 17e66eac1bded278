package dev.weft.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @TempDir
    private Path temporary;

    enum Colour {
        DARK_BLUE
    }

    record Thing(int howMany, Colour colour, List<Double> values) {}

    @Test
    void whatWasWrittenIsReadAsItWas() throws IOException {
        Thing thing = new Thing(3, Colour.DARK_BLUE, List.of(0.1, 1e-300));
        Path file = temporary.resolve("thing.json");
        Files.writeString(file, Json.write(thing));
        assertTrue(Files.readString(file).contains("\"how_many\" : 3"));
        assertEquals(thing, Json.read(file, Thing.class));
        assertEquals(thing, Json.parse("line", Json.line(thing), Thing.class));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"how_many\":1}",
                "{\"how_many\":null,\"colour\":\"dark_blue\",\"values\":[]}",
                "{\"how_many\":1,\"colour\":\"red\",\"values\":[]}",
                "{\"how_many\":1,\"colour\":\"dark_blue\",\"values\":[]} {}",
                "{\"how_many\":1,\"colour\":\"dark_blue\",\"values\":[],\"more\":1}"
            })
    void refusesEverythingElseAndNamesThePlace(String text) {
        FormatException refused =
                assertThrows(FormatException.Corrupt.class, () -> Json.parse("there", text, Thing.class));
        assertTrue(refused.getMessage().startsWith("there"), refused.getMessage());
    }

    @Test
    void refusesAFileThatIsNoText() throws IOException {
        Path file = temporary.resolve("thing.json");
        Files.write(file, new byte[] {'{', (byte) 0xff});
        assertThrows(FormatException.Corrupt.class, () -> Json.read(file, Thing.class));
    }
}
