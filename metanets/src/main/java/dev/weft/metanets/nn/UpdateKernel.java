package dev.weft.metanets.nn;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * The edges' update e + A x_i + C x_j and, behind its SiLU, the gradient, in one sweep over the edges.
 *
 * <p>O(e d) time, shared by the cores a network each.
 */
final class UpdateKernel {

    private final EdgeList edges;
    private final int d;
    private final int n;

    UpdateKernel(EdgeList edges, int d) {
        this.edges = edges;
        this.d = d;
        this.n = edges.layout().nodes();
    }

    /**
     * Adds what the end nodes give.
     *
     * @param own e, [e, d]
     * @param receivers A x, [b, n, d]
     * @param senders C x, [b, n, d]
     * @param sum written, [e, d]
     */
    void forward(FloatBuffer own, float[] receivers, float[] senders, FloatBuffer sum) {
        edges.forEachNetwork(network -> {
            EdgeTile tile = new EdgeTile(edges, d);
            float[] edge = tile.array(edges);
            float[] end = tile.array(edges);
            float[] receiver = Arrays.copyOfRange(receivers, network * n * d, (network + 1) * n * d);
            float[] sender = Arrays.copyOfRange(senders, network * n * d, (network + 1) * n * d);
            for (EdgeList.Rows rows : edges.rows()) {
                for (int t = 0; t < rows.targets(); t++) {
                    int position = edges.position(network, rows, t) * d;
                    int values = rows.sources() * d;
                    own.get(position, edge, 0, values);
                    tile.spreadReceivers(end, receiver, rows, t);
                    FloatLoops.add(edge, end, values);
                    tile.spreadSenders(end, sender, rows, t);
                    FloatLoops.add(edge, end, values);
                    sum.put(position, edge, 0, values);
                }
            }
        });
    }

    /**
     * Takes the gradient back through SiLU and sum.
     *
     * @param g of the SiLU's value, [e, d]
     * @param sigmoid of the sum, [e, d]
     * @param value the SiLU's, [e, d]
     * @param sum written: the gradient of the sum, and so of e, [e, d]
     */
    EndGradient backward(FloatBuffer g, FloatBuffer sigmoid, FloatBuffer value, FloatBuffer sum) {
        int all = edges.batch() * n * d;
        EndGradient gradient = new EndGradient(new float[all], new float[all]);
        edges.forEachNetwork(network -> {
            EdgeTile tile = new EdgeTile(edges, d);
            float[] from = tile.array(edges);
            float[] sigmoids = tile.array(edges);
            float[] values = tile.array(edges);
            float[] to = tile.array(edges);
            float[] receiver = new float[n * d];
            float[] sender = new float[n * d];
            for (EdgeList.Rows rows : edges.rows()) {
                for (int t = 0; t < rows.targets(); t++) {
                    int position = edges.position(network, rows, t) * d;
                    int count = rows.sources() * d;
                    g.get(position, from, 0, count);
                    sigmoid.get(position, sigmoids, 0, count);
                    value.get(position, values, 0, count);
                    FloatLoops.siluGradient(to, from, sigmoids, values, count);
                    sum.put(position, to, 0, count);
                    tile.gatherReceivers(FloatLoops::add, receiver, to, rows, t);
                    tile.gatherSenders(FloatLoops::add, sender, to, rows, t);
                }
            }
            System.arraycopy(receiver, 0, gradient.receivers(), network * n * d, n * d);
            System.arraycopy(sender, 0, gradient.senders(), network * n * d, n * d);
        });
        return gradient;
    }
}
