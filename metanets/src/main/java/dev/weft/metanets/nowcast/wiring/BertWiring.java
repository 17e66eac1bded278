package dev.weft.metanets.nowcast.wiring;

import dev.weft.metanets.nowcast.wiring.AttentionBlock.Projection;
import dev.weft.metanets.nowcast.wiring.AttentionBlock.Tensors;
import dev.weft.metanets.nowcast.wiring.EdgeBlock.Form;
import dev.weft.metanets.nowcast.wiring.EdgeBlock.Strided;
import dev.weft.metanets.nowcast.wiring.EdgeBlock.Values;
import dev.weft.metanets.nowcast.wiring.WiringBuilder.Piece;
import java.util.List;
import java.util.OptionalInt;

/** BERT as Hugging Face names it, with or without the head that predicts words. */
final class BertWiring {

    private static final String EMBEDDINGS = "embeddings.";

    private final WiringBuilder builder;
    private final List<String> layers;
    private final AttentionBlock block;

    BertWiring(WiringBuilder builder, List<String> layers, OptionalInt heads) {
        this.builder = builder;
        this.layers = layers;
        this.block = new AttentionBlock(builder, heads);
    }

    void wire() {
        Matrix words = embedding("word_embeddings.weight");
        Matrix positions = embedding("position_embeddings.weight");
        Matrix segments = embedding("token_type_embeddings.weight");
        Nodes wordNodes = builder.nodes(words.rows());
        Nodes positionNodes = builder.nodes(positions.rows());
        Nodes segmentNodes = builder.nodes(segments.rows());
        builder.tokens(words.rows());
        Nodes stream = stem(words.columns(), wordNodes);
        builder.join(words, EdgeType.TOKEN, wordNodes, stream);
        builder.join(positions, EdgeType.POSITION, positionNodes, stream);
        builder.join(segments, EdgeType.BIAS, segmentNodes, stream);
        for (int i = 0; i < layers.size(); i++) {
            stream = block.wire(tensors(i), stream);
        }
        head(stream);
    }

    private Matrix embedding(String suffix) {
        return Matrix.mixedTable(builder.tensor(LayerPrefixes.complete(builder.layout(), EMBEDDINGS + suffix)));
    }

    /** Makes the first nodes of the stream; the node of the words' bias, which words feed, is among their norm's. */
    private Nodes stem(int width, Nodes words) {
        String norm = LayerPrefixes.complete(builder.layout(), EMBEDDINGS + "LayerNorm.weight");
        List<Piece> pieces =
                AttentionBlock.concat(builder.pieces(norm, norm.replaceFirst("weight$", "bias")), keyBias(0));
        Nodes singles = builder.nodes(pieces.size());
        builder.layout().find("cls.predictions.bias").ifPresent(bias -> {
            Values values = new Strided(bias, 0, 1, 1, 1, 1);
            int node = builder.nodes(1).first();
            builder.add(new EdgeBlock(
                    bias.name(), EdgeType.BIAS, values, words.size(), 1, Form.SOURCE_ROWS, words.first(), node, true));
        });
        Nodes stream = builder.nodes(width);
        for (int i = 0; i < pieces.size(); i++) {
            builder.star(pieces.get(i), singles.part(i, 1), stream);
        }
        return stream;
    }

    private List<Piece> keyBias(int layer) {
        return layer == layers.size() ? List.of() : builder.pieces(layers.get(layer) + "attention.self.key.bias");
    }

    private Projection projection(String prefix, String name) {
        String self = prefix + "attention.self." + name;
        return new Projection(Matrix.outputMajor(builder.tensor(self + ".weight")), builder.pieces(self + ".bias"));
    }

    private Tensors tensors(int layer) {
        String prefix = layers.get(layer);
        return new Tensors(
                projection(prefix, "query"),
                projection(prefix, "key"),
                projection(prefix, "value"),
                Matrix.outputMajor(builder.tensor(prefix + "attention.output.dense.weight")),
                dense(prefix + "attention.output."),
                Matrix.outputMajor(builder.tensor(prefix + "intermediate.dense.weight")),
                builder.pieces(prefix + "intermediate.dense.bias"),
                Matrix.outputMajor(builder.tensor(prefix + "output.dense.weight")),
                AttentionBlock.concat(dense(prefix + "output."), keyBias(layer + 1)));
    }

    /** Returns a dense layer's bias and the norm behind it. */
    private List<Piece> dense(String prefix) {
        return builder.pieces(prefix + "dense.bias", prefix + "LayerNorm.weight", prefix + "LayerNorm.bias");
    }

    private void head(Nodes stream) {
        String transform = "cls.predictions.transform.";
        builder.layout().find(transform + "dense.weight").ifPresent(weight -> {
            Matrix matrix = Matrix.outputMajor(weight);
            builder.join(matrix, EdgeType.MATRIX, stream, builder.neurons(matrix.outputs(), dense(transform)));
        });
    }
}
