package dev.weft.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.testing.Mutations;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchitectureJsonTest {

    /** The canonical text of version 1: changing it changes every fingerprint that was ever written. */
    private static final String TEXT =
            "{\"format\":\"weft-architecture\",\"version\":1,\"family\":\"siren\",\"input\":2,"
                    + "\"nodes\":["
                    + "{\"name\":\"seq.0\",\"layer\":{\"type\":\"linear\",\"in\":2,\"out\":3,\"bias\":true},\"inputs\":[\"input\"]},"
                    + "{\"name\":\"sine.0\",\"layer\":{\"type\":\"sine\",\"w0\":30.0},\"inputs\":[\"seq.0\"]},"
                    + "{\"name\":\"seq.1\",\"layer\":{\"type\":\"linear\",\"in\":3,\"out\":1,\"bias\":true},\"inputs\":[\"sine.0\"]},"
                    + "{\"name\":\"offset\",\"layer\":{\"type\":\"offset\",\"value\":0.5},\"inputs\":[\"seq.1\"]}]}";

    private static final Architecture SIREN = Siren.of(List.of(2, 3, 1), 30, 0.5);

    @Test
    void writesTheCanonicalText() {
        assertEquals(TEXT, SIREN.toJson());
    }

    @Test
    void fingerprintIsPinned() {
        assertEquals("0990d1017841ab0cfc43b7b03fa17184f5eb2f0d43440f5dac38767dfa8a2e76", SIREN.fingerprint());
    }

    @Test
    void everyLayerSurvivesTheRoundTrip() throws FormatException {
        Architecture.Builder builder = Architecture.builder("all layers", 2).add("a", new Layer.Linear(2, 3, false));
        List<Layer> layers = List.of(
                new Layer.Sine(-1.5),
                new Layer.Relu(),
                new Layer.LeakyRelu(0.01),
                new Layer.Tanh(),
                new Layer.Sigmoid(),
                new Layer.Gelu(),
                new Layer.Silu(),
                new Layer.Offset(-2));
        layers.forEach(layer -> builder.add(layer.getClass().getSimpleName(), layer));
        Architecture written = builder.build();
        Architecture read = Architecture.fromJson(written.toJson());
        assertEquals(written, read);
        assertEquals(written.nodes(), read.nodes());
        assertEquals(written.toJson(), read.toJson());
        assertEquals(written.parameters(), read.parameters());
    }

    @Test
    void layoutAndKeyOrderDoNotMatter() throws FormatException {
        String loose = "{\n  \"nodes\": [{\"inputs\": [\"input\"], \"name\": \"a\","
                + " \"layer\": {\"w0\": 30, \"type\": \"sine\"}}],\n"
                + "  \"input\": 2, \"family\": \"x\", \"version\": 1, \"format\": \"weft-architecture\"}";
        Architecture read = Architecture.fromJson(loose);
        assertEquals(Architecture.builder("x", 2).add("a", new Layer.Sine(30)).build(), read);
    }

    @Test
    void refusesOtherVersionsWhateverElseTheyHold() {
        String newer = TEXT.replace("\"version\":1", "\"version\":2,\"novelty\":{}");
        FormatException tooNew = assertThrows(FormatException.TooNew.class, () -> Architecture.fromJson(newer));
        assertEquals(
                "architecture: format version 2 is too new; this release reads up to version 1", tooNew.getMessage());
        String older = TEXT.replace("\"version\":1", "\"version\":0");
        FormatException tooOld = assertThrows(FormatException.TooOld.class, () -> Architecture.fromJson(older));
        assertEquals(
                "architecture: format version 0 is too old; this release reads from version 1", tooOld.getMessage());
    }

    /** Each line replaces one part of the canonical text and says what the reader answers. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\u0001', textBlock = """
            "weft-architecture" | "weft-zoo"            | expected "format":"weft-architecture", found "weft-zoo"
            "version":1,        | "v":1,                | expected a version number, found none
            "version":1,        | "version":"1",        | expected a version number, found "1"
            "version":1,        | "version":9999999999, | expected a version number, found 9999999999
            "family":"siren",   | "famliy":"siren",     | family: Missing creator property 'family'
            "family":"siren",   |                       | family: Missing creator property 'family'
            "family":"siren"    | "family":null         | family: Null value for creator property 'family'
            "input":2           | "input":2,"date":1    | date: unknown key 'date', expected family, format, input, nodes, version
            "input":2           | "input":2.5           | input: Cannot coerce Floating-point value (2.5) to `int`
            "input":2           | "input":"2"           | input: Cannot coerce String value ("2") to `int`
            "input":2           | "input":9999999999    | input: Numeric value (9999999999) out of range of int
            "input":2           | "input":null          | input: Null value for creator property 'input'
            "input":2           | "input":[2]           | input: Cannot deserialize value of type `int` from Array value
            "input":2           | "input":{}            | input: an input needs a "type", one of image, signal, sequence, tokens
            "input":2           | "input":{"type":"x"}  | input: unknown input type 'x', expected one of image, signal, sequence, tokens
            "input":2           | "input":{"type":"tokens","vocabulary":3,"length":0} | input: text length must be positive, got 0
            "input":2           | "input":3             | node 'seq.0' expects 2 inputs, but gets 3
            "in":3,             | "in":3,"pad":1,       | nodes[2].layer.pad: unknown key 'pad', expected bias, in, out
            "in":3,             | "in":3,"in":3,        | no JSON: Duplicate field 'in'
            "out":1             | "out":0               | nodes[2].layer: linear: widths must be positive, got in=3 out=0
            "sine","w0":30.0    | "relu","w0":30.0      | nodes[1].layer.w0: unknown key 'w0', expected none
            "type":"sine",      | "type":"conv",        | nodes[1].layer: unknown layer type 'conv', expected one of linear, offset, multiplier,
            "type":"sine",      |                       | nodes[1].layer: a layer needs a "type", one of linear, offset, multiplier,
            "w0":30.0           | "w0":1e999            | nodes[1].layer: sine: w0 must be finite and not 0, got Infinity
            "w0":30.0           | "w0":NaN              | no JSON: Non-standard token 'NaN'
            "name":"sine.0"     | "name":"sine 0"       | nodes[1]: a node's name is 1 to 200 printable ASCII
            ["sine.0"]          | ["sine.9"]            | node 'seq.1' reads 'sine.9', which no earlier node is called
            ["sine.0"]          | [null]                | nodes[2].inputs
            ["sine.0"]          | "sine.0"              | nodes[2].inputs:
            """)
    void saysWhichKeyOfWhichNode(String part, String replacement, String message) {
        assertTrue(TEXT.contains(part), part);
        String damaged = TEXT.replace(part, replacement == null ? "" : replacement);
        String found = assertThrows(FormatException.Corrupt.class, () -> Architecture.fromJson(damaged))
                .getMessage();
        assertTrue(found.startsWith("architecture: " + message), found);
    }

    @Test
    void refusesWhatIsNoDocument() {
        for (String text : List.of("", "null", "[]", "3", "{", TEXT + "{}", "[".repeat(100_000))) {
            assertThrows(FormatException.Corrupt.class, () -> Architecture.fromJson(text), text);
        }
    }

    @Test
    void refusesSizesThatOverflow() {
        String json = TEXT.replace("\"in\":2,\"out\":3", "\"in\":2147483647,\"out\":2147483647")
                .replace("\"input\":2", "\"input\":2147483647");
        String message = assertThrows(FormatException.Corrupt.class, () -> Architecture.fromJson(json))
                .getMessage();
        assertTrue(message.endsWith("'seq.0.weight' [2147483647, 2147483647] goes beyond"), message);
    }

    @Test
    void messagesDoNotRepeatAFloodOfText() {
        String json = TEXT.replace("\"sine\"", "\"" + "x".repeat(100_000) + "\"");
        String message = assertThrows(FormatException.Corrupt.class, () -> Architecture.fromJson(json))
                .getMessage();
        assertTrue(message.length() < 1_000, message);
    }

    @Test
    void damagedTextIsReadOrRefused() {
        byte[] valid = TEXT.getBytes(StandardCharsets.UTF_8);
        Mutations.fuzz(valid, 5_000, new Seed(7), bytes -> {
            Architecture read = Architecture.fromJson(new String(bytes, StandardCharsets.UTF_8));
            assertEquals(read, Architecture.fromJson(read.toJson()));
        });
    }
}
