package dev.weft.cli.options;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.cli.exit.Failures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class TargetFileTest {

    @TempDir
    private Path folder;

    private static void assertRefused(int exitCode, String message, Executable check) {
        IOException failure = assertThrows(IOException.class, check);
        assertEquals(message, Failures.message(failure));
        assertEquals(exitCode, Failures.exitCode(failure));
    }

    @Test
    void aNewFileInAFolderIsTaken() {
        assertDoesNotThrow(() -> TargetFile.check(folder.resolve("new.pt"), false));
        assertDoesNotThrow(() -> TargetFile.check(Path.of("new.pt"), false));
    }

    @Test
    void aMissingFolderIsRefusedUnlessItIsMadeLater() {
        Path file = folder.resolve("missing/new.png");
        assertRefused(
                4,
                folder.resolve("missing") + ": the folder to write to does not exist",
                () -> TargetFile.check(file, true));
        assertDoesNotThrow(() -> TargetFile.checkAbsent(file, false));
    }

    @Test
    void anOlderFileIsReplacedOnlyByForce() throws IOException {
        Path file = Files.writeString(folder.resolve("old.pt"), "mine");
        assertRefused(2, file + ": exists already; --force replaces it", () -> TargetFile.check(file, false));
        assertDoesNotThrow(() -> TargetFile.check(file, true));
    }

    @Test
    void aDirectoryIsNeverReplaced() {
        assertRefused(
                2, folder + ": expected the name of a file, found a directory", () -> TargetFile.check(folder, true));
    }
}
