package dev.weft.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Values made with the reference implementations, outside the repository; tests are skipped where they are absent. */
public final class Fixtures {

    private Fixtures() {}

    /** Returns a file below the folder that the system property {@code weft.fixtures} names, or skips the test. */
    public static Path file(String relative) {
        String folder = System.getProperty("weft.fixtures", "../../shared/fixtures");
        Path file = Path.of(folder, relative);
        Assumptions.assumeTrue(Files.exists(file), "no fixture " + relative + " (set -Dweft.fixtures=FOLDER)");
        return file;
    }
}
