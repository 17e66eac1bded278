package dev.weft.metanets.nowcast.wiring;

import dev.weft.metanets.nowcast.wiring.EdgeBlock.Form;
import dev.weft.metanets.nowcast.wiring.EdgeBlock.Strided;
import dev.weft.metanets.nowcast.wiring.EdgeBlock.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Numbers nodes in the order of its calls, and collects blocks of edges. */
final class WiringBuilder {

    private static final String WEIGHT = ".weight";

    private final RowLayout layout;
    private final List<EdgeBlock> blocks = new ArrayList<>();
    private final long[] wired;
    private int nodes;
    private int tokens;

    /**
     * A one-dimensional piece of a tensor: a bias, a gain.
     *
     * @param first index of the first value in the tensor
     */
    record Piece(RowTensor tensor, long first, int size) {

        static Piece of(RowTensor tensor) {
            return new Piece(tensor, 0, Math.toIntExact(tensor.size()));
        }
    }

    WiringBuilder(RowLayout layout) {
        this.layout = layout;
        this.wired = new long[layout.tensors().size()];
    }

    RowLayout layout() {
        return layout;
    }

    /** Returns a tensor that must be there. */
    RowTensor tensor(String name) {
        return layout.find(name)
                .orElseThrow(() -> new IllegalArgumentException("expected a tensor '" + name + "', found none"));
    }

    /** Returns those of some tensors that are there, whole. */
    List<Piece> pieces(String... names) {
        return Arrays.stream(names)
                .flatMap(name -> layout.find(name).stream())
                .map(Piece::of)
                .toList();
    }

    /** Numbers some nodes. */
    Nodes nodes(int count) {
        Nodes range = new Nodes(nodes, count);
        nodes = Math.addExact(nodes, count);
        return range;
    }

    /** Says that the first nodes are tokens. */
    void tokens(int count) {
        tokens = count;
    }

    /** Numbers a node for each bias and gain, then the neurons, and joins the ones to the others. */
    Nodes neurons(int size, List<Piece> pieces) {
        Nodes singles = nodes(pieces.size());
        Nodes neurons = nodes(size);
        for (int i = 0; i < pieces.size(); i++) {
            Piece piece = pieces.get(i);
            if (piece.size != size) {
                throw new IllegalArgumentException(
                        "tensor " + piece.tensor + ": expected " + size + " values, one a neuron, found " + piece.size);
            }
            star(piece, singles.part(i, 1), neurons);
        }
        return neurons;
    }

    /** Joins a node to each of some nodes by a value. */
    void star(Piece piece, Nodes node, Nodes targets) {
        Values values = new Strided(piece.tensor, piece.first, 1, 1, 1, 1);
        EdgeType type = typeOf(piece.tensor);
        add(piece.tensor.name(), type, values, piece.size, 1, Form.TARGET_ROWS, node, targets);
    }

    /** Joins nodes one to one by a value. */
    void diagonal(Piece piece, Nodes sources, Nodes targets) {
        Values values = new Strided(piece.tensor, piece.first, 1, 1, 1, 1);
        EdgeType type = typeOf(piece.tensor);
        add(piece.tensor.name(), type, values, piece.size, 1, Form.DIAGONAL, sources, targets);
    }

    private static EdgeType typeOf(RowTensor tensor) {
        return tensor.name().endsWith(WEIGHT) ? EdgeType.GAIN : EdgeType.BIAS;
    }

    /** Joins all inputs to all outputs. */
    void join(Matrix matrix, EdgeType type, Nodes inputs, Nodes outputs) {
        requireSizes(matrix, inputs, outputs);
        Form form = matrix.inputRows() ? Form.SOURCE_ROWS : Form.TARGET_ROWS;
        add(matrix.name(), type, matrix.values(), matrix.rows(), matrix.columns(), form, inputs, outputs);
    }

    /** Joins all outputs to all inputs, as NiNo does with keys. */
    void joinBackwards(Matrix matrix, EdgeType type, Nodes inputs, Nodes outputs) {
        requireSizes(matrix, inputs, outputs);
        Form form = matrix.inputRows() ? Form.TARGET_ROWS : Form.SOURCE_ROWS;
        add(matrix.name(), type, matrix.values(), matrix.rows(), matrix.columns(), form, outputs, inputs);
    }

    private static void requireSizes(Matrix matrix, Nodes inputs, Nodes outputs) {
        if (matrix.inputs() != inputs.size() || matrix.outputs() != outputs.size()) {
            throw new IllegalArgumentException("tensor " + matrix.values().tensor() + ": expected " + inputs.size()
                    + " inputs and " + outputs.size() + " outputs, found " + matrix.inputs() + " and "
                    + matrix.outputs());
        }
    }

    /** Joins nodes one to one without a parameter. */
    void residual(Nodes sources, Nodes targets) {
        add("residual", EdgeType.RESIDUAL, null, sources.size(), 1, Form.DIAGONAL, sources, targets);
    }

    /** Joins each head to its coordinates, as far as there are coordinates. */
    void heads(Nodes heads, Nodes coordinates, int headSize) {
        for (int head = 0; head * headSize < coordinates.size(); head++) {
            Nodes own = coordinates.part(head * headSize, headSize);
            add("head " + head, EdgeType.HEAD, null, headSize, 1, Form.TARGET_ROWS, heads.part(head, 1), own);
        }
    }

    private void add(
            String name,
            EdgeType type,
            @Nullable Values values,
            int rows,
            int columns,
            Form form,
            Nodes sources,
            Nodes targets) {
        EdgeBlock block = new EdgeBlock(
                name, type, values, rows, columns, form, sources.first(), targets.first(), values != null);
        add(block);
    }

    /** Adds a block that is laid out already. */
    void add(EdgeBlock block) {
        blocks.add(block);
        if (block.forecast()) {
            wired[block.place().tensor().index()] += block.edges() * block.features();
        }
    }

    /** Adds self-loops and checks that every parameter has its edge. */
    WiredGraph build() {
        for (RowTensor tensor : layout.tensors()) {
            if (wired[tensor.index()] != tensor.size()) {
                throw new IllegalArgumentException("tensor " + tensor + " has no place in this wiring");
            }
        }
        Nodes all = new Nodes(0, nodes);
        add("self-loops", EdgeType.SELF_LOOP, null, nodes, 1, Form.DIAGONAL, all, all);
        return new WiredGraph(layout, nodes, tokens, blocks);
    }
}
