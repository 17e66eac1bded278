package dev.weft.checkpoints;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.checkpoints.format.AtomicFile;
import dev.weft.network.Seed;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Writers that are killed (SIGKILL) at random moments leave whole parts, and resume to the bytes of one left alone. */
class ZooKillTest {

    private static final int KILLS = 20;
    private static final int MOST_PARTS_BEGUN = 8;
    private static final int LONGEST_WAIT_MICROS = 20_000;

    @TempDir
    Path temporary;

    private Map<String, String> undisturbed;
    private String unfinishedManifest;

    @BeforeEach
    void writeUndisturbed() throws Exception {
        Path folder = temporary.resolve("undisturbed");
        ZooWriter.create(folder, KilledZooWriter.HEADER);
        unfinishedManifest = Digest.sha256(folder.resolve(ZooManifest.FILE));
        KilledZooWriter.write(folder);
        undisturbed = FolderContent.of(folder);
        assertTrue(ZooVerifier.verify(folder).ok());
    }

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void resumesToTheSameBytes() throws Exception {
        RandomGenerator random = new Seed(20).random();
        int kills = 0;
        int leftovers = 0;
        int zoos = 0;
        Path folder = temporary.resolve("killed-0");
        while (kills < KILLS) {
            if (killed(folder, random)) {
                kills++;
                leftovers += checkWholeParts(folder);
            } else { // it came to its end first: look at the zoo and begin another
                assertEquals(undisturbed, FolderContent.of(folder));
                folder = temporary.resolve("killed-" + ++zoos);
            }
        }
        KilledZooWriter.write(folder);
        assertEquals(undisturbed, FolderContent.of(folder));
        assertTrue(leftovers > 0, "no writer was killed inside a part; the test has lost its point");
    }

    /** Runs a writer and kills it a moment after it has begun a part or two; returns false if it was done before. */
    private static boolean killed(Path folder, RandomGenerator random) throws IOException, InterruptedException {
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Dslf4j.internal.verbosity=ERROR",
                        "-cp",
                        classPath(),
                        KilledZooWriter.class.getName(),
                        folder.toString(),
                        Files.createTempDirectory(folder.getParent(), "warm").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
            assertEquals(KilledZooWriter.READY, output.readLine());
            output.lines().limit(random.nextInt(MOST_PARTS_BEGUN + 1)).forEach(line -> {});
            if (writer.waitFor(random.nextInt(LONGEST_WAIT_MICROS), TimeUnit.MICROSECONDS)) {
                assertEquals(0, writer.exitValue());
                return false;
            }
            return writer.destroyForcibly().waitFor() != 0;
        }
    }

    /** Returns the class path without the logging back end, whose start takes longer than a writer's life. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("logback"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Compares all that can be seen with the undisturbed zoo; returns the number of leftovers. */
    private int checkWholeParts(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return 0;
        }
        int leftovers = 0;
        for (Map.Entry<String, String> file : FolderContent.of(folder).entrySet()) {
            if (AtomicFile.isTemporary(Path.of(file.getKey()))) {
                leftovers++;
            } else if (!file.getKey().equals(ZooManifest.FILE)
                    || !file.getValue().equals(unfinishedManifest)) {
                assertEquals(undisturbed.get(file.getKey()), file.getValue(), file.getKey());
            }
        }
        return leftovers;
    }
}
