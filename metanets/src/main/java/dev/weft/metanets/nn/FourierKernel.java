package dev.weft.metanets.nn;

import dev.weft.network.run.SineLoops;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * Fourier features of a list of edges: cos w v | sin w v for an edge's weight w and its direction's vector v [f]. Several
 * times faster than the engine's sine and cosine.
 *
 * <p>O(e f) time, shared by the cores a network each.
 */
final class FourierKernel {

    /** Values that go through all loops together: four arrays in a core's first cache. */
    private static final int TILE = 2048;

    private final EdgeList edges;
    private final int frequencies;
    private final int tile;

    FourierKernel(EdgeList edges, int frequencies) {
        this.edges = edges;
        this.frequencies = frequencies;
        this.tile = Math.max(1, TILE / frequencies);
    }

    /**
     * Computes the features.
     *
     * @param weights of each weight block [b, t, s]
     * @param forward v of edges along the weights
     * @param mirrored v of edges against them
     * @param features written, [e, 2 f]
     */
    void run(List<float[]> weights, float[] forward, float[] mirrored, FloatBuffer features) {
        edges.forEachNetwork(network -> {
            Scratch scratch = new Scratch();
            for (EdgeList.Rows rows : edges.rows()) {
                float[] values = weights.get(rows.edges().weight().index());
                float[] vector = rows.sharesReceiver() ? forward : mirrored;
                int count = rows.targets() * rows.sources(); // a network's edges of a block are one piece
                int position = edges.position(network, rows, 0);
                for (int i = 0; i < count; i += tile) {
                    int n = Math.min(tile, count - i);
                    scratch.compute(values, network * count + i, vector, n);
                    scratch.put(features, position + i, n);
                }
            }
        });
    }

    private final class Scratch {
        private final float[] angles = new float[tile * frequencies];
        private final float[] cosines = new float[tile * frequencies];
        private final float[] sines = new float[tile * frequencies];

        void compute(float[] values, int first, float[] vector, int n) {
            for (int i = 0; i < n; i++) {
                float value = values[first + i];
                int row = i * frequencies;
                for (int k = 0; k < frequencies; k++) {
                    angles[row + k] = value * vector[k];
                }
            }
            SineLoops.cosine(cosines, angles, n * frequencies);
            SineLoops.sine(sines, angles, n * frequencies);
        }

        void put(FloatBuffer features, int first, int n) {
            for (int i = 0; i < n; i++) {
                int row = (first + i) * 2 * frequencies;
                features.put(row, cosines, i * frequencies, frequencies);
                features.put(row + frequencies, sines, i * frequencies, frequencies);
            }
        }
    }
}
