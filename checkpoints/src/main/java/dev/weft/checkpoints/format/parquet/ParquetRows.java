package dev.weft.checkpoints.format.parquet;

import java.io.IOException;

/** The rows of a table, by their numbers; each method is called for columns of its type only. */
public interface ParquetRows {

    /** Returns the number of rows. */
    int size();

    /** Returns the value of a text column. */
    String text(int column, int row) throws IOException;

    /** Returns the value of a column of whole numbers. */
    long integer(int column, int row) throws IOException;

    /** Returns the value of a column of numbers. */
    double real(int column, int row) throws IOException;

    /** Returns the value of a column of lists. */
    float[] floats(int column, int row) throws IOException;

    /** Returns the length of {@link #floats}. */
    int length(int column, int row) throws IOException;
}
