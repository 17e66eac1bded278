package dev.weft.metanets.nowcast;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.weft.metanets.nowcast.wiring.EdgeBlock;
import dev.weft.metanets.nowcast.wiring.EdgeType;
import dev.weft.metanets.nowcast.wiring.RowTensor;
import dev.weft.metanets.nowcast.wiring.WiredGraph;
import java.util.Arrays;

/**
 * A graph's edges one by one, with their raw features: what {@link PlainNino} reads.
 *
 * @param nodes number of nodes n
 * @param sources node that each edge comes from [e]
 * @param targets node that each edge goes to [e]
 * @param types number of each edge's {@link EdgeType} [e]
 * @param features raw features [e, 5 F], value f of state t at 5 f + t
 */
public record PlainEdges(int nodes, long[] sources, long[] targets, long[] types, float[][] features) {

    /** Lists a graph's edges block by block, self-loops last. */
    public static PlainEdges of(WiredGraph graph, Trajectory states, StateScaling scaling) {
        int count = Math.toIntExact(graph.edges());
        PlainEdges edges =
                new PlainEdges(graph.nodes(), new long[count], new long[count], new long[count], new float[count][]);
        int width = graph.features() * Trajectory.STATES;
        int next = 0;
        for (EdgeBlock block : graph.blocks()) {
            for (int r = 0; r < block.rows(); r++) {
                for (int c = 0; c < block.columns(); c++) {
                    edges.sources[next] = block.source(r, c);
                    edges.targets[next] = block.target(r, c);
                    edges.types[next] = block.type().id();
                    edges.features[next++] = raw(block, r, c, width, states, scaling);
                }
            }
        }
        return edges;
    }

    private static float[] raw(EdgeBlock block, int r, int c, int width, Trajectory states, StateScaling scaling) {
        float[] raw = new float[width];
        Arrays.fill(raw, 0, Trajectory.STATES, block.type().constant());
        for (int f = 0; f < block.features(); f++) {
            RowTensor tensor = block.place().tensor();
            int position = (int) block.place().position(r, c, f);
            for (int t = 0; t < Trajectory.STATES; t++) {
                float value = states.values(t, tensor).get(position);
                raw[f * Trajectory.STATES + t] = scaling.scaled(tensor, value);
            }
        }
        return raw;
    }

    int count() {
        return types.length;
    }

    /** Returns some of the edges. */
    PlainEdges part(int from, int to) {
        return new PlainEdges(
                nodes,
                Arrays.copyOfRange(sources, from, to),
                Arrays.copyOfRange(targets, from, to),
                Arrays.copyOfRange(types, from, to),
                Arrays.copyOfRange(features, from, to));
    }

    /** Returns how many edges end in each node. */
    float[] degrees() {
        float[] degrees = new float[nodes];
        for (long target : targets) {
            degrees[(int) target]++;
        }
        return degrees;
    }

    /** Returns the matrix [n, e] that takes the mean over each node's edges. */
    NDArray meanMatrix(NDManager manager) {
        float[] degrees = degrees();
        float[] matrix = new float[Math.multiplyExact(nodes, count())];
        for (int edge = 0; edge < count(); edge++) {
            int target = (int) targets[edge];
            matrix[target * count() + edge] = 1 / degrees[target];
        }
        return manager.create(matrix, new Shape(nodes, count()));
    }
}
