package dev.weft.metanets.nowcast.train;

import dev.weft.metanets.nowcast.Trajectory;
import dev.weft.metanets.nowcast.wiring.EdgeBlock;
import dev.weft.metanets.nowcast.wiring.WiredGraph;
import java.util.Arrays;

/**
 * Where each edge's values lie in a row: turns rows into the arrays that a forecasting network reads and is compared with.
 *
 * <p>Shapes: e edges in the order of the blocks, row by row, F values an edge, K horizons, P parameters.
 */
final class EdgeValues {

    private static final int NONE = -1;

    private final WiredGraph graph;
    private final int features;
    private final int[] places; // [e, F], in the row
    private final boolean[] isForecast; // [e]
    private final float[] constants; // [e]

    EdgeValues(WiredGraph graph) {
        this.graph = graph;
        features = graph.features();
        int edges = Math.toIntExact(graph.edges());
        places = new int[Math.multiplyExact(edges, features)];
        isForecast = new boolean[edges];
        constants = new float[edges];
        Arrays.fill(places, NONE);
        int edge = 0;
        for (EdgeBlock block : graph.blocks()) {
            for (int cell = 0; cell < block.edges(); cell++, edge++) {
                isForecast[edge] = block.forecast();
                constants[edge] = block.type().constant();
                for (int f = 0; f < block.features(); f++) {
                    places[edge * features + f] = place(block, cell, f);
                }
            }
        }
    }

    private static int place(EdgeBlock block, int cell, int feature) {
        EdgeBlock.Values values = block.place();
        long position = values.position(cell / block.columns(), cell % block.columns(), feature);
        return Math.toIntExact(values.tensor().offset() + position);
    }

    WiredGraph graph() {
        return graph;
    }

    /** Returns e. */
    int edges() {
        return isForecast.length;
    }

    /** Returns F. */
    int features() {
        return features;
    }

    /**
     * Writes raw features [e, 5 F], value f of state t at 5 f + t; an edge without a parameter has its constant at f = 0.
     *
     * @param states five at least, scaled, each [P]
     * @param raw where to, from {@code begin} on
     */
    void inputs(float[][] states, float[] raw, int begin) {
        for (int i = 0; i < places.length; i++) {
            for (int t = 0; t < Trajectory.STATES && places[i] != NONE; t++) {
                raw[begin + i * Trajectory.STATES + t] = states[t][places[i]];
            }
        }
        for (int edge = 0; edge < constants.length; edge++) {
            if (constants[edge] != 0) {
                int first = begin + edge * features * Trajectory.STATES;
                Arrays.fill(raw, first, first + Trajectory.STATES, constants[edge]);
            }
        }
    }

    /**
     * Writes how far the states behind the fifth are from it, and 1 for each such value in the mask, [e, F, K] both; leaves the
     * rest 0.
     *
     * @param states the five and what followed, 5 + K at most, scaled, each [P]
     * @param horizons K
     * @return how many values the mask counts
     */
    long displacements(float[][] states, int horizons, float[] displacements, float[] mask, int begin) {
        long count = 0;
        float[] last = states[Trajectory.STATES - 1];
        for (int i = 0; i < places.length; i++) {
            if (!isForecast[i / features] || places[i] == NONE) {
                continue;
            }
            for (int k = 0; k < states.length - Trajectory.STATES; k++) {
                int at = begin + i * horizons + k;
                displacements[at] = states[Trajectory.STATES + k][places[i]] - last[places[i]];
                mask[at] = 1;
                count++;
            }
        }
        return count;
    }
}
