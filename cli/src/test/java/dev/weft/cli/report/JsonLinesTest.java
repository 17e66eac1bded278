package dev.weft.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesTest {

    @TempDir
    private Path temporary;

    record Entry(int number, String text) {}

    private static final Entry FIRST = new Entry(1, "één\n");
    private static final Entry SECOND = new Entry(2, "zwei");

    @Test
    void halfOfALastLineGivesWayToTheNext() throws IOException {
        Path log = temporary.resolve("log.jsonl");
        assertEquals(List.of(), JsonLines.read(log, Entry.class));
        JsonLines.append(log, FIRST);
        Files.write(log, new byte[] {'{', '"', (byte) 0xc3}, StandardOpenOption.APPEND); // half of a letter, too
        assertEquals(List.of(FIRST), JsonLines.read(log, Entry.class));
        JsonLines.append(log, SECOND);
        assertEquals(List.of(FIRST, SECOND), JsonLines.read(log, Entry.class));
        assertEquals(2, Files.readAllLines(log).size());
    }

    @Test
    void nothingButHalfALineIsNothing() throws IOException {
        Path log = Files.writeString(temporary.resolve("log.jsonl"), "{\"num");
        assertEquals(List.of(), JsonLines.read(log, Entry.class));
        JsonLines.append(log, FIRST);
        assertEquals(List.of(FIRST), JsonLines.read(log, Entry.class));
    }

    @Test
    void aWholeLineOfSomethingElseIsRefusedByItsNumber() throws IOException {
        Path log = temporary.resolve("log.jsonl");
        JsonLines.append(log, FIRST);
        Files.writeString(log, "{}\n", StandardOpenOption.APPEND);
        FormatException refused = assertThrows(FormatException.class, () -> JsonLines.read(log, Entry.class));
        assertEquals(log + ": line 2", refused.getMessage().substring(0, (log + ": line 2").length()));
    }
}
