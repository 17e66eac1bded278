package dev.weft.cli.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigBinderTest {

    enum Init {
        RANDOM,
        SHARED
    }

    record Optimizer(double rate, boolean amsgrad) {}

    record Settings(int steps, List<Integer> widths, Init init, String note, Optimizer optimizer) {
        Settings {
            if (steps < 1) {
                throw new IllegalArgumentException("steps: expected 1 or more, found " + steps);
            }
        }
    }

    private static final Settings DEFAULTS =
            new Settings(500, List.of(32, 32), Init.SHARED, "", new Optimizer(5e-4, false));

    @TempDir
    private Path folder;

    private ConfigBinder<Settings> binder;

    @BeforeEach
    void startFromTheDefaults() {
        binder = ConfigBinder.of(DEFAULTS);
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private String refusal(String yaml) throws IOException {
        Path file = file("c.yaml", yaml);
        return assertThrows(IllegalArgumentException.class, () -> binder.overlay(file))
                .getMessage()
                .replace(file.toString(), "c.yaml");
    }

    @Test
    void nothingSetIsTheDefaults() {
        assertEquals(DEFAULTS, binder.bind());
    }

    @Test
    void aFileSetsWhatItNamesAndNothingElse() throws IOException {
        binder.overlay(file("c.yaml", "steps: 900\nwidths: [16]\noptimizer:\n  rate: 1e-3\n"));
        assertEquals(new Settings(900, List.of(16), Init.SHARED, "", new Optimizer(1e-3, false)), binder.bind());
    }

    @Test
    void jsonIsReadAsWell() throws IOException {
        binder.overlay(file("c.json", "{\"init\": \"random\", \"optimizer\": {\"amsgrad\": true}}"));
        assertEquals(new Settings(500, List.of(32, 32), Init.RANDOM, "", new Optimizer(5e-4, true)), binder.bind());
    }

    @Test
    void anEmptyFileSetsNothing() throws IOException {
        binder.overlay(file("c.yaml", "# nothing\n"));
        assertEquals(DEFAULTS, binder.bind());
    }

    @Test
    void flagsGoOverSetsAndSetsOverTheFile() throws IOException {
        binder.overlay(file("c.yaml", "steps: 1\ninit: random\nnote: file\n"));
        binder.set("steps=2");
        binder.set("note=12");
        binder.put("steps", 3);
        assertEquals(new Settings(3, List.of(32, 32), Init.RANDOM, "12", DEFAULTS.optimizer), binder.bind());
    }

    @Test
    void aSetReachesNestedKeys() {
        binder.set("optimizer.rate=0.25");
        binder.set("widths=[8, 8, 8]");
        assertEquals(new Settings(500, List.of(8, 8, 8), Init.SHARED, "", new Optimizer(0.25, false)), binder.bind());
    }

    @Test
    void settingARecordKeepsItsOtherKeys() {
        binder.set("optimizer={amsgrad: true}");
        assertEquals(new Optimizer(5e-4, true), binder.bind().optimizer);
    }

    @Test
    void anUnknownKeyNamesTheNearest() throws IOException {
        assertEquals(
                "c.yaml: unknown key 'step'; did you mean 'steps'? Known: steps, widths, init, note, optimizer",
                refusal("step: 3"));
        assertEquals(
                "c.yaml: unknown key 'optimizer.rat'; did you mean 'rate'? Known: rate, amsgrad",
                refusal("optimizer: {rat: 3}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "steps: many             | key 'steps': expected an integer, found text 'many'",
                "steps: 1.5              | key 'steps': expected an integer, found 1.5",
                "steps: '3'              | key 'steps': expected an integer, found text '3'",
                "steps: null             | key 'steps': expected an integer, found null",
                "steps: [1]              | key 'steps': expected an integer, found [1]",
                "steps: 99999999999      | key 'steps': expected an integer, found 99999999999",
                "widths: 32              | key 'widths': expected a list (each an integer), found 32",
                "widths: [32, wide]      | key 'widths': expected a list (each an integer), found [32,\"wide\"]",
                "init: both              | key 'init': expected one of [random, shared], found text 'both'",
                "init: 1                 | key 'init': expected one of [random, shared], found 1",
                "note: 7                 | key 'note': expected text, found 7",
                "optimizer: adam         | key 'optimizer': expected settings by key, found text 'adam'",
                "optimizer: {rate: fast} | key 'optimizer.rate': expected a number, found text 'fast'",
                "optimizer: {amsgrad: 1} | key 'optimizer.amsgrad': expected true or false, found 1",
                "optimizer: null         | key 'optimizer': expected settings by key, found null",
                "widths: [32, null]      | key 'widths': expected a list (each an integer), found [32,null]",
                "note: null              | key 'note': expected text, found null",
            })
    void aWrongTypeSaysWhatWasExpectedAndFound(String yaml, String message) throws IOException {
        assertEquals("c.yaml: " + message, refusal(yaml.replace('\'', '"')));
    }

    @Test
    void aSetSaysWhereItWentWrong() {
        assertEquals(
                "--set steps=many: key 'steps': expected an integer, found text 'many'",
                assertThrows(IllegalArgumentException.class, () -> binder.set("steps=many"))
                        .getMessage());
        assertEquals(
                "--set steps: expected KEY=VALUE",
                assertThrows(IllegalArgumentException.class, () -> binder.set("steps"))
                        .getMessage());
        assertEquals(
                "--set steps.a=1: 'steps' has no settings below it",
                assertThrows(IllegalArgumentException.class, () -> binder.set("steps.a=1"))
                        .getMessage());
    }

    @Test
    void whatTheRecordRefusesIsSaidInItsWords() {
        binder.set("steps=0");
        assertEquals(
                "steps: expected 1 or more, found 0",
                assertThrows(IllegalArgumentException.class, binder::bind).getMessage());
    }

    @Test
    void aFileThatIsNotYamlIsABadFile() throws IOException {
        Path file = file("c.yaml", "steps: [1\n");
        String message = assertThrows(FormatException.Corrupt.class, () -> binder.overlay(file))
                .getMessage();
        assertEquals(file + ": ", message.substring(0, file.toString().length() + 2));
    }

    @Test
    void aFileThatIsNoTextIsABadFile() throws IOException {
        Path file = Files.write(folder.resolve("c.yaml"), new byte[] {(byte) 0xc3, 0x28});
        assertEquals(
                file + ": expected text in UTF-8",
                assertThrows(FormatException.Corrupt.class, () -> binder.overlay(file))
                        .getMessage());
    }

    @Test
    void aKeyGivenTwiceIsRefused() throws IOException {
        Path file = file("c.json", "{\"steps\": 1, \"steps\": 2}");
        assertEquals(
                file + ": Duplicate field 'steps' (line 1, column 21)",
                assertThrows(FormatException.Corrupt.class, () -> binder.overlay(file))
                        .getMessage());
    }

    @Test
    void aListIsNotSettings() throws IOException {
        assertEquals("c.yaml: expected settings by key, found [1]", refusal("[1]"));
    }
}
