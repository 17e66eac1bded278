package dev.weft.network.family;

import dev.weft.network.Architecture;
import dev.weft.network.Attention;
import dev.weft.network.Embedding;
import dev.weft.network.Input;
import dev.weft.network.Junction;
import dev.weft.network.Layer;
import dev.weft.network.Norm;

/**
 * Llama-style decoders (Touvron et al. 2023): RMS norms, rotary positions, grouped-query attention, gated MLPs; named as
 * Hugging Face names them, {@code model.layers.0.self_attn.q_proj.weight}. With norms of queries and keys they are those of
 * Qwen 3, with biases those of Qwen 2.
 */
public final class Llama {

    private Llama() {}

    /**
     * The form of the networks.
     *
     * @param input texts
     * @param width of the residual stream
     * @param layers blocks
     * @param heads of queries
     * @param keyValueHeads which divide the heads
     * @param headSize coordinates of a head
     * @param hidden width of the gated MLP
     * @param ropeBase of the rotary positions
     * @param epsilon of the norms
     * @param attentionBias whether queries, keys and values have biases
     * @param headNorms whether queries and keys are normalised head by head
     * @param tied whether the output is tied to the word table
     */
    public record Config(
            Input.Tokens input,
            int width,
            int layers,
            int heads,
            int keyValueHeads,
            int headSize,
            int hidden,
            double ropeBase,
            double epsilon,
            boolean attentionBias,
            boolean headNorms,
            boolean tied) {}

    /** The shape of TinyLlama 1.1B: 1,100,048,384 parameters. */
    public static Config tiny1b() {
        return new Config(new Input.Tokens(32000, 2048), 2048, 22, 32, 4, 64, 5632, 10000, 1e-5, false, false, false);
    }

    /** The shape of Llama 2 7B: 6,738,415,616 parameters. */
    public static Config llama2With7b() {
        return new Config(
                new Input.Tokens(32000, 4096), 4096, 32, 32, 32, 128, 11008, 10000, 1e-5, false, false, false);
    }

    public static Architecture of(Config config) {
        Architecture.Builder builder = Architecture.builder("llama", config.input)
                .add("model.embed_tokens", new Embedding.Lookup(config.input.vocabulary(), config.width));
        for (int i = 0; i < config.layers; i++) {
            String at = "model.layers." + i + ".";
            attention(builder, at, config);
            mlp(builder, at, config);
        }
        builder.add("model.norm", norm(config));
        return builder.add(
                        "lm_head",
                        config.tied
                                ? new Embedding.TiedOutput("model.embed_tokens")
                                : new Layer.Linear(config.width, config.input.vocabulary(), false))
                .build();
    }

    private static void attention(Architecture.Builder builder, String at, Config config) {
        String input = builder.last();
        String normed = at + "input_layernorm";
        String attention = at + "self_attn";
        int keys = config.keyValueHeads * config.headSize;
        int queries = config.heads * config.headSize;
        builder.add(normed, norm(config));
        String q = turned(builder, attention + ".q", normed, queries, config);
        String k = turned(builder, attention + ".k", normed, keys, config);
        builder.add(attention + ".v_proj", new Layer.Linear(config.width, keys, config.attentionBias), normed)
                .add(
                        attention,
                        new Attention.Heads(config.heads, config.keyValueHeads, true),
                        q,
                        k,
                        attention + ".v_proj")
                .add(attention + ".o_proj", new Layer.Linear(queries, config.width, false))
                .add(at + "add_1", new Junction.Add(), input, attention + ".o_proj");
    }

    /** Appends a projection, its norm if there is one, and the rotation. */
    private static String turned(Architecture.Builder builder, String name, String from, int out, Config config) {
        builder.add(name + "_proj", new Layer.Linear(config.width, out, config.attentionBias), from);
        if (config.headNorms) {
            builder.add(name + "_norm", new Norm.RmsNorm(config.headSize, config.epsilon));
        }
        builder.add(name + "_rotary", new Attention.Rotary(config.headSize, config.ropeBase, false));
        return builder.last();
    }

    private static void mlp(Architecture.Builder builder, String at, Config config) {
        String input = builder.last();
        String normed = at + "post_attention_layernorm";
        String mlp = at + "mlp.";
        builder.add(normed, norm(config))
                .add(mlp + "gate_proj", new Layer.Linear(config.width, config.hidden, false))
                .add(mlp + "act", new Layer.Silu())
                .add(mlp + "up_proj", new Layer.Linear(config.width, config.hidden, false), normed)
                .add(mlp + "product", new Junction.Multiply(), mlp + "act", mlp + "up_proj")
                .add(mlp + "down_proj", new Layer.Linear(config.hidden, config.width, false))
                .add(at + "add_2", new Junction.Add(), input, mlp + "down_proj");
    }

    private static Norm.RmsNorm norm(Config config) {
        return new Norm.RmsNorm(config.width, config.epsilon);
    }
}
