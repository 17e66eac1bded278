package dev.weft.hypernets.ghn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.weft.graph.ComputationGraph;
import dev.weft.graph.ComputationNode;
import dev.weft.graph.Operation;
import dev.weft.network.ParameterTensor;
import dev.weft.network.Seed;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What is done to predicted weights before they are trained further, so that channels that are copies of each other do not
 * stay copies (Knyazev 2022, "Pretraining a neural network before knowing its architecture"; Knyazev et al. 2023, section 4).
 * The weights are those of convolutions and linear layers, copied or not, but for the last, which puts out the classes.
 *
 * <p>A weight is seen as a matrix [out, the rest], or its transpose if that is taller. Noise is Gaussian with {@code noise}
 * times the deviation of the correlations between the matrix's rows: it is far below the weights, and is all that training
 * needs. Orthogonalising puts the factor Q of the noisy matrix' QR decomposition in its place, with R's diagonal positive: its
 * columns are orthogonal and have norm 1, whatever their norm was before.
 *
 * @param noise factor of the deviation
 * @param from number of the first weight that is changed, counted from 1 along the network
 */
public record TieBreaking(Mode mode, double noise, int from) {

    /** Of the factor, as published for fine-tuning from GHN-3. */
    public static final double NOISE_DEFAULT = 1e-5;

    /** Of the factor in front of orthogonalisation, as published. */
    public static final double ORTHOGONAL_NOISE_DEFAULT = 3e-5;

    /** Leaves weights as they are predicted. */
    public static final TieBreaking NONE = new TieBreaking(Mode.NONE, 0, 1);

    /** What is done. */
    public enum Mode {
        NONE,
        NOISE,
        ORTHOGONAL
    }

    public TieBreaking {
        if (!(noise >= 0) || Double.isInfinite(noise) || from < 1) {
            throw new IllegalArgumentException(
                    "breaking ties: expected noise of at least 0 from weight 1 or later on, got " + noise + " from "
                            + from);
        }
    }

    /** Returns a mode with its published noise. */
    public static TieBreaking of(Mode mode, int from) {
        return new TieBreaking(mode, mode == Mode.ORTHOGONAL ? ORTHOGONAL_NOISE_DEFAULT : NOISE_DEFAULT, from);
    }

    /**
     * Changes the weights of a row. Orthogonalising a weight with r rows and c columns, r of them the more, takes O(r c c).
     *
     * @param manager owner of what is computed on the way
     * @param row [P]
     */
    public void apply(NDManager manager, ComputationGraph graph, float[] row, Seed seed) {
        if (mode == Mode.NONE) {
            return;
        }
        List<ParameterTensor> weights = graph.nodes().stream()
                .filter(TieBreaking::isMap)
                .map(node -> node.tensors().get(0))
                .toList();
        for (int i = from - 1; i < weights.size() - 1; i++) {
            ParameterTensor weight = weights.get(i);
            change(manager, Matrix.of(weight), row, seed.split(weight.name()).random());
        }
    }

    private static boolean isMap(ComputationNode node) {
        return node.operation() == Operation.CONV
                || node.operation() == Operation.SEP_CONV
                || node.operation() == Operation.DIL_CONV;
    }

    private void change(NDManager manager, Matrix matrix, float[] row, RandomGenerator random) {
        double deviation = noise == 0 ? 0 : noise * matrix.correlationDeviation(manager, row);
        for (int i = matrix.begin; i < matrix.begin + matrix.out * matrix.rest; i++) {
            row[i] += (float) (deviation * random.nextGaussian());
        }
        if (mode == Mode.ORTHOGONAL) {
            matrix.setColumns(row, OrthonormalColumns.of(matrix.columns(row)));
        }
    }

    /** Where a weight lies, and how it is seen as a tall matrix. */
    private record Matrix(int begin, int out, int rest) {

        static Matrix of(ParameterTensor tensor) {
            int out = tensor.shape().get(0);
            return new Matrix(Math.toIntExact(tensor.offset()), out, Math.toIntExact(tensor.size() / out));
        }

        /** Returns the columns of the tall form: each is a row of the weight if that is wide. */
        double[][] columns(float[] row) {
            boolean wide = out < rest;
            double[][] columns = new double[wide ? out : rest][wide ? rest : out];
            for (int o = 0; o < out; o++) {
                for (int r = 0; r < rest; r++) {
                    columns[wide ? o : r][wide ? r : o] = row[begin + o * rest + r];
                }
            }
            return columns;
        }

        void setColumns(float[] row, double[][] columns) {
            boolean wide = out < rest;
            for (int o = 0; o < out; o++) {
                for (int r = 0; r < rest; r++) {
                    row[begin + o * rest + r] = (float) columns[wide ? o : r][wide ? r : o];
                }
            }
        }

        /**
         * Returns the deviation of the correlations of all pairs of rows of the tall form, 1 if rows have but one value. With
         * Z for the rows brought to mean 0 and norm 1, the correlations Z Z' have the sum |1' Z|^2 and the sum of squares |Z'
         * Z|^2, so that the larger product is never formed. A row that is the same throughout is correlated with none.
         */
        double correlationDeviation(NDManager manager, float[] row) {
            double[][] columns = columns(row);
            int count = columns[0].length;
            if (columns.length < 2 || count < 2) {
                return 1;
            }
            standardize(columns);
            double sum = 0;
            float[] flat = new float[columns.length * count];
            for (int c = 0; c < columns.length; c++) {
                double total = 0;
                for (int r = 0; r < count; r++) {
                    total += columns[c][r];
                    flat[c * count + r] = (float) columns[c][r];
                }
                sum += total * total;
            }
            double pairs = (double) count * count;
            double mean = sum / pairs;
            return Math.sqrt(
                    Math.max(0, squares(manager, flat, columns.length, count) - pairs * mean * mean) / (pairs - 1));
        }

        private static double squares(NDManager manager, float[] flat, int columns, int count) {
            try (NDManager sub = manager.newSubManager()) {
                NDArray z = sub.create(flat, new Shape(columns, count));
                NDArray product = z.matMul(z.transpose());
                return product.square().sum().toType(DataType.FLOAT64, false).getDouble();
            }
        }

        /** Brings rows of the tall form to mean 0 and norm 1; column by column, as they lie in memory. */
        private static void standardize(double[][] columns) {
            int count = columns[0].length;
            double[] means = new double[count];
            double[] squares = new double[count];
            for (double[] column : columns) {
                for (int r = 0; r < count; r++) {
                    means[r] += column[r] / columns.length;
                }
            }
            for (double[] column : columns) {
                for (int r = 0; r < count; r++) {
                    column[r] -= means[r];
                    squares[r] += column[r] * column[r];
                }
            }
            for (double[] column : columns) {
                for (int r = 0; r < count; r++) {
                    column[r] *= squares[r] > 0 ? 1 / Math.sqrt(squares[r]) : 0;
                }
            }
        }
    }
}
