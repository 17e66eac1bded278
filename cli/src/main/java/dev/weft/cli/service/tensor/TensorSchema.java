package dev.weft.cli.service.tensor;

import dev.weft.checkpoints.format.NamedTensor;
import dev.weft.checkpoints.format.TensorSource;
import dev.weft.cli.service.problem.Problem;
import java.io.IOException;
import java.util.List;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.Text;

/**
 * Tensors as rows of an Arrow table: {@code name} (text), {@code shape} (list of int64) and {@code values} (list of float32,
 * row-major). One record batch holds one tensor, so that neither side needs more than that at once. Whole numbers, such as
 * counters of steps, have no place in it.
 */
public final class TensorSchema {

    public static final String NAME = "name";
    public static final String SHAPE = "shape";
    public static final String VALUES = "values";

    private TensorSchema() {}

    /** Returns the schema with a source's texts as metadata. */
    public static Schema of(TensorSource source) {
        return new Schema(plain().getFields(), source.metadata());
    }

    /** Returns the schema without metadata. */
    public static Schema plain() {
        return new Schema(List.of(text(), list(SHAPE, new ArrowType.Int(64, true)), list(VALUES, real())));
    }

    private static Field text() {
        return new Field(NAME, FieldType.notNullable(new ArrowType.Utf8()), null);
    }

    private static ArrowType real() {
        return new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
    }

    private static Field list(String name, ArrowType of) {
        return new Field(
                name,
                FieldType.notNullable(new ArrowType.List()),
                List.of(new Field(ListVector.DATA_VECTOR_NAME, FieldType.notNullable(of), null)));
    }

    /** Returns the tensors that have a place in a table, in the source's order. */
    public static List<NamedTensor> tensors(TensorSource source) {
        return source.tensors().values().stream()
                .filter(tensor -> tensor.dtype().isFloating())
                .<NamedTensor>map(tensor -> tensor)
                .toList();
    }

    /** Puts one tensor into a record batch of this schema, in place of what was there. */
    public static void fill(VectorSchemaRoot root, TensorSource source, NamedTensor tensor) throws IOException {
        float[] values = source.floats(tensor.name());
        root.clear();
        ((VarCharVector) root.getVector(NAME)).setSafe(0, new Text(tensor.name()));
        ListVector shape = (ListVector) root.getVector(SHAPE);
        BigIntVector sizes = (BigIntVector) shape.getDataVector();
        shape.startNewValue(0);
        for (int axis = 0; axis < tensor.shape().size(); axis++) {
            sizes.setSafe(axis, tensor.shape().get(axis));
        }
        shape.endValue(0, tensor.shape().size());
        sizes.setValueCount(tensor.shape().size());
        ListVector list = (ListVector) root.getVector(VALUES);
        Float4Vector reals = (Float4Vector) list.getDataVector();
        list.startNewValue(0);
        if (values.length > 0) {
            reals.allocateNew(values.length);
        }
        for (int i = 0; i < values.length; i++) {
            reals.set(i, values[i]);
        }
        list.endValue(0, values.length);
        reals.setValueCount(values.length);
        root.setRowCount(1);
    }

    /** Refuses a table of another schema, before any of its values are looked at. */
    public static void require(Schema schema) {
        boolean fits = schema.getFields().size() == 3
                && is(schema.getFields().get(0), NAME, new ArrowType.Utf8())
                && isList(schema.getFields().get(1), SHAPE, new ArrowType.Int(64, true))
                && isList(schema.getFields().get(2), VALUES, real());
        if (!fits) {
            throw Problem.BAD_CHECKPOINT.because(
                    "expected an Arrow stream with the columns name: utf8, shape: list<int64>, values: list<float>, found "
                            + schema.getFields());
        }
    }

    private static boolean is(Field field, String name, ArrowType type) {
        return field.getName().equals(name) && field.getType().equals(type) && field.getDictionary() == null;
    }

    private static boolean isList(Field field, String name, ArrowType of) {
        return is(field, name, new ArrowType.List())
                && field.getChildren().size() == 1
                && is(field.getChildren().get(0), field.getChildren().get(0).getName(), of);
    }
}
