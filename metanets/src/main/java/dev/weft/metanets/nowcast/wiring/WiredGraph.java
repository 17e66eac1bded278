package dev.weft.metanets.nowcast.wiring;

import java.util.Comparator;
import java.util.List;

/**
 * A network's parameters as a graph: numbered nodes and blocks of edges, each parameter on one edge that forecasts it. The
 * self-loops of all nodes are the last block.
 *
 * @param layout of the row that the values are in
 * @param nodes number of nodes
 * @param tokens how many nodes at the beginning are tokens
 * @param blocks edges in the order of the layout, self-loops behind
 */
public record WiredGraph(RowLayout layout, int nodes, int tokens, List<EdgeBlock> blocks) {

    /** @throws IllegalArgumentException if an end is outside [0, nodes), or not every parameter is forecast once */
    public WiredGraph {
        blocks = List.copyOf(blocks);
        long forecast = 0;
        for (EdgeBlock block : blocks) {
            if (block.firstSource() < 0 || block.endSource() > nodes) {
                throw outside(block, "sources", block.firstSource(), block.endSource(), nodes);
            }
            if (block.firstTarget() < 0 || block.endTarget() > nodes) {
                throw outside(block, "targets", block.firstTarget(), block.endTarget(), nodes);
            }
            forecast += block.forecast() ? block.edges() * block.features() : 0;
        }
        if (forecast != layout.size()) {
            throw new IllegalArgumentException(
                    "the graph's edges forecast " + forecast + " values, the network has " + layout.size());
        }
    }

    private static IllegalArgumentException outside(EdgeBlock block, String what, int first, int end, int nodes) {
        return new IllegalArgumentException(
                block.name() + ": " + what + " [" + first + ", " + end + ") are outside [0, " + nodes + ")");
    }

    /** Returns F, the most values that an edge carries: the area of the largest kernel. */
    public int features() {
        return Math.max(1, widest().features());
    }

    /** Returns the block with the largest kernel. */
    public EdgeBlock widest() {
        return blocks.stream()
                .max(Comparator.comparingInt(EdgeBlock::features))
                .orElseThrow(() -> new IllegalStateException("a graph without edges"));
    }

    /** Returns the number of edges. */
    public long edges() {
        return blocks.stream().mapToLong(EdgeBlock::edges).sum();
    }
}
