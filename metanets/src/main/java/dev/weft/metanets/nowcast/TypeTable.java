package dev.weft.metanets.nowcast;

import dev.weft.metanets.nowcast.wiring.EdgeType;
import java.io.IOException;

/** The embedding of edge types. */
final class TypeTable {

    private static final String NAME = "layer_embed.weight";

    private TypeTable() {}

    /** Returns a vector for each type, [types][width]. */
    static double[][] read(ReleasedWeights weights, int width) throws IOException {
        float[] flat = weights.floats(NAME, EdgeType.COUNT, width);
        double[][] rows = new double[EdgeType.COUNT][width];
        for (int i = 0; i < flat.length; i++) {
            rows[i / width][i % width] = flat[i];
        }
        return rows;
    }
}
