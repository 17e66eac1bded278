package dev.weft.checkpoints.format;

import java.io.IOException;

/**
 * How far the real tensors of one source are from those of another, in the Euclidean norm over all of them together. Values
 * that are the same count nothing, also where they are infinite, as in masks.
 *
 * @param distance norm of the difference
 * @param norm of the other source's finite values
 */
public record TensorDistance(double distance, double norm) {

    private static final int PIECE = PieceReader.PIECE / Double.BYTES;

    /**
     * Measures, in O(1) memory.
     *
     * @param other has the tensors of {@code source} in the same shapes
     */
    public static TensorDistance between(TensorSource source, TensorSource other) throws IOException {
        double distance = 0;
        double norm = 0;
        for (NamedTensor tensor : source.tensors().values()) {
            long count = tensor.dtype().isFloating() ? tensor.elements() : 0;
            for (long first = 0; first < count; first += PIECE) {
                double[] values = new double[(int) Math.min(PIECE, count - first)];
                double[] others = new double[values.length];
                Elements.reals(source, tensor.name(), first, values);
                Elements.reals(other, tensor.name(), first, others);
                for (int i = 0; i < values.length; i++) {
                    double difference = values[i] == others[i] ? 0 : values[i] - others[i];
                    distance += difference * difference;
                    norm += Double.isFinite(others[i]) ? others[i] * others[i] : 0;
                }
            }
        }
        return new TensorDistance(Math.sqrt(distance), Math.sqrt(norm));
    }

    /** Returns the distance in units of the other source's norm, 0 between two sources of zeros. */
    public double relative() {
        return distance == 0 ? 0 : distance / norm;
    }
}
