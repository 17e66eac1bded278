package dev.weft.metanets.nowcast.train;

import dev.weft.metanets.nowcast.Nino;
import dev.weft.metanets.nowcast.StateScaling;
import dev.weft.metanets.nowcast.Trajectory;
import dev.weft.metanets.nowcast.wiring.RowLayout;
import dev.weft.metanets.nowcast.wiring.RowTensor;
import dev.weft.network.FormatException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Windows of trajectories of one architecture, as arrays: five states each and, as far as they are known, the states behind
 * them, all scaled by the five.
 *
 * <p>Shapes: b windows, e edges, n nodes, F values an edge, K horizons.
 *
 * @param values of the architecture's edges
 * @param windows b
 * @param horizons K
 * @param inputs raw features [b, e, 5 F]
 * @param encodings of the nodes, zeros as in forecasts [b, n, 8]
 * @param displacements from the fifth state, scaled [b, e, F K]
 * @param mask 1 where a displacement is known, else 0 [b, e, F K]
 * @param count of the mask's ones
 */
record WindowBatch(
        EdgeValues values,
        int windows,
        int horizons,
        float[] inputs,
        float[] encodings,
        float[] displacements,
        float[] mask,
        long count) {

    /**
     * Takes windows together.
     *
     * @param windows each five states and up to K that followed, oldest first [states][P]
     * @param horizons K
     */
    static WindowBatch of(EdgeValues values, List<float[][]> windows, int horizons) throws FormatException {
        List<float[][]> scaled = new ArrayList<>();
        for (float[][] states : windows) {
            scaled.add(scaled(values.graph().layout(), states));
        }
        return ofScaled(values, scaled, horizons);
    }

    static WindowBatch ofScaled(EdgeValues values, List<float[][]> windows, int horizons) {
        int cells = Math.multiplyExact(windows.size(), values.edges() * values.features());
        float[] inputs = new float[Math.multiplyExact(cells, Trajectory.STATES)];
        float[] displacements = new float[Math.multiplyExact(cells, horizons)];
        float[] mask = new float[displacements.length];
        long count = 0;
        for (int w = 0; w < windows.size(); w++) {
            int first = w * values.edges() * values.features();
            values.inputs(windows.get(w), inputs, first * Trajectory.STATES);
            count += values.displacements(windows.get(w), horizons, displacements, mask, first * horizons);
        }
        float[] encodings = new float[windows.size() * values.graph().nodes() * Nino.ENCODING];
        return new WindowBatch(values, windows.size(), horizons, inputs, encodings, displacements, mask, count);
    }

    /** Returns states as the forecasting network sees them: each tensor scaled by its first five states. */
    static float[][] scaled(RowLayout layout, float[][] states) throws FormatException {
        StateScaling scaling = StateScaling.of(Trajectory.of(layout, Arrays.copyOf(states, Trajectory.STATES)));
        float[][] scaled = new float[states.length][(int) layout.size()];
        for (RowTensor tensor : layout.tensors()) {
            for (int t = 0; t < states.length; t++) {
                for (int i = (int) tensor.offset(); i < tensor.end(); i++) {
                    scaled[t][i] = scaling.scaled(tensor, states[t][i]);
                }
            }
        }
        return scaled;
    }

    /** Returns the sum of all known displacements' absolute values: the error of saying that nothing will change. */
    double totalDisplacement() {
        double sum = 0;
        for (float displacement : displacements) {
            sum += Math.abs(displacement);
        }
        return sum;
    }
}
