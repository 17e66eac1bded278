package dev.weft.metanets.nn;

/**
 * Scratch for one row of edges at a time, small enough for the first-level cache, and the ways between edges and their
 * end nodes: values are spread from nodes to edges, and gathered from edges to nodes.
 *
 * <p>Node arrays [n, d], edge arrays [s, d].
 */
final class EdgeTile {

    private final int d;
    private final float[] work;
    private final float[] spare;

    /**
     * @param d width of a state
     */
    EdgeTile(EdgeList edges, int d) {
        this.d = d;
        work = array(edges);
        spare = array(edges);
    }

    /** Returns a new array for a row of edges. */
    float[] array(EdgeList edges) {
        return new float[edges.longestRow() * d];
    }

    /** Gives each edge of a row the values of its receiver. */
    void spreadReceivers(float[] edges, float[] nodes, EdgeList.Rows rows, int target) {
        spread(edges, nodes, rows, target, rows.sharesReceiver());
    }

    /** Gives each edge of a row the values of its sender. */
    void spreadSenders(float[] edges, float[] nodes, EdgeList.Rows rows, int target) {
        spread(edges, nodes, rows, target, !rows.sharesReceiver());
    }

    private void spread(float[] edges, float[] nodes, EdgeList.Rows rows, int target, boolean fromTarget) {
        int n = rows.sources() * d;
        if (fromTarget) {
            FloatLoops.repeat(edges, nodes, (rows.targetNode() + target) * d, d, n);
        } else {
            System.arraycopy(nodes, rows.sourceNode() * d, edges, 0, n);
        }
    }

    /** Combines the values of a row's edges into their receivers'. */
    void gatherReceivers(
            FloatLoops.Combination combination, float[] nodes, float[] edges, EdgeList.Rows rows, int target) {
        gather(combination, nodes, edges, rows, target, rows.sharesReceiver());
    }

    /** Combines the values of a row's edges into their senders'. */
    void gatherSenders(
            FloatLoops.Combination combination, float[] nodes, float[] edges, EdgeList.Rows rows, int target) {
        gather(combination, nodes, edges, rows, target, !rows.sharesReceiver());
    }

    private void gather(
            FloatLoops.Combination combination,
            float[] nodes,
            float[] edges,
            EdgeList.Rows rows,
            int target,
            boolean toTarget) {
        int n = rows.sources() * d;
        if (toTarget) {
            System.arraycopy(edges, 0, work, 0, n);
            FloatLoops.fold(combination, work, spare, rows.sources(), d);
            combine(combination, nodes, (rows.targetNode() + target) * d, work, d);
        } else {
            combine(combination, nodes, rows.sourceNode() * d, edges, n);
        }
    }

    private void combine(FloatLoops.Combination combination, float[] nodes, int offset, float[] values, int n) {
        System.arraycopy(nodes, offset, spare, 0, n);
        combination.into(spare, values, n);
        System.arraycopy(spare, 0, nodes, offset, n);
    }
}
