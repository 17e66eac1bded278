package dev.weft.network.family;

import dev.weft.network.Architecture;
import dev.weft.network.Attention;
import dev.weft.network.Embedding;
import dev.weft.network.Input;
import dev.weft.network.Junction;
import dev.weft.network.Layer;
import dev.weft.network.Norm;
import dev.weft.network.Reshaping;

/**
 * BERT (Devlin et al. 2019) for a text of one segment, up to the pooled vector of its first word; named as Hugging Face names
 * it, {@code encoder.layer.0.attention.self.query.weight}.
 */
public final class Bert {

    private static final double EPSILON = 1e-12;

    private Bert() {}

    /**
     * The form of the networks.
     *
     * @param input texts
     * @param width of the residual stream
     * @param layers blocks
     * @param heads which divide the width
     * @param hidden width between the two linear layers of a block
     * @param segments rows of the segment table
     */
    public record Config(Input.Tokens input, int width, int layers, int heads, int hidden, int segments) {}

    /** BERT-base, uncased: 109,482,240 parameters. */
    public static Config base() {
        return new Config(new Input.Tokens(30522, 512), 768, 12, 12, 3072, 2);
    }

    public static Architecture of(Config config) {
        int width = config.width;
        Architecture.Builder builder = Architecture.builder("bert", config.input)
                .add("embeddings.word_embeddings", new Embedding.Lookup(config.input.vocabulary(), width))
                .add("embeddings.position_embeddings", new Embedding.PositionTable(config.input.length(), width, 0))
                .add("embeddings.token_type_embeddings", new Embedding.SegmentTable(config.segments, width))
                .add("embeddings.LayerNorm", norm(width));
        for (int i = 0; i < config.layers; i++) {
            block(builder, "encoder.layer." + i + ".", config);
        }
        return builder.add("first", new Reshaping.Position(0))
                .add("pooler.dense", new Layer.Linear(width, width, true))
                .add("pooler.activation", new Layer.Tanh())
                .build();
    }

    private static void block(Architecture.Builder builder, String at, Config config) {
        int width = config.width;
        String input = builder.last();
        String self = at + "attention.self";
        builder.add(self + ".query", new Layer.Linear(width, width, true), input)
                .add(self + ".key", new Layer.Linear(width, width, true), input)
                .add(self + ".value", new Layer.Linear(width, width, true), input)
                .add(
                        self,
                        new Attention.Heads(config.heads, config.heads, false),
                        self + ".query",
                        self + ".key",
                        self + ".value")
                .add(at + "attention.output.dense", new Layer.Linear(width, width, true))
                .add(at + "attention.add", new Junction.Add(), input, at + "attention.output.dense")
                .add(at + "attention.output.LayerNorm", norm(width))
                .add(at + "intermediate.dense", new Layer.Linear(width, config.hidden, true))
                .add(at + "intermediate.gelu", new Layer.Gelu())
                .add(at + "output.dense", new Layer.Linear(config.hidden, width, true))
                .add(at + "add", new Junction.Add(), at + "attention.output.LayerNorm", at + "output.dense")
                .add(at + "output.LayerNorm", norm(width));
    }

    private static Norm.LayerNorm norm(int width) {
        return new Norm.LayerNorm(width, EPSILON, true, true);
    }
}
