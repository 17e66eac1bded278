package dev.weft.metanets.nowcast.wiring;

import dev.weft.metanets.nowcast.wiring.AttentionBlock.Projection;
import dev.weft.metanets.nowcast.wiring.WiringBuilder.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Modded NanoGPT, as the reference wires it: from the first attention on, most blocks read nodes that lie one before the
 * meant ones. Kept for parity, not for use.
 */
final class NanoGptWiring {

    /** Nodes between an attention layer's values and the stream behind it, which mostly nothing reads. */
    private static final int GAP = 2;

    private final WiringBuilder builder;
    private final List<String> layers;
    private final OptionalInt heads;

    NanoGptWiring(WiringBuilder builder, List<String> layers, OptionalInt heads) {
        this.builder = builder;
        this.layers = layers;
        this.heads = heads;
    }

    void wire() {
        RowLayout layout = builder.layout();
        List<Piece> skips = builder.pieces("skip_weights");
        Nodes skipNode = builder.nodes(skips.size());
        List<Matrix> embeddings = new ArrayList<>();
        List<Nodes> tables = new ArrayList<>();
        for (RowTensor tensor : layout.tensors()) {
            if (tensor.name().equals("embed.weight") || tensor.name().startsWith("value_embeds.")) {
                Matrix matrix = Matrix.mixedTable(tensor);
                embeddings.add(matrix);
                tables.add(builder.nodes(matrix.rows()));
            }
        }
        Nodes lambda = builder.nodes(1);
        int width = builder.tensor("embed.weight").shape().get(1);
        Nodes stream = builder.nodes(width);
        builder.tokens(tables.get(0).size());
        skips.forEach(skip -> gains(skip, skipNode, stream.part(0, skip.size())));
        for (int i = 0; i < embeddings.size(); i++) {
            builder.join(embeddings.get(i), EdgeType.TOKEN, tables.get(i), stream);
        }
        Nodes behind = stream;
        for (int i = 0; i < layers.size(); i++) {
            behind = wireLayer(layers.get(i), i == 0 ? lambda : before(behind, 1), behind);
        }
        RowTensor head = builder.tensor("lm_head.weight");
        Matrix matrix = Matrix.outputMajor(head);
        builder.join(matrix, EdgeType.MATRIX, before(behind, width), builder.nodes(matrix.outputs()));
    }

    /** Returns as many nodes as asked for, which begin one before a range. */
    private static Nodes before(Nodes range, int count) {
        return new Nodes(range.first() - 1, count);
    }

    private Nodes wireLayer(String prefix, Nodes lambda, Nodes stream) {
        lastOf(prefix + "lambdas", lambda, stream);
        Nodes values = wireAttention(prefix, stream);
        builder.nodes(GAP);
        Nodes middle = builder.nodes(stream.size());
        builder.residual(stream, middle);
        lastOf(prefix + "attn.lambdas", values.part(0, 1), values);
        builder.join(matrix(prefix + "attn.c_proj"), EdgeType.MATRIX, values.part(1, values.size()), middle);
        Matrix up = matrix(prefix + "mlp.c_fc");
        Nodes hidden = builder.nodes(up.outputs());
        Nodes behind = builder.nodes(stream.size());
        Nodes read = before(middle, middle.size());
        builder.join(up, EdgeType.MATRIX, read, hidden);
        builder.residual(read, behind);
        builder.join(matrix(prefix + "mlp.c_proj"), EdgeType.MATRIX, before(hidden, hidden.size()), behind);
        return behind;
    }

    private Matrix matrix(String name) {
        return Matrix.outputMajor(builder.tensor(name + ".weight"));
    }

    /** Wires queries, keys and values and returns the values' nodes. */
    private Nodes wireAttention(String prefix, Nodes stream) {
        RowTensor fused = builder.tensor(prefix + "attn.qkv_w");
        int width = fused.shape().get(1);
        List<Projection> projections = AttentionBlock.fused(
                i -> new Matrix(
                        fused.name(),
                        new EdgeBlock.Strided(fused, (long) i * width * stream.size(), stream.size(), 1, 1, 1),
                        width,
                        stream.size(),
                        false),
                List.of());
        int headSize = AttentionBlock.headSize(width, heads.orElse(1), fused.name());
        Nodes headNodes = builder.nodes(width / headSize);
        Nodes queries = builder.nodes(width);
        Nodes values = builder.nodes(width);
        builder.join(projections.get(0).matrix(), EdgeType.QUERY, stream, queries);
        builder.heads(headNodes, queries, headSize);
        builder.joinBackwards(projections.get(1).matrix(), EdgeType.KEY, stream, queries);
        builder.join(projections.get(2).matrix(), EdgeType.VALUE, stream, values);
        builder.heads(headNodes, values, headSize);
        return values;
    }

    /** Joins a node to the last of some nodes by gains. */
    private void lastOf(String name, Nodes node, Nodes nodes) {
        for (Piece piece : builder.pieces(name)) {
            gains(piece, node, nodes.part(nodes.size() - piece.size(), piece.size()));
        }
    }

    private void gains(Piece piece, Nodes node, Nodes targets) {
        EdgeBlock.Values values = new EdgeBlock.Strided(piece.tensor(), piece.first(), 1, 1, 1, 1);
        builder.add(new EdgeBlock(
                piece.tensor().name(),
                EdgeType.GAIN,
                values,
                piece.size(),
                1,
                EdgeBlock.Form.TARGET_ROWS,
                node.first(),
                targets.first(),
                true));
    }
}
