package dev.weft.metanets.nowcast.wiring;

import dev.weft.metanets.nowcast.wiring.WiringBuilder.Piece;
import java.util.List;
import java.util.OptionalInt;

/**
 * Llama and Qwen as Hugging Face names them. As in the reference, both norms of a layer hang on the stream behind it, the
 * up projection reads copies of the stream that nothing feeds, and the output projection reads as many nodes as there
 * are query coordinates, counted back from the last value: with fewer value heads than query heads some are queries.
 * Qwen 3's norms of queries and keys join coordinates of the first head to those of the second.
 */
final class LlamaWiring {

    private static final String ATTENTION = "self_attn.";

    private final WiringBuilder builder;
    private final List<String> layers;
    private final OptionalInt heads;

    LlamaWiring(WiringBuilder builder, List<String> layers, OptionalInt heads) {
        this.builder = builder;
        this.layers = layers;
        this.heads = heads;
    }

    void wire() {
        RowLayout layout = builder.layout();
        String embedding = LayerPrefixes.complete(layout, "embed_tokens.weight");
        Nodes tokens = builder.nodes(
                layout.find(embedding).map(tensor -> tensor.shape().get(0)).orElse(0));
        builder.tokens(tokens.size());
        Nodes first =
                builder.neurons(matrix(layers.get(0) + ATTENTION + "q_proj").inputs(), keyBias(0));
        layout.find(embedding)
                .ifPresent(tensor -> builder.join(Matrix.mixedTable(tensor), EdgeType.TOKEN, tokens, first));
        Nodes stream = first;
        for (int i = 0; i < layers.size(); i++) {
            stream = wireLayer(i, stream);
        }
        String head = LayerPrefixes.complete(layout, "lm_head.weight");
        if (layout.find(head).isPresent()) {
            Matrix matrix = Matrix.outputMajor(builder.tensor(head));
            builder.join(matrix, EdgeType.MATRIX, stream, builder.nodes(matrix.outputs()));
        }
    }

    private Matrix matrix(String name) {
        return Matrix.outputMajor(builder.tensor(name + ".weight"));
    }

    private List<Piece> keyBias(int layer) {
        return layer == layers.size() ? List.of() : builder.pieces(layers.get(layer) + ATTENTION + "k_proj.bias");
    }

    private Nodes wireLayer(int layer, Nodes stream) {
        String prefix = layers.get(layer);
        Nodes middle = wireAttention(prefix + ATTENTION, stream);
        Nodes copy = builder.nodes(stream.size());
        Matrix gate = matrix(prefix + "mlp.gate_proj");
        Nodes hidden = builder.nodes(gate.outputs());
        List<Piece> norms = AttentionBlock.concat(
                builder.pieces(prefix + "input_layernorm.weight", prefix + "post_attention_layernorm.weight"),
                layer + 1 < layers.size()
                        ? keyBias(layer + 1)
                        : builder.pieces(LayerPrefixes.complete(builder.layout(), "norm.weight")));
        Nodes behind = builder.neurons(stream.size(), norms);
        builder.join(gate, EdgeType.MATRIX, middle, hidden);
        builder.residual(middle, behind);
        builder.join(matrix(prefix + "mlp.up_proj"), EdgeType.MATRIX, copy, hidden);
        builder.residual(copy, behind);
        builder.join(matrix(prefix + "mlp.down_proj"), EdgeType.MATRIX, hidden, behind);
        return behind;
    }

    /** Wires an attention layer and returns the stream behind it. */
    private Nodes wireAttention(String prefix, Nodes stream) {
        Matrix query = matrix(prefix + "q_proj");
        Matrix key = matrix(prefix + "k_proj");
        Matrix value = matrix(prefix + "v_proj");
        int headSize = headSize(prefix, query, value);
        Nodes headNodes = builder.nodes(query.outputs() / headSize);
        List<Piece> queryBias = builder.pieces(prefix + "q_proj.bias");
        List<Piece> valueBias = builder.pieces(prefix + "v_proj.bias");
        Nodes biases = builder.nodes(queryBias.size() + valueBias.size());
        Nodes queries = builder.nodes(query.outputs());
        Nodes values = builder.nodes(value.outputs());
        queryBias.forEach(bias -> builder.star(bias, biases.part(0, 1), queries));
        valueBias.forEach(bias -> builder.star(bias, biases.part(queryBias.size(), 1), values));
        Nodes middle = builder.nodes(stream.size());
        builder.join(query, EdgeType.QUERY, stream, queries);
        builder.heads(headNodes, queries, headSize);
        builder.joinBackwards(key, EdgeType.KEY, stream, queries.part(0, key.outputs()));
        builder.join(value, EdgeType.VALUE, stream, values);
        builder.heads(headNodes, values, headSize);
        builder.residual(stream, middle);
        Matrix output = matrix(prefix + "o_proj");
        Nodes read = new Nodes(middle.first() - output.inputs(), output.inputs());
        builder.join(output, EdgeType.MATRIX, read, middle);
        norm(prefix + "q_norm.weight", queries);
        norm(prefix + "k_norm.weight", stream);
        return middle;
    }

    private void norm(String name, Nodes nodes) {
        for (Piece piece : builder.pieces(name)) {
            if (2 * piece.size() > nodes.size()) {
                throw new IllegalArgumentException("tensor " + piece.tensor() + ": expected two heads or more");
            }
            builder.diagonal(piece, nodes.part(0, piece.size()), nodes.part(piece.size(), piece.size()));
        }
    }

    /** Returns the coordinates of a head; where nothing says so, all values are one head's. */
    private int headSize(String prefix, Matrix query, Matrix value) {
        int size = builder.pieces(prefix + "q_norm.weight").stream()
                .mapToInt(Piece::size)
                .findFirst()
                .orElse(
                        heads.isPresent()
                                ? AttentionBlock.headSize(query.outputs(), heads.getAsInt(), query.name())
                                : value.outputs());
        if (query.outputs() % size != 0 || value.outputs() % size != 0) {
            throw new IllegalArgumentException("tensor '" + query.name() + "': heads of " + size
                    + " coordinates do not fit " + query.outputs() + " queries and " + value.outputs() + " values");
        }
        return size;
    }
}
