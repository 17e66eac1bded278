package dev.weft.metanets.nowcast.wiring;

import dev.weft.metanets.nowcast.wiring.WiringBuilder.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * The layers of GPT-2, BERT and ViT in NiNo's graph: queries, keys and values of full width, a perceptron with one hidden
 * layer, and fresh nodes for the residual stream behind each. Keys have no nodes of their own: their weights run
 * backwards, from the queries' nodes to the stream.
 */
final class AttentionBlock {

    private final WiringBuilder builder;
    private final OptionalInt heads;

    /**
     * One of the three projections.
     *
     * @param bias one piece, or none
     */
    record Projection(Matrix matrix, List<Piece> bias) {}

    /**
     * The tensors of a layer.
     *
     * @param output weight of the attention's output
     * @param behindAttention biases and gains on the stream behind the attention
     * @param up weight of the hidden layer
     * @param upBias its bias, or none
     * @param down weight behind the hidden layer
     * @param behindLayer biases and gains on the stream behind the layer, those of the next layer's beginning included
     */
    record Tensors(
            Projection query,
            Projection key,
            Projection value,
            Matrix output,
            List<Piece> behindAttention,
            Matrix up,
            List<Piece> upBias,
            Matrix down,
            List<Piece> behindLayer) {}

    AttentionBlock(WiringBuilder builder, OptionalInt heads) {
        this.builder = builder;
        this.heads = heads;
    }

    /** Wires a layer that reads the stream, and returns the stream behind it. */
    Nodes wire(Tensors tensors, Nodes stream) {
        Matrix query = tensors.query.matrix;
        int headSize = headSize(query.outputs(), heads.orElse(1), query.name());
        Nodes headNodes = builder.nodes(query.outputs() / headSize);
        Nodes biases = builder.nodes(tensors.query.bias.size() + tensors.value.bias.size());
        Nodes queries = builder.nodes(query.outputs());
        Nodes values = builder.nodes(tensors.value.matrix.outputs());
        builder.join(query, EdgeType.QUERY, stream, queries);
        builder.heads(headNodes, queries, headSize);
        builder.joinBackwards(tensors.key.matrix, EdgeType.KEY, stream, queries);
        builder.join(tensors.value.matrix, EdgeType.VALUE, stream, values);
        builder.heads(headNodes, values, headSize);
        for (Piece bias : tensors.query.bias) {
            builder.star(bias, biases.part(0, 1), queries);
        }
        for (Piece bias : tensors.value.bias) {
            builder.star(bias, biases.part(tensors.query.bias.size(), 1), values);
        }
        Nodes middle = builder.neurons(stream.size(), tensors.behindAttention);
        builder.residual(stream, middle);
        builder.join(tensors.output, EdgeType.MATRIX, values, middle);
        Nodes hidden = builder.neurons(tensors.up.outputs(), tensors.upBias);
        builder.join(tensors.up, EdgeType.MATRIX, middle, hidden);
        Nodes behind = builder.neurons(stream.size(), tensors.behindLayer);
        builder.residual(middle, behind);
        builder.join(tensors.down, EdgeType.MATRIX, hidden, behind);
        return behind;
    }

    /** Returns the coordinates of a head. */
    static int headSize(int width, int heads, String name) {
        if (heads < 1 || width % heads != 0) {
            throw new IllegalArgumentException(
                    "tensor '" + name + "': " + width + " coordinates cannot be shared by " + heads + " heads");
        }
        return width / heads;
    }

    /**
     * Cuts a fused projection into its three.
     *
     * @param matrix returns one of the three, by number
     * @param bias of all three side by side, or none
     */
    static List<Projection> fused(Function<Integer, Matrix> matrix, List<Piece> bias) {
        List<Projection> projections = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Matrix own = matrix.apply(i);
            long first = (long) i * own.outputs();
            List<Piece> ownBias = bias.stream()
                    .map(piece -> new Piece(piece.tensor(), first, own.outputs()))
                    .toList();
            projections.add(new Projection(own, ownBias));
        }
        return projections;
    }

    /** Returns the width of each of three projections that share an axis. */
    static int third(RowTensor tensor, int axis) {
        int size = tensor.shape().get(axis);
        if (size % 3 != 0) {
            throw new IllegalArgumentException(
                    "tensor " + tensor + ": expected queries, keys and values of one width, found " + size);
        }
        return size / 3;
    }

    static <T> List<T> concat(List<? extends T> a, List<? extends T> b) {
        List<T> all = new ArrayList<>(a);
        all.addAll(b);
        return all;
    }
}
