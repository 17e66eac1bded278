package dev.weft.metanets.nowcast;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.weft.metanets.nowcast.wiring.EdgeBlock;
import dev.weft.metanets.nowcast.wiring.EdgeBlock.Form;
import dev.weft.metanets.nowcast.wiring.EdgeType;
import dev.weft.metanets.nowcast.wiring.WiredGraph;
import dev.weft.network.run.Joined;
import java.util.List;

/**
 * What happens between edges and their ends, for all edges of a graph in one array: block by block, in the order of the graph,
 * rows by rows. A block is a matrix, so what nodes give to edges is spread along an axis, and what they get from them is
 * summed along one; the blocks' sums become the nodes' means in one small matrix product. Differentiable.
 *
 * <p>Shapes: b copies of the graph, n nodes, e edges, d width, s sums of a block and a target.
 */
public final class BlockEdges {

    private final List<EdgeBlock> blocks;
    private final long[] cuts; // between the blocks' edges
    private final NDArray types; // [e, types], 1 at an edge's type
    private final NDArray means; // [n, s]

    /** @param manager owner of two small arrays */
    public BlockEdges(NDManager manager, WiredGraph graph) {
        blocks = graph.blocks();
        cuts = new long[blocks.size() - 1];
        float[] kinds = new float[Math.toIntExact(graph.edges()) * EdgeType.COUNT];
        int edge = 0;
        for (int i = 0; i < blocks.size(); i++) {
            for (int cell = 0; cell < blocks.get(i).edges(); cell++) {
                kinds[edge++ * EdgeType.COUNT + blocks.get(i).type().id()] = 1;
            }
            if (i < cuts.length) {
                cuts[i] = edge;
            }
        }
        types = manager.create(kinds, new Shape(edge, EdgeType.COUNT));
        means = means(manager, graph);
    }

    /** Returns the matrix that turns the blocks' sums into means over all edges of a node. */
    private static NDArray means(NDManager manager, WiredGraph graph) {
        int sums = graph.blocks().stream().mapToInt(BlockEdges::targets).sum();
        float[] degrees = new float[graph.nodes()];
        for (EdgeBlock block : graph.blocks()) {
            for (int i = 0; i < targets(block); i++) {
                degrees[block.firstTarget() + i] += (float) block.edges() / targets(block);
            }
        }
        float[] matrix = new float[Math.multiplyExact(graph.nodes(), sums)];
        int sum = 0;
        for (EdgeBlock block : graph.blocks()) {
            for (int i = 0; i < targets(block); i++, sum++) {
                int target = block.firstTarget() + i;
                matrix[target * sums + sum] = 1 / degrees[target];
            }
        }
        return manager.create(matrix, new Shape(graph.nodes(), sums));
    }

    private static int targets(EdgeBlock block) {
        return block.form() == Form.SOURCE_ROWS ? block.columns() : block.rows();
    }

    /** Returns a matrix with 1 at each edge's type, [e, types]. */
    NDArray types() {
        return types;
    }

    /** Returns the mean over the edges that end in a node, [b, n, d] of [b, e, d]. */
    NDArray mean(NDArray edges) {
        NDList parts = edges.split(cuts, 1); // its gradient is one copy, a slice's would be one a block
        NDList sums = new NDList();
        for (int i = 0; i < blocks.size(); i++) {
            sums.add(sum(blocks.get(i), cells(blocks.get(i), parts.get(i))));
        }
        return means.matMul(Joined.of(sums, 1));
    }

    /** Returns the mean over the edges that end in a node of edge times source, [b, n, d] of [b, e, d] and [b, n, d]. */
    NDArray meanWithSources(NDArray edges, NDArray nodes) {
        NDList parts = edges.split(cuts, 1);
        NDList sums = new NDList();
        for (int i = 0; i < blocks.size(); i++) {
            EdgeBlock block = blocks.get(i);
            sums.add(sum(block, cells(block, parts.get(i)).mul(sources(block, nodes))));
        }
        return means.matMul(Joined.of(sums, 1));
    }

    /** Returns what the ends of an edge have together, [b, e, d] of [b, n, d] each. */
    NDArray ends(NDArray ofSources, NDArray ofTargets) {
        NDList sums = new NDList();
        for (EdgeBlock block : blocks) {
            NDArray both = sources(block, ofSources).add(targets(block, ofTargets));
            sums.add(both.reshape(-1, block.edges(), ofSources.getShape().get(2)));
        }
        return Joined.of(sums, 1);
    }

    /** Returns a block's edges as a matrix, [b, rows, columns, d]. */
    private static NDArray cells(EdgeBlock block, NDArray edges) {
        return edges.reshape(-1, block.rows(), block.columns(), edges.getShape().get(2));
    }

    /** Returns sums over the sources of each target, [b, targets, d] of [b, rows, columns, d]. */
    private static NDArray sum(EdgeBlock block, NDArray cells) {
        int axis = block.form() == Form.SOURCE_ROWS ? 1 : 2;
        return cells.getShape().get(axis) == 1 ? cells.squeeze(axis) : cells.sum(new int[] {axis});
    }

    /** Returns the nodes that edges come from, along their axis: [b, rows, 1, d] or [b, 1, columns, d]. */
    private static NDArray sources(EdgeBlock block, NDArray nodes) {
        NDArray own = nodes.get(":, " + block.firstSource() + ":" + block.endSource());
        return own.expandDims(block.form() == Form.TARGET_ROWS ? 1 : 2);
    }

    /** Returns the nodes that edges go to, along their axis: [b, rows, 1, d] or [b, 1, columns, d]. */
    private static NDArray targets(EdgeBlock block, NDArray nodes) {
        NDArray own = nodes.get(":, " + block.firstTarget() + ":" + block.endTarget());
        return own.expandDims(block.form() == Form.SOURCE_ROWS ? 1 : 2);
    }
}
