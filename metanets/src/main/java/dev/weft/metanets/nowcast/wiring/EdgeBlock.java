package dev.weft.metanets.nowcast.wiring;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Edges that form a matrix or a diagonal: never an object an edge. The cell (r, c) of a block carries one or several values
 * of a tensor, {@link Values#position}.
 *
 * <p>In a matrix the rows are sources and the columns targets, or the other way round; in a diagonal, which has one column,
 * row r goes from source {@code firstSource + r} to target {@code firstTarget + r}.
 *
 * @param name of the tensor or part, for people and tests
 * @param type what the edges stand for
 * @param values where the values lie, none for edges without a parameter
 * @param rows number of rows
 * @param columns number of columns, 1 in a diagonal
 * @param form which axis counts what
 * @param firstSource node of the first source
 * @param firstTarget node of the first target
 * @param forecast whether these edges' outputs are the parameters' forecasts; not so for second edges of a parameter
 */
public record EdgeBlock(
        String name,
        EdgeType type,
        @Nullable Values values,
        int rows,
        int columns,
        Form form,
        int firstSource,
        int firstTarget,
        boolean forecast) {

    /** Which axis counts what. */
    public enum Form {
        /** Rows are sources, columns are targets. */
        SOURCE_ROWS,
        /** Rows are targets, columns are sources. */
        TARGET_ROWS,
        /** Rows are both. */
        DIAGONAL
    }

    /** Where the values of a block's cells lie. */
    public sealed interface Values {

        /** Returns the tensor that they are values of. */
        RowTensor tensor();

        /** Returns the number of values of a cell. */
        int features();

        /** Returns the index in the tensor of a value. */
        long position(int row, int column, int feature);
    }

    /**
     * Evenly spaced values.
     *
     * @param first index in the tensor of the first value
     * @param rowStride from a row to the next
     * @param columnStride from a column to the next
     * @param featureStride from a value of a cell to the next
     */
    public record Strided(
            RowTensor tensor, long first, long rowStride, long columnStride, int features, long featureStride)
            implements Values {
        @Override
        public long position(int row, int column, int feature) {
            return first + row * rowStride + column * columnStride + feature * featureStride;
        }
    }

    /**
     * A table [rows, columns] that was transposed without exchanging its sizes: cell number k, counted row by row, has the
     * value that stands at place k of the table when it is read column by column.
     */
    public record Transposed(RowTensor tensor, int rows, int columns) implements Values {
        @Override
        public int features() {
            return 1;
        }

        @Override
        public long position(int row, int column, int feature) {
            long cell = (long) row * columns + column;
            return cell % rows * columns + cell / rows;
        }
    }

    public EdgeBlock {
        if (rows < 1 || columns < 1 || (form == Form.DIAGONAL && columns != 1)) {
            throw new IllegalArgumentException(name + ": " + rows + " x " + columns + " is no block of form " + form);
        }
        if (type.isParameter() != (values != null)) {
            throw new IllegalArgumentException(name + ": edges of type " + type + " with values " + values);
        }
    }

    /** Returns the number of edges. */
    public long edges() {
        return (long) rows * columns;
    }

    /** Returns the place of the values of a block that has some. */
    public Values place() {
        return Objects.requireNonNull(values);
    }

    /** Returns the number of values of an edge, 0 for edges without a parameter. */
    public int features() {
        return values == null ? 0 : values.features();
    }

    /** Returns the node that an edge comes from. */
    public int source(int row, int column) {
        return firstSource + (form == Form.TARGET_ROWS ? column : row);
    }

    /** Returns the node that an edge goes to. */
    public int target(int row, int column) {
        return firstTarget + (form == Form.SOURCE_ROWS ? column : row);
    }

    /** Returns the node behind the last source. */
    public int endSource() {
        return source(rows - 1, columns - 1) + 1;
    }

    /** Returns the node behind the last target. */
    public int endTarget() {
        return target(rows - 1, columns - 1) + 1;
    }
}
