package dev.weft.metanets.nn;

import dev.weft.graph.WeightBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Where the edges of a batch of networks lie when they are one list: by weight block and direction, network, target and
 * source. What a network has of a block is one piece, as in the flat row, and a list of fewer blocks is a list's beginning.
 */
final class EdgeList {

    private final GraphLayout layout;
    private final int batch;
    private final List<Rows> rows;

    /**
     * The edges of one weight block in one direction: a row of edges from all sources for each target.
     *
     * @param edges block and direction
     * @param first position of the first edge of the first network
     * @param targets number of rows
     * @param sources edges in a row
     * @param targetNode number of the first target on the node axis
     * @param sourceNode number of the first source on the node axis
     */
    record Rows(GraphLayout.Edges edges, int first, int targets, int sources, int targetNode, int sourceNode) {

        /** Returns whether a row's edges share their receiver; if not, they share their sender. */
        boolean sharesReceiver() {
            return !edges.reversed();
        }

        /** Returns the number of neurons that receive a row's edges. */
        int receivers() {
            return sharesReceiver() ? 1 : sources;
        }

        /** Returns the first of them, on the node axis. */
        int firstReceiver(int target) {
            return sharesReceiver() ? targetNode + target : sourceNode;
        }

        /** Returns the first of those that send them. */
        int firstSender(int target) {
            return sharesReceiver() ? sourceNode : targetNode + target;
        }
    }

    /**
     * @param batch number of networks
     * @param order the blocks and directions that are in the list
     */
    EdgeList(GraphLayout layout, int batch, List<GraphLayout.Edges> order) {
        this.layout = layout;
        this.batch = batch;
        rows = new ArrayList<>();
        int first = 0;
        for (GraphLayout.Edges edges : order) {
            WeightBlock weight = edges.weight();
            int targets = weight.target().size();
            int sources = weight.source().size();
            rows.add(new Rows(
                    edges, first, targets, sources, layout.offset(weight.target()), layout.offset(weight.source())));
            first = Math.addExact(first, Math.toIntExact((long) batch * targets * sources));
        }
    }

    private EdgeList(EdgeList all, int blocks) {
        layout = all.layout;
        batch = all.batch;
        rows = all.rows.subList(0, blocks);
    }

    /** Returns the list's beginning. */
    EdgeList first(int blocks) {
        return new EdgeList(this, blocks);
    }

    GraphLayout layout() {
        return layout;
    }

    int batch() {
        return batch;
    }

    List<Rows> rows() {
        return rows;
    }

    /** Returns the number of edges of the batch. */
    int size() {
        if (rows.isEmpty()) {
            return 0;
        }
        Rows last = rows.get(rows.size() - 1);
        return last.first + batch * last.targets * last.sources;
    }

    int longestRow() {
        return rows.stream().mapToInt(Rows::sources).max().orElse(0);
    }

    /** Returns the position in the list of the first edge of a row. */
    int position(int network, Rows block, int target) {
        return block.first + (network * block.targets + target) * block.sources;
    }

    /** Runs something for every network, on all cores. */
    void forEachNetwork(IntConsumer work) {
        IntStream.range(0, batch).parallel().forEach(work);
    }
}
