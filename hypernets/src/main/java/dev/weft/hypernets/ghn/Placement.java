package dev.weft.hypernets.ghn;

import dev.weft.graph.ComputationNode;
import dev.weft.graph.Operation;
import dev.weft.network.ParameterTensor;
import java.util.List;

/**
 * How a tensor is made of decoded values: they are cut to its size, or repeated along output and then input channels until
 * it is full. So row r of the tensor is row {@code r % distinct} of the decoded values, and places within a row follow
 * {@code pattern}.
 *
 * @param tensor of the parameter row
 * @param first index in the parameter row of the first value
 * @param rows to be written
 * @param distinct rows that are decoded
 * @param start of the decoded values within the node's
 * @param stride between decoded rows
 * @param pattern for each place of a row that of its decoded value, counted from the row's first
 * @param scale that decoded values are multiplied by, where predictions are normalised
 */
record Placement(
        ParameterTensor tensor, long first, int rows, int distinct, int start, int stride, int[] pattern, float scale) {

    private static final int[] SINGLE = {0};
    private static final int POSITIONS = 11; // tables of so many rows are left as they are

    /** Places gain or shift of a norm, or a bias. */
    static Placement vector(GhnConfig config, ParameterTensor tensor, boolean gain) {
        int size = tensor.shape().get(0);
        int start = gain ? 0 : config.channels();
        return new Placement(tensor, tensor.offset(), size, Math.min(size, config.channels()), start, 1, SINGLE, 1);
    }

    static Placement classBias(ParameterTensor tensor) {
        int size = tensor.shape().get(0);
        return new Placement(tensor, tensor.offset(), size, size, 0, 1, SINGLE, 1);
    }

    static Placement classWeight(ParameterTensor tensor, DecodedShape decoded) {
        return weight(tensor, decoded, decoded.in(), 1, fanIn(tensor.shape()));
    }

    /** Places a weight among values [height * width, out, in]. */
    static Placement weight(ComputationNode node, DecodedShape decoded) {
        ParameterTensor tensor = node.tensors().get(0);
        List<Integer> shape = tensor.shape();
        boolean positions = node.operation() == Operation.POS_ENC;
        float scale = positions && shape.size() > 2 && shape.get(2) >= POSITIONS ? 1 : fanIn(shape);
        return positions && shape.size() == 3
                ? table(tensor, decoded, scale)
                : weight(tensor, decoded, decoded.in(), decoded.height() * decoded.width(), scale);
    }

    private static Placement weight(ParameterTensor tensor, DecodedShape decoded, int stride, int taps, float scale) {
        int out = tensor.shape().get(0);
        int in = tensor.shape().get(1);
        int distinct = Math.min(in, decoded.in());
        int[] pattern = new int[in * taps];
        for (int i = 0; i < in; i++) {
            for (int tap = 0; tap < taps; tap++) {
                pattern[i * taps + tap] = tap * decoded.out() * decoded.in() + i % distinct;
            }
        }
        return new Placement(tensor, tensor.offset(), out, Math.min(out, decoded.out()), 0, stride, pattern, scale);
    }

    /** A table [1, length, size] for positions of a square; a class token's row comes before them and is left. */
    private static Placement table(ParameterTensor tensor, DecodedShape decoded, float scale) {
        int positions = decoded.height() * decoded.width();
        int length = tensor.shape().get(1);
        int size = tensor.shape().get(2);
        if (length - positions > 1) {
            throw new IllegalArgumentException("'" + tensor.name() + "': " + length
                    + " positions are neither a square nor a class token and a square");
        }
        int[] pattern = new int[size];
        for (int i = 0; i < size; i++) {
            pattern[i] = i % Math.min(size, decoded.in());
        }
        long first = tensor.offset() + (long) (length - positions) * size;
        return new Placement(tensor, first, positions, positions, 0, decoded.out() * decoded.in(), pattern, scale);
    }

    /** sqrt(beta / fan-in), beta 2 in front of a ReLU and 1 where none follows (Knyazev et al. 2021, appendix B). */
    private static float fanIn(List<Integer> shape) {
        long fanIn = 1;
        for (int extent : shape.subList(1, shape.size())) {
            fanIn *= extent;
        }
        boolean flat = shape.size() == 4 && (shape.get(1) == 1 || shape.get(2) < shape.get(3));
        return (float) Math.sqrt((flat ? 1.0 : 2.0) / fanIn);
    }

    /** Returns the number of values that are written. */
    long size() {
        return (long) rows * pattern.length;
    }

    /** Whether some decoded values are used more than once. */
    boolean repeats() {
        return rows > distinct || pattern.length > 1 && tensor.shape().size() > 1 && repeatsInputs();
    }

    private boolean repeatsInputs() {
        int last = pattern[pattern.length - 1];
        for (int place = 0; place + 1 < pattern.length; place++) {
            if (pattern[place] == last) {
                return true;
            }
        }
        return false;
    }

    /** Writes the tensor into a parameter row. */
    void copy(float[] decoded, int node, float[] row, boolean normalized) {
        float factor = normalized ? scale : 1;
        int target = Math.toIntExact(first);
        for (int r = 0; r < rows; r++) {
            int source = node + start + r % distinct * stride;
            for (int place : pattern) {
                row[target++] = decoded[source + place] * factor;
            }
        }
    }

    /** Writes where the tensor's values come from, and their factors, into arrays as long as the parameter row. */
    void index(long node, long[] sources, float[] factors) {
        int target = Math.toIntExact(first);
        for (int r = 0; r < rows; r++) {
            long source = node + start + (long) (r % distinct) * stride;
            for (int place : pattern) {
                sources[target] = source + place;
                factors[target++] = scale;
            }
        }
    }
}
