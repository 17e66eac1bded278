package dev.weft.cli.service.flight;

import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** An embedding as a table of one column. */
final class EmbeddingTable {

    private static final String VALUE = "value";

    static final Schema SCHEMA = new Schema(List.of(
            new Field(VALUE, FieldType.notNullable(new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE)), null)));

    private EmbeddingTable() {}

    /**
     * Returns the table, which is the caller's to close.
     *
     * @param embedding [d]
     */
    static VectorSchemaRoot of(double[] embedding, BufferAllocator allocator) {
        VectorSchemaRoot table = VectorSchemaRoot.create(SCHEMA, allocator);
        Float8Vector values = (Float8Vector) table.getVector(VALUE);
        for (int row = 0; row < embedding.length; row++) {
            values.setSafe(row, embedding[row]);
        }
        table.setRowCount(embedding.length);
        return table;
    }
}
