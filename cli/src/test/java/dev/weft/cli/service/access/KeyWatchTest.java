package dev.weft.cli.service.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.weft.cli.service.problem.Problem;
import dev.weft.cli.service.problem.ServiceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Keys come and go while they are used. */
class KeyWatchTest {

    private static final String ANNA = ApiKey.of("anna", "a", 0.001).line();
    private static final String BEN = ApiKey.of("ben", "b", 0).line();

    @TempDir
    private Path folder;

    private final Logger logger = (Logger) LoggerFactory.getLogger(KeyWatch.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private Path file;
    private ApiKeys keys;
    private KeyWatch watch;

    @BeforeEach
    void begin() throws IOException {
        file = folder.resolve("keys");
        write(ANNA);
        keys = ApiKeys.read(file);
        watch = new KeyWatch(keys, file);
        logger.setLevel(Level.INFO);
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void end() {
        logger.detachAppender(log);
        logger.setLevel(null);
        watch.close();
    }

    private void write(String... lines) throws IOException {
        Files.write(file, List.of(lines));
    }

    private void assertRefused(Problem problem, String key) {
        assertEquals(
                problem,
                assertThrows(ServiceException.class, () -> keys.admit("Bearer " + key))
                        .problem());
    }

    @Test
    void keysAreTakenWhenTheFileStandsStill() throws IOException {
        write(ANNA, BEN);
        watch.look();
        assertRefused(Problem.UNAUTHENTICATED, "b");
        watch.look();
        assertEquals("ben", keys.admit("Bearer b"));
        write(ANNA);
        watch.look();
        assertEquals("ben", keys.admit("Bearer b"));
        watch.look();
        assertRefused(Problem.UNAUTHENTICATED, "b");
        assertEquals(2, log.list.size());
    }

    @Test
    void aKeyThatStaysKeepsItsCount() throws IOException {
        keys.admit("Bearer a");
        write(BEN, ANNA);
        watch.look();
        watch.look();
        assertRefused(Problem.RATE_EXCEEDED, "a");
        write(ApiKey.of("anna", "a", 5).line());
        watch.look();
        watch.look();
        assertEquals("anna", keys.admit("Bearer a"));
    }

    @Test
    void whatIsNoKeyFileLeavesTheKeysAndIsLoggedOnce() throws IOException {
        for (String damage : List.of(BEN + "\nanna secret", "", "# none")) {
            Files.writeString(file, damage);
            assertNothingChanges();
        }
        Files.delete(file);
        assertNothingChanges();
        write(BEN);
        watch.look();
        watch.look();
        assertEquals("ben", keys.admit("Bearer b"));
    }

    private void assertNothingChanges() {
        log.list.clear();
        for (int i = 0; i < 4; i++) {
            watch.look();
        }
        assertEquals(1, log.list.size());
        assertEquals(Level.WARN, log.list.get(0).getLevel());
        assertTrue(log.list.get(0).getKeyValuePairs().get(0).value.toString().contains("keys"));
        assertTrue(keys.needed());
        assertRefused(Problem.UNAUTHENTICATED, "b");
    }
}
