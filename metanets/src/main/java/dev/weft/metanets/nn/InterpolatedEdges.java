package dev.weft.metanets.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Edge states that are interpolated between those of a few hundred weights on a grid. The encoder is a function of one
 * number, the weight, but with 128 frequencies it costs 16 times as much as taking {@link InterpolationGrid#TAPS} values
 * together; and only the grid is in the engine's graph.
 *
 * <p>O(e d) time, shared by the cores: forward a network each, backward a direction each.
 */
final class InterpolatedEdges implements EncodedEdges {

    private static final int TAPS = InterpolationGrid.TAPS;

    private final EdgeList edges;
    private final int points;
    private final int d;
    private final NDArray onGrid;
    private final NDArray values;
    private final int[][] cells; // of each weight block [b t s]
    private final float[][] taps; // [b t s, 8]

    /**
     * @param weights of each weight block [b, t, s]
     * @param onGrid states of edges with the grid's weights, along the weights, and, if there are any, below them those of
     *     edges against them, [1 or 2 points, d]
     */
    InterpolatedEdges(EdgeList edges, List<float[]> weights, InterpolationGrid grid, NDArray onGrid) {
        this.edges = edges;
        this.points = grid.points();
        this.onGrid = onGrid;
        d = (int) onGrid.getShape().get(1);
        cells = weights.stream().map(block -> new int[block.length]).toArray(int[][]::new);
        taps = weights.stream().map(block -> new float[block.length * TAPS]).toArray(float[][]::new);
        IntStream.range(0, cells.length).parallel().forEach(block -> locate(grid, weights.get(block), block));
        values = onGrid.getManager().create(new Shape(edges.size(), d));
        float[] states = onGrid.toFloatArray();
        FloatBuffer written = values.toByteBuffer(true).asFloatBuffer();
        edges.forEachNetwork(network -> interpolate(network, states, written));
    }

    private void locate(InterpolationGrid grid, float[] weights, int block) {
        for (int i = 0; i < weights.length; i++) {
            cells[block][i] = grid.cell(weights[i]);
            grid.taps(weights[i], taps[block], i * TAPS);
        }
    }

    @Override
    public NDArray values() {
        return values;
    }

    private void interpolate(int network, float[] states, FloatBuffer written) {
        float[] row = new float[edges.longestRow() * d];
        for (EdgeList.Rows rows : edges.rows()) {
            int block = rows.edges().weight().index();
            int first = firstState(rows);
            for (int t = 0; t < rows.targets(); t++) {
                int weight = (network * rows.targets() + t) * rows.sources();
                for (int s = 0; s < rows.sources(); s++, weight++) {
                    blend(row, s * d, states, first + cells[block][weight] * d, taps[block], weight * TAPS);
                }
                written.put(edges.position(network, rows, t) * d, row, 0, rows.sources() * d);
            }
        }
    }

    private int firstState(EdgeList.Rows rows) {
        return rows.edges().reversed() ? points * d : 0;
    }

    private void blend(float[] y, int yAt, float[] x, int xAt, float[] taps, int at) {
        float t0 = taps[at];
        float t1 = taps[at + 1];
        float t2 = taps[at + 2];
        float t3 = taps[at + 3];
        float t4 = taps[at + 4];
        float t5 = taps[at + 5];
        float t6 = taps[at + 6];
        float t7 = taps[at + 7];
        for (int k = 0; k < d; k++) {
            int i = xAt + k;
            float left = t0 * x[i] + t1 * x[i + d] + t2 * x[i + 2 * d] + t3 * x[i + 3 * d];
            float right = t4 * x[i + 4 * d] + t5 * x[i + 5 * d] + t6 * x[i + 6 * d] + t7 * x[i + 7 * d];
            y[yAt + k] = left + right;
        }
    }

    @Override
    public NDArray pull(NDArray g) {
        FloatBuffer gradient = g.toByteBuffer(true).asFloatBuffer();
        float[] states = new float[Math.toIntExact(onGrid.size())];
        IntStream.of(0, 1).parallel().forEach(direction -> spread(direction == 1, gradient, states));
        return Tape.pull(onGrid, g.getManager().create(states, onGrid.getShape()));
    }

    /** Adds the gradient of one direction's edges to that of the grid's. */
    private void spread(boolean reversed, FloatBuffer gradient, float[] states) {
        float[] row = new float[edges.longestRow() * d];
        for (EdgeList.Rows rows : edges.rows()) {
            if (rows.edges().reversed() != reversed) {
                continue;
            }
            int block = rows.edges().weight().index();
            int first = firstState(rows);
            int count = edges.batch() * rows.targets();
            for (int r = 0; r < count; r++) {
                gradient.get((rows.first() + r * rows.sources()) * d, row, 0, rows.sources() * d);
                for (int s = 0; s < rows.sources(); s++) {
                    int weight = r * rows.sources() + s;
                    spread(row, s * d, states, first + cells[block][weight] * d, taps[block], weight * TAPS);
                }
            }
        }
    }

    private void spread(float[] g, int gAt, float[] x, int xAt, float[] taps, int at) {
        for (int j = 0; j < TAPS; j++) {
            float tap = taps[at + j];
            int to = xAt + j * d;
            for (int k = 0; k < d; k++) {
                x[to + k] += tap * g[gAt + k];
            }
        }
    }
}
