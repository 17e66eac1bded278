package dev.weft.metanets.nowcast;

import dev.weft.metanets.nowcast.wiring.RowTensor;
import dev.weft.network.FormatException;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * Mean and standard deviation of each tensor over its elements and the states together: (x - mean) / (deviation +
 * {@value #EPSILON}) goes in, y deviation + mean comes out. The deviation is over the number of values less one.
 *
 * <p>The way back has no epsilon, as in the reference: a tensor that never changes and has one value comes back as it was.
 */
public final class StateScaling {

    private static final float EPSILON = 1e-6f;

    private static final int PIECE = 1 << 14;

    private final float[] mean;
    private final float[] deviation;

    private StateScaling(int tensors) {
        mean = new float[tensors];
        deviation = new float[tensors];
    }

    /**
     * Reads all states once, in O(1) memory.
     *
     * @throws FormatException if a value is not finite
     */
    public static StateScaling of(Trajectory states) throws FormatException {
        List<RowTensor> tensors = states.layout().tensors();
        StateScaling scaling = new StateScaling(tensors.size());
        for (RowTensor tensor : tensors) {
            Moments moments = new Moments();
            for (int state = 0; state < Trajectory.STATES; state++) {
                moments.add(states, state, tensor);
            }
            scaling.mean[tensor.index()] = (float) moments.mean();
            scaling.deviation[tensor.index()] = (float) moments.deviation();
        }
        return scaling;
    }

    /** Sums around the first value, which takes the mean's digits out of the squares. */
    private static final class Moments {
        private final float[] piece = new float[PIECE];
        private long count;
        private double centre;
        private double sum;
        private double squares;

        void add(Trajectory states, int state, RowTensor tensor) throws FormatException {
            FloatBuffer values = states.values(state, tensor).duplicate();
            if (count == 0 && values.hasRemaining()) {
                centre = values.get(0);
            }
            while (values.hasRemaining()) {
                int first = values.position();
                int n = Math.min(piece.length, values.remaining());
                values.get(piece, 0, n);
                for (int i = 0; i < n; i++) {
                    double difference = piece[i] - centre;
                    sum += difference;
                    squares += difference * difference;
                }
                count += n;
                requireFinite(states, state, tensor, first, n);
            }
        }

        /** A sum that is finite has finite terms. */
        private void requireFinite(Trajectory states, int state, RowTensor tensor, int first, int n)
                throws FormatException {
            if (Double.isFinite(squares)) {
                return;
            }
            for (int i = 0; i < n; i++) {
                if (!Float.isFinite(piece[i])) {
                    throw new FormatException.Corrupt(
                            states.origin(state),
                            "tensor '" + tensor.name() + "': expected finite values, found " + piece[i] + " at "
                                    + (first + i));
                }
            }
        }

        double mean() {
            return count == 0 ? 0 : centre + sum / count;
        }

        double deviation() {
            return count < 2 ? 0 : Math.sqrt(Math.max(0, squares - sum * sum / count) / (count - 1));
        }
    }

    public float mean(RowTensor tensor) {
        return mean[tensor.index()];
    }

    public float deviation(RowTensor tensor) {
        return deviation[tensor.index()];
    }

    /** Returns a value as the forecasting network sees it. */
    public float scaled(RowTensor tensor, float value) {
        return (value - mean[tensor.index()]) / (deviation[tensor.index()] + EPSILON);
    }

    /** Returns the value that the network would see as {@code scaled}. */
    float unscaled(RowTensor tensor, float scaled) {
        return scaled * deviation[tensor.index()] + mean[tensor.index()];
    }
}
