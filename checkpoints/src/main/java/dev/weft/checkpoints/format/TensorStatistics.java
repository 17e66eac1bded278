package dev.weft.checkpoints.format;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What a tensor's values are like. Mean, deviation, least and greatest are those of the finite values, and NaN if there
 * are none.
 *
 * @param mean arithmetic mean
 * @param deviation standard deviation, over the number of values
 * @param least smallest value
 * @param greatest largest value
 * @param zeros how many are zero
 * @param nans how many are not a number
 * @param infinities how many are infinite
 */
public record TensorStatistics(
        double mean, double deviation, double least, double greatest, long zeros, long nans, long infinities) {

    /** Whether there is anything to be said about values of a type: those that are real numbers or whole ones. */
    public static boolean applyTo(Dtype dtype) {
        return dtype.isFloating() || dtype.isInteger();
    }

    /**
     * Reads a tensor once, in O(1) memory.
     *
     * @throws IllegalArgumentException if its type is not one of {@link #applyTo}
     */
    public static TensorStatistics of(TensorSource source, NamedTensor tensor) throws IOException {
        if (!applyTo(tensor.dtype())) {
            throw new IllegalArgumentException(
                    "tensor '" + tensor.name() + "': expected real or whole numbers, found " + tensor.dtype());
        }
        Accumulator accumulator = new Accumulator();
        PieceReader.forEach(source, tensor, (piece, first) -> accumulator.add(piece, tensor.dtype()));
        return accumulator.result();
    }

    /** Moments of pieces, joined as by Chan, Golub and LeVeque (1983), which loses no digits to a large mean. */
    private static final class Accumulator {
        private long count;
        private double mean;
        private double squares; // sum of squared differences from the mean
        private double least = Double.POSITIVE_INFINITY;
        private double greatest = Double.NEGATIVE_INFINITY;
        private long zeros;
        private long nans;
        private long infinities;

        void add(ByteBuffer piece, Dtype dtype) {
            int n = piece.remaining() / dtype.bytes();
            double sum = 0;
            int finite = 0;
            for (int i = 0; i < n; i++) {
                double value = value(piece, dtype, i);
                if (Double.isFinite(value)) {
                    finite++;
                    sum += value;
                    zeros += value == 0 ? 1 : 0;
                    least = Math.min(least, value);
                    greatest = Math.max(greatest, value);
                } else if (Double.isNaN(value)) {
                    nans++;
                } else {
                    infinities++;
                }
            }
            if (finite > 0) {
                join(finite, sum / finite, squares(piece, dtype, n, sum / finite));
            }
        }

        private static double value(ByteBuffer piece, Dtype dtype, int index) {
            return dtype.isFloating() ? Elements.real(piece, dtype, index) : Elements.integer(piece, dtype, index);
        }

        private static double squares(ByteBuffer piece, Dtype dtype, int n, double mean) {
            double squares = 0;
            for (int i = 0; i < n; i++) {
                double difference = value(piece, dtype, i) - mean;
                squares += Double.isFinite(difference) ? difference * difference : 0;
            }
            return squares;
        }

        private void join(long n, double otherMean, double otherSquares) {
            double difference = otherMean - mean;
            long total = count + n;
            mean += difference * n / total;
            squares += otherSquares + difference * difference * count * n / total;
            count = total;
        }

        TensorStatistics result() {
            return count == 0
                    ? new TensorStatistics(Double.NaN, Double.NaN, Double.NaN, Double.NaN, zeros, nans, infinities)
                    : new TensorStatistics(mean, Math.sqrt(squares / count), least, greatest, zeros, nans, infinities);
        }
    }
}
