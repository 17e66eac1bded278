package dev.weft.datasets.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CharacterTextTest {

    @TempDir
    Path folder;

    @Test
    void numbersCharactersByTheirPlaceInTheVocabulary() throws IOException {
        Path file = Files.writeString(folder.resolve("short.txt"), "caba\uD83D\uDE00b");
        CharacterText text = CharacterText.read(file);
        assertEquals("abc\uD83D\uDE00", text.vocabulary());
        assertEquals(4, text.vocabularySize());
        assertEquals(6, text.length());
        assertEquals("2 0 1 0 3 1", numbers(text));
        assertEquals("short", text.origin().name());
        assertTrue(
                text.origin().digest().matches("sha256:[0-9a-f]{64}"),
                text.origin().digest());
    }

    private static String numbers(CharacterText text) {
        StringBuilder numbers = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            numbers.append(i == 0 ? "" : " ").append(text.at(i));
        }
        return numbers.toString();
    }

    @Test
    void builtInSampleIsInTheJar() {
        CharacterText text = CharacterText.builtIn();
        assertEquals(67, text.vocabularySize());
        assertTrue(text.length() > 70_000, "" + text.length());
        assertEquals("public domain", text.origin().licence());
    }

    @Test
    void refusesWhatIsNoText() throws IOException {
        Path bytes = Files.write(folder.resolve("photo.txt"), new byte[] {(byte) 0xff, (byte) 0xd8, 0});
        assertTrue(assertThrows(FormatException.Corrupt.class, () -> CharacterText.read(bytes))
                .getMessage()
                .contains("photo.txt: expected a text in UTF-8"));
        Path cut = Files.write(folder.resolve("cut.txt"), new byte[] {'a', (byte) 0xc3}); // half of an accented e
        assertThrows(FormatException.Corrupt.class, () -> CharacterText.read(cut));
        Path empty = Files.writeString(folder.resolve("empty.txt"), "");
        assertTrue(assertThrows(FormatException.Corrupt.class, () -> CharacterText.read(empty))
                .getMessage()
                .contains("found an empty file"));
        assertThrows(NoSuchFileException.class, () -> CharacterText.read(folder.resolve("none.txt")));
    }
}
