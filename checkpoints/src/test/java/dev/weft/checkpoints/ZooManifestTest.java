package dev.weft.checkpoints;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZooManifestTest {

    @TempDir
    Path folder;

    private String json;

    @BeforeEach
    void writeZoo() throws IOException {
        SmallZoo.write(folder, 10, 4);
        json = Files.readString(folder.resolve(ZooManifest.FILE));
    }

    private <T extends FormatException> void assertRefused(Class<T> type, String old, String lie, String message) {
        assertTrue(json.contains(old), json);
        byte[] bytes = json.replace(old, lie).getBytes(StandardCharsets.UTF_8);
        T e = assertThrows(type, () -> ZooManifestJson.read("zoo/_zoo.json", bytes));
        assertTrue(e.getMessage().startsWith("zoo/_zoo.json: "), e.getMessage());
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    private void assertCorrupt(String old, String lie, String message) {
        assertRefused(FormatException.Corrupt.class, old, lie, message);
    }

    @Test
    void writesWhatItRead() throws IOException {
        ZooManifest manifest = ZooManifest.read(folder);
        assertEquals(json, new String(ZooManifestJson.write(manifest), StandardCharsets.UTF_8));
        assertEquals(SmallZoo.header(10, 4), manifest.header());
    }

    @Test
    void refusesOtherFormatsAndVersions() {
        assertCorrupt("weft-zoo", "weft-cat", "expected format 'weft-zoo', found \"weft-cat\"");
        assertRefused(
                FormatException.TooNew.class,
                "\"version\" : 1,\n  \"state\"",
                "\"version\" : 9,\n  \"state\"",
                "format version 9 is too new; this release reads up to version 1");
        assertRefused(
                FormatException.TooOld.class,
                "\"version\" : 1,\n  \"state\"",
                "\"version\" : 0,\n  \"state\"",
                "format version 0 is too old");
    }

    @Test
    void refusesPartsThatTheHeaderDoesNotHave() {
        assertCorrupt("\"rows\" : 10", "\"rows\" : 9", "part 2: expected ");
        assertCorrupt("\"rows\" : 10", "\"rows\" : 13", "expected 4 parts, found 3");
        assertCorrupt("\"rows\" : 10", "\"rows\" : 9000000000", "must be in [1, 2147483647], got 9000000000");
        assertCorrupt("part-000001.arrow", "../passwords.txt", "part 1: expected ");
        assertCorrupt("\"complete\"", "\"writing\"", "expected 0 parts, found 3");
        assertCorrupt("\"rows_per_part\" : 4", "\"rows_per_part\" : 0", "rows per part must be in [1, 1048576], got 0");
    }

    @Test
    void refusesAnArchitectureThatIsNotItsFingerprint() {
        assertCorrupt("\"w0\" : 30.0", "\"w0\" : 31.0", "expected fingerprint ");
        assertCorrupt("\"out\" : 3,", "\"out\" : -3,", "widths must be positive");
    }

    @Test
    void refusesBrokenJson() {
        assertCorrupt("\"name\" : \"small\",", "", "name");
        assertCorrupt("\"name\" : \"small\",", "\"name\" : \"small\", \"name\" : \"big\",", "Duplicate");
        assertCorrupt("\"name\" : \"small\",", "\"name\" : \"small\", \"size\" : 3,", "size");
        assertCorrupt("\"name\" : \"small\"", "\"name\" : null", "null");
        assertCorrupt("\"seed\" : \"7\"", "\"seed\" : null", "null");
        assertCorrupt("\"rows_per_part\" : 4", "\"rows_per_part\" : 4.5", "Cannot coerce Floating-point value");
        assertCorrupt(json.substring(300), "", "not valid JSON");
        assertCorrupt(json, "", "expected format 'weft-zoo'");
    }

    @Test
    void saysWhereThereIsNoZoo() {
        NoSuchFileException e =
                assertThrows(NoSuchFileException.class, () -> ZooManifest.read(folder.resolve("nowhere")));
        assertTrue(e.getMessage().endsWith("_zoo.json: there is no zoo"), e.getMessage());
    }
}
