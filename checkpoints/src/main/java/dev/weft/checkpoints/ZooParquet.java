package dev.weft.checkpoints;

import dev.weft.checkpoints.ZooColumns.Column;
import dev.weft.checkpoints.format.parquet.ParquetColumn;
import dev.weft.checkpoints.format.parquet.ParquetColumn.Type;
import dev.weft.checkpoints.format.parquet.ParquetRows;
import dev.weft.checkpoints.format.parquet.ParquetWriter;
import dev.weft.network.Architecture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntConsumer;

/**
 * Writes rows of a zoo as one Parquet file, with the columns of the zoo's Arrow files. {@code parameters} is a list whose length
 * is that of the row's architecture; the file's metadata have the JSON of each architecture under {@code
 * weft.architecture.FINGERPRINT}, and, if there is only one, under {@code weft.architecture} as in the Arrow files.
 */
public final class ZooParquet {

    private ZooParquet() {}

    /**
     * Writes or replaces a file.
     *
     * @param rows their numbers, in the order of the file
     * @param written called with how many rows were written
     */
    public static void write(Zoo zoo, int[] rows, Path file, IntConsumer written) throws IOException {
        List<Column> columns = ZooColumns.of(zoo.header().metrics()).columns();
        ParquetWriter.write(
                columns.stream()
                        .map(column -> new ParquetColumn(column.name(), type(column.type())))
                        .toList(),
                new Rows(zoo, rows, columns),
                metadata(zoo),
                file,
                written);
    }

    private static Type type(ZooColumns.Type type) {
        return switch (type) {
            case UTF8 -> Type.TEXT;
            case INT32 -> Type.INT32;
            case INT64 -> Type.INT64;
            case FLOAT64 -> Type.FLOAT64;
            case PARAMETERS -> Type.FLOATS;
        };
    }

    private static Map<String, String> metadata(Zoo zoo) {
        Map<String, String> metadata = new TreeMap<>();
        metadata.put("weft.zoo", zoo.header().name());
        for (Architecture architecture : zoo.architectures()) {
            metadata.put(ZooColumns.ARCHITECTURE_KEY + "." + architecture.fingerprint(), architecture.toJson());
            if (zoo.architectures().size() == 1) {
                metadata.put(ZooColumns.ARCHITECTURE_KEY, architecture.toJson());
            }
        }
        return metadata;
    }

    /** Some rows of a zoo. */
    private record Rows(Zoo zoo, int[] rows, List<Column> columns) implements ParquetRows {

        @Override
        public int size() {
            return rows.length;
        }

        @Override
        public String text(int column, int row) {
            return zoo.text(column, rows[row]);
        }

        @Override
        public long integer(int column, int row) {
            return columns.get(column).type() == ZooColumns.Type.INT32
                    ? zoo.int32(column, rows[row])
                    : zoo.int64(column, rows[row]);
        }

        @Override
        public double real(int column, int row) {
            return zoo.float64(column, rows[row]);
        }

        @Override
        public float[] floats(int column, int row) {
            return zoo.parameters(rows[row]);
        }

        @Override
        public int length(int column, int row) {
            return Math.toIntExact(zoo.architecture(rows[row]).parameterCount());
        }
    }
}
