package dev.weft.metanets.nn;

import dev.weft.network.run.SineLoops;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Fourier features of edges: cos w v | sin w v for an edge's weight w and its direction's vector v [f]. Several
 * times faster than the engine's sine and cosine.
 *
 * <p>O(e f) time, shared by the cores, a network or a direction each.
 */
final class FourierKernel {

    /** Values that go through all loops together: four arrays in a core's first cache. */
    private static final int TILE = 2048;

    private final int frequencies;
    private final int tile;

    FourierKernel(int frequencies) {
        this.frequencies = frequencies;
        this.tile = Math.max(1, TILE / frequencies);
    }

    /**
     * Computes the features of a list of edges.
     *
     * @param weights of each weight block [b, t, s]
     * @param vectors v of edges along the weights, and, if there are any, of edges against them
     * @param features written, [e, 2 f]
     */
    void edges(EdgeList edges, List<float[]> weights, List<float[]> vectors, FloatBuffer features) {
        edges.forEachNetwork(network -> {
            Scratch scratch = new Scratch();
            for (EdgeList.Rows rows : edges.rows()) {
                float[] values = weights.get(rows.edges().weight().index());
                float[] vector = vectors.get(rows.edges().reversed() ? 1 : 0);
                int count = rows.targets() * rows.sources(); // a network's edges of a block are one piece
                scratch.run(values, network * count, count, vector, features, edges.position(network, rows, 0));
            }
        });
    }

    /**
     * Computes the features of some weights.
     *
     * @param weights w, [n]
     * @param vectors v of each direction
     * @param features written, [directions n, 2 f]
     */
    void weights(float[] weights, List<float[]> vectors, FloatBuffer features) {
        IntStream.range(0, vectors.size())
                .parallel()
                .forEach(direction -> new Scratch()
                        .run(weights, 0, weights.length, vectors.get(direction), features, direction * weights.length));
    }

    private final class Scratch {
        private final float[] angles = new float[tile * frequencies];
        private final float[] cosines = new float[tile * frequencies];
        private final float[] sines = new float[tile * frequencies];

        /** Computes the features of n values and writes them from a position on. */
        void run(float[] values, int first, int n, float[] vector, FloatBuffer features, int position) {
            for (int i = 0; i < n; i += tile) {
                int count = Math.min(tile, n - i);
                compute(values, first + i, vector, count);
                put(features, position + i, count);
            }
        }

        private void compute(float[] values, int first, float[] vector, int n) {
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

        private void put(FloatBuffer features, int first, int n) {
            for (int i = 0; i < n; i++) {
                int row = (first + i) * 2 * frequencies;
                features.put(row, cosines, i * frequencies, frequencies);
                features.put(row + frequencies, sines, i * frequencies, frequencies);
            }
        }
    }
}
