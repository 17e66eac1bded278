package dev.weft.checkpoints;

import dev.weft.network.Architecture;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The columns of a part, in order; none has nulls. The parameters come last, so all else lies together in the file.
 *
 * @param columns in order
 */
record ZooColumns(List<Column> columns) {

    static final int ID = 0;
    static final int RUN_ID = 1;
    static final int STEP = 2;
    static final int SPLIT = 3;
    static final int LABEL = 4;
    static final int FIRST_METRIC = 5;

    /** Prefix of the columns of metrics. */
    static final String METRIC = "metric_";

    /** Key of the schema's metadata that holds the architecture's JSON. */
    static final String ARCHITECTURE_KEY = "weft.architecture";

    /** The kinds of column, each with the bytes that a value takes, 0 if they vary. */
    enum Type {
        UTF8(0),
        INT32(4),
        INT64(8),
        FLOAT64(8),
        PARAMETERS(0);

        private final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }

        int bytes() {
            return bytes;
        }
    }

    record Column(String name, Type type) {}

    static ZooColumns of(List<String> metrics) {
        List<Column> columns = new ArrayList<>();
        columns.add(new Column("id", Type.UTF8));
        columns.add(new Column("run_id", Type.UTF8));
        columns.add(new Column("step", Type.INT64));
        columns.add(new Column("split", Type.UTF8));
        columns.add(new Column("label", Type.INT32));
        metrics.forEach(metric -> columns.add(new Column(METRIC + metric, Type.FLOAT64)));
        columns.add(new Column("source", Type.UTF8));
        columns.add(new Column("seed", Type.INT64));
        columns.add(new Column("architecture", Type.UTF8));
        columns.add(new Column("parameters", Type.PARAMETERS));
        return new ZooColumns(List.copyOf(columns));
    }

    int source() {
        return columns.size() - 4;
    }

    int seed() {
        return columns.size() - 3;
    }

    int architecture() {
        return columns.size() - 2;
    }

    int parameters() {
        return columns.size() - 1;
    }

    /** Returns how many buffers a record batch has: validity and data for each column, offsets for texts. */
    int buffers() {
        int buffers = 0;
        for (Column column : columns) {
            buffers += column.type == Type.UTF8 || column.type == Type.PARAMETERS ? 3 : 2;
        }
        return buffers;
    }

    /** Returns Arrow's schema of a part. */
    Schema schema(Architecture architecture) {
        List<Field> fields =
                columns.stream().map(column -> field(column, architecture)).toList();
        return new Schema(fields, Map.of(ARCHITECTURE_KEY, architecture.toJson()));
    }

    private static Field field(Column column, Architecture architecture) {
        return switch (column.type) {
            case UTF8 -> field(column.name, ArrowType.Utf8.INSTANCE, List.of());
            case INT32 -> field(column.name, new ArrowType.Int(32, true), List.of());
            case INT64 -> field(column.name, new ArrowType.Int(64, true), List.of());
            case FLOAT64 -> field(column.name, new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE), List.of());
            case PARAMETERS -> {
                Field item = field("item", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE), List.of());
                int width = Math.toIntExact(architecture.parameterCount());
                yield field(column.name, new ArrowType.FixedSizeList(width), List.of(item));
            }
        };
    }

    private static Field field(String name, ArrowType type, List<Field> children) {
        return new Field(name, FieldType.notNullable(type), children);
    }
}
