package dev.weft.datasets;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NoticeTest {

    private static final Path RESOURCES = Path.of("src/main/resources");

    @Test
    void everyShippedDataFileIsNamedInNotice() throws IOException {
        String notice = Files.readString(Path.of("../NOTICE"));
        try (Stream<Path> files = Files.walk(RESOURCES)) {
            List<Path> shipped = files.filter(Files::isRegularFile).toList();
            assertFalse(shipped.isEmpty());
            for (Path file : shipped) {
                String name = "datasets/" + file.toString().replace('\\', '/');
                assertTrue(notice.contains(name), "NOTICE must name " + name + " with its origin and licence");
            }
        }
        assertTrue(notice.contains("Alpaydin") && notice.contains("Redistribution and use"), notice);
    }
}
