package dev.weft.cli.service.flight;

import dev.weft.cli.model.ClassAnswer;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.Text;

/** Classes with their probabilities as a table, the likeliest first. */
final class ClassTable {

    private static final String CLASS = "class";
    private static final String PROBABILITY = "probability";
    private static final Schema SCHEMA = new Schema(List.of(
            new Field(CLASS, FieldType.notNullable(new ArrowType.Utf8()), null),
            new Field(
                    PROBABILITY,
                    FieldType.notNullable(new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE)),
                    null)));

    private ClassTable() {}

    /** Returns the table, which is the caller's to close. */
    static VectorSchemaRoot of(ClassAnswer answer, BufferAllocator allocator) {
        VectorSchemaRoot table = VectorSchemaRoot.create(SCHEMA, allocator);
        VarCharVector names = (VarCharVector) table.getVector(CLASS);
        Float8Vector probabilities = (Float8Vector) table.getVector(PROBABILITY);
        int row = 0;
        for (var entry : answer.probabilities().entrySet()) {
            names.setSafe(row, new Text(entry.getKey()));
            probabilities.setSafe(row, entry.getValue());
            row++;
        }
        table.setRowCount(row);
        return table;
    }
}
