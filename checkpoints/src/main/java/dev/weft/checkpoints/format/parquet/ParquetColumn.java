package dev.weft.checkpoints.format.parquet;

import java.util.List;
import java.util.function.Consumer;

/**
 * A column without missing values.
 *
 * @param name unique in the file
 * @param type of its values
 */
public record ParquetColumn(String name, Type type) {

    private static final int REQUIRED = 0;
    private static final int REPEATED = 2;
    private static final int UTF8 = 0;
    private static final int LIST = 3;
    private static final int STRING_TYPE = 1;
    private static final int LIST_TYPE = 3;

    /** The kinds of values, with Parquet's numbers of the types that they are stored in. */
    public enum Type {
        TEXT(6),
        INT32(1),
        INT64(2),
        FLOAT64(5),
        /** A list of floats in each row, which may be empty. */
        FLOATS(4);

        private final int physical;

        Type(int physical) {
            this.physical = physical;
        }
    }

    /** Returns Parquet's number of the type that values are stored in. */
    int physical() {
        return type.physical;
    }

    /** Returns the elements of the schema that describe the column. */
    List<Consumer<CompactStruct>> schema() {
        if (type == Type.FLOATS) {
            return List.of(
                    list -> list.i32(3, REQUIRED)
                            .text(4, name)
                            .i32(5, 1)
                            .i32(6, LIST)
                            .struct(10, logical -> logical.struct(LIST_TYPE, none -> {})),
                    list -> list.i32(3, REPEATED).text(4, "list").i32(5, 1),
                    element -> element.i32(1, physical()).i32(3, REQUIRED).text(4, "element"));
        }
        return List.of(leaf -> {
            leaf.i32(1, physical()).i32(3, REQUIRED).text(4, name);
            if (type == Type.TEXT) {
                leaf.i32(6, UTF8).struct(10, logical -> logical.struct(STRING_TYPE, none -> {}));
            }
        });
    }

    /** Returns the names from the schema's root to the values. */
    List<String> path() {
        return type == Type.FLOATS ? List.of(name, "list", "element") : List.of(name);
    }
}
