package dev.weft.metanets.nowcast.wiring;

import dev.weft.metanets.nowcast.wiring.EdgeBlock.Strided;
import dev.weft.metanets.nowcast.wiring.EdgeBlock.Values;

/**
 * The matrix of a linear map or a convolution: a tensor or a part of one.
 *
 * @param name of the tensor, for messages and people
 * @param values where the values lie
 * @param rows of the matrix as it is stored
 * @param columns of the matrix as it is stored
 * @param inputRows whether the rows are the inputs, as GPT-2 has it, and not the outputs
 */
record Matrix(String name, Values values, int rows, int columns, boolean inputRows) {

    /** Returns a tensor [out, in, ...] whose further axes are a kernel's. */
    static Matrix outputMajor(RowTensor tensor) {
        return rows(tensor, 0, tensor.shape().get(0));
    }

    /** Returns some of the rows of a tensor [out, in, ...]. */
    static Matrix rows(RowTensor tensor, int from, int count) {
        requireMatrix(tensor);
        int columns = tensor.shape().get(1);
        int features = tensor.shape().stream().skip(2).reduce(1, Math::multiplyExact);
        long stride = (long) columns * features;
        Values values = new Strided(tensor, from * stride, stride, features, features, 1);
        return new Matrix(tensor.name(), values, count, columns, false);
    }

    /** Returns a tensor [in, out]. */
    static Matrix inputMajor(RowTensor tensor) {
        return columns(tensor, 0, tensor.shape().get(tensor.shape().size() - 1));
    }

    /** Returns some of the columns of a tensor [in, out]; axes of size 1 before these are left out. */
    static Matrix columns(RowTensor tensor, int from, int count) {
        requireMatrix(tensor);
        int axes = tensor.shape().size();
        int columns = tensor.shape().get(axes - 1);
        int rows = tensor.shape().get(axes - 2);
        if ((long) rows * columns != tensor.size()) {
            throw new IllegalArgumentException("tensor " + tensor + ": expected a matrix");
        }
        return new Matrix(tensor.name(), new Strided(tensor, from, columns, 1, 1, 1), rows, count, true);
    }

    /**
     * Returns a table [in, out], axes of size 1 before these left out, with its values where the reference puts them: it
     * takes the table for [out, in] as it does with other matrices, and so mixes up which edge has which value.
     */
    static Matrix mixedTable(RowTensor tensor) {
        Matrix table = inputMajor(tensor);
        Values values = new EdgeBlock.Transposed(tensor, table.rows, table.columns);
        return new Matrix(table.name, values, table.rows, table.columns, true);
    }

    private static void requireMatrix(RowTensor tensor) {
        if (tensor.shape().size() < 2) {
            throw new IllegalArgumentException("tensor " + tensor + ": expected a matrix");
        }
    }

    int inputs() {
        return inputRows ? rows : columns;
    }

    int outputs() {
        return inputRows ? columns : rows;
    }
}
