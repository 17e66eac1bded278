package dev.weft.metanets.nn;

import dev.weft.graph.WeightBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Where the edges of a batch of networks lie when they are one list: by direction, network, weight block, target and
 * source, so that arrays over edges are [directions * b * e, d] and a weight block's part of the flat row is one piece.
 */
final class EdgeList {

    private final GraphLayout layout;
    private final int batch;
    private final int perDirection;
    private final List<Rows> rows = new ArrayList<>();

    /**
     * The edges of one weight block in one direction: a row of edges from all sources for each target.
     *
     * @param direction 0 along the weights, 1 against them
     * @param first position of the first edge among a network's edges of this direction
     * @param targets number of rows
     * @param sources edges in a row
     * @param targetNode number of the first target on the node axis
     * @param sourceNode number of the first source on the node axis
     */
    record Rows(int direction, int first, int targets, int sources, int targetNode, int sourceNode) {

        /** Returns whether a row's edges share their receiver; if not, they share their sender. */
        boolean sharesReceiver() {
            return direction == 0;
        }

        /** Returns the number of neurons that receive a row's edges. */
        int receivers() {
            return sharesReceiver() ? 1 : sources;
        }

        /** Returns the first of them, on the node axis. */
        int firstReceiver(int target) {
            return sharesReceiver() ? targetNode + target : sourceNode;
        }
    }

    EdgeList(GraphLayout layout, int batch) {
        this.layout = layout;
        this.batch = batch;
        int first = 0;
        int direction = 0;
        for (GraphLayout.Edges edges : layout.edges()) {
            if (direction == 0 && edges.reversed()) {
                direction = 1;
                first = 0;
            }
            WeightBlock weight = edges.weight();
            int targets = weight.target().size();
            int sources = weight.source().size();
            rows.add(new Rows(
                    direction,
                    first,
                    targets,
                    sources,
                    layout.offset(weight.target()),
                    layout.offset(weight.source())));
            first += targets * sources;
        }
        perDirection = first;
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
        return Math.toIntExact(size(layout, batch));
    }

    /** Returns the number of edges of a batch. */
    static long size(GraphLayout layout, long batch) {
        return batch
                * layout.edges().stream()
                        .mapToLong(edges ->
                                (long) edges.sender().size() * edges.receiver().size())
                        .sum();
    }

    int longestRow() {
        return rows.stream().mapToInt(Rows::sources).max().orElse(0);
    }

    /** Returns the position in the list of the first edge of a row. */
    int position(int network, Rows block, int target) {
        return (block.direction * batch + network) * perDirection + block.first + target * block.sources;
    }

    /** Runs something for every network, on all cores. */
    void forEachNetwork(IntConsumer work) {
        IntStream.range(0, batch).parallel().forEach(work);
    }
}
