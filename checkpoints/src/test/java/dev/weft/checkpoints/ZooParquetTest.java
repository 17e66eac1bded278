package dev.weft.checkpoints;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZooParquetTest {

    @TempDir
    private Path folder;

    /** The file was read with pyarrow, DuckDB and Polars, and every column compared with the Arrow files'. */
    @Test
    void writesTheSameBytesAsTheFileThatOtherReadersRead() throws IOException {
        Path file = folder.resolve("zoo.parquet");
        try (Zoo zoo = Zoo.open(Path.of("src/test/resources/zoo-v1"))) {
            ZooParquet.write(zoo, new int[] {0, 1, 2}, file, rows -> {});
        }
        assertArrayEquals(Files.readAllBytes(Path.of("src/test/resources/zoo-v1.parquet")), Files.readAllBytes(file));
    }
}
