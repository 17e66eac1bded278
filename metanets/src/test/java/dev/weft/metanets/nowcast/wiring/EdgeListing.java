package dev.weft.metanets.nowcast.wiring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A graph's edges one by one as texts, in an order that depends on nothing but the edges. */
final class EdgeListing {

    private EdgeListing() {}

    static List<String> of(WiredGraph graph) {
        List<String> edges = new ArrayList<>();
        int features = graph.features();
        for (EdgeBlock block : graph.blocks()) {
            for (int r = 0; r < block.rows(); r++) {
                for (int c = 0; c < block.columns(); c++) {
                    long[] values = new long[features];
                    Arrays.fill(values, -1);
                    for (int f = 0; f < block.features(); f++) {
                        EdgeBlock.Values place = block.place();
                        values[f] = place.tensor().offset() + place.position(r, c, f);
                    }
                    edges.add(text(
                            block.source(r, c), block.target(r, c), block.type().id(), values));
                }
            }
        }
        edges.sort(null);
        return edges;
    }

    /**
     * Lists what the reference made.
     *
     * @param ends [2, e], sources first
     * @param types [e]
     * @param values [e, F]
     */
    static List<String> of(long[] ends, long[] types, long[] values) {
        int count = types.length;
        int features = values.length / count;
        List<String> edges = new ArrayList<>();
        for (int e = 0; e < count; e++) {
            long[] own = Arrays.copyOfRange(values, e * features, (e + 1) * features);
            edges.add(text(ends[e], ends[count + e], types[e], own));
        }
        edges.sort(null);
        return edges;
    }

    private static String text(long source, long target, long type, long[] values) {
        return source + " -> " + target + " type " + type + " " + Arrays.toString(values);
    }
}
