package dev.weft.network.family;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The two cells that a {@link CellNetwork} repeats (Liu et al. 2019, "DARTS"; Knyazev et al. 2021).
 *
 * @param normal keeps the map's extents
 * @param reduction halves them
 */
public record Genotype(Cell normal, Cell reduction) {

    /** States 0 and 1 are the outputs of the two cells before. */
    static final int INPUTS = 2;

    /**
     * An operation on a state.
     *
     * @param state 0 or 1 for the cell's inputs, 2 + i for step i
     */
    public record Edge(CellOperation operation, int state) {

        boolean live() {
            return operation != CellOperation.NONE;
        }
    }

    /**
     * One cell: step i adds what edges 2i and 2i + 1 give.
     *
     * @param edges two a step, from two different earlier states
     * @param concat the states that are put side by side as output
     */
    public record Cell(List<Edge> edges, List<Integer> concat) {

        public Cell {
            edges = List.copyOf(edges);
            concat = List.copyOf(concat);
            if (edges.isEmpty() || edges.size() % 2 != 0 || concat.isEmpty()) {
                throw new IllegalArgumentException("a cell needs two edges a step and an output, got " + edges.size()
                        + " edges and outputs " + concat);
            }
            for (int i = 0; i < edges.size(); i++) {
                requireEarlier(i, edges.get(i).state());
            }
            for (int step = 0; step < edges.size() / 2; step++) {
                if (!edges.get(2 * step).live() && !edges.get(2 * step + 1).live()) {
                    throw new IllegalArgumentException("step " + step + " of a cell has no input");
                }
            }
            for (int state : concat) {
                if (state < INPUTS || state >= INPUTS + edges.size() / 2) {
                    throw new IllegalArgumentException("a cell has no step of state " + state);
                }
            }
        }

        private static void requireEarlier(int edge, int state) {
            if (state < 0 || state >= INPUTS + edge / 2) {
                throw new IllegalArgumentException("edge " + edge + " of a cell: expected a state in [0, "
                        + (INPUTS + edge / 2) + "), got " + state);
            }
        }

        public int steps() {
            return edges.size() / 2;
        }

        /** Returns the live edges into a state. */
        List<Integer> into(int state) {
            List<Integer> live = new ArrayList<>();
            for (int e = 2 * (state - INPUTS); e < 2 * (state - INPUTS) + 2; e++) {
                if (edges.get(e).live()) {
                    live.add(e);
                }
            }
            return live;
        }

        /** Returns for each state, the inputs first, whether the output depends on it. */
        boolean[] used() {
            boolean[] used = new boolean[INPUTS + steps()];
            concat.forEach(state -> used[state] = true);
            for (int state = used.length - 1; state >= INPUTS; state--) {
                if (used[state]) {
                    into(state).forEach(edge -> used[edges.get(edge).state()] = true);
                }
            }
            return used;
        }
    }

    /** Returns the operations of both cells. */
    public Stream<CellOperation> operations() {
        return Stream.concat(normal.edges.stream(), reduction.edges.stream()).map(Edge::operation);
    }

    /** Whether some edge is a transformer block. */
    public boolean attends() {
        return operations().anyMatch(operation -> operation == CellOperation.MSA);
    }
}
