package dev.weft.network.family;

import dev.weft.network.Architecture;
import dev.weft.network.Attention;
import dev.weft.network.Embedding;
import dev.weft.network.Input;
import dev.weft.network.Junction;
import dev.weft.network.Layer;
import dev.weft.network.Norm;

/**
 * GPT-2 (Radford et al. 2019), named as Hugging Face and nanoGPT name it: {@code transformer.h.0.attn.c_attn.weight}. The
 * output is tied to the word table; files may hold the same values once more as {@code lm_head.weight}.
 */
public final class Gpt2 {

    private static final double EPSILON = 1e-5;

    private Gpt2() {}

    /**
     * The form of the networks.
     *
     * @param input texts
     * @param width of the residual stream
     * @param layers blocks
     * @param heads which divide the width
     * @param bias whether linear layers and norms have one
     * @param inputMajor whether weights are [in, out] as in Hugging Face's files, or [out, in] as in nanoGPT's
     * @param activation GELU by its tanh form in the released networks, the exact one in nanoGPT
     */
    public record Config(
            Input.Tokens input,
            int width,
            int layers,
            int heads,
            boolean bias,
            boolean inputMajor,
            Layer.Activation activation) {}

    /** The smallest released network: 124,439,808 parameters. */
    public static Config small() {
        return new Config(new Input.Tokens(50257, 1024), 768, 12, 12, true, true, new Layer.GeluTanh());
    }

    public static Architecture of(Config config) {
        Architecture.Builder builder = Architecture.builder("gpt2", config.input)
                .add("transformer.wte", new Embedding.Lookup(config.input.vocabulary(), config.width))
                .add("transformer.wpe", new Embedding.PositionTable(config.input.length(), config.width, 0));
        for (int i = 0; i < config.layers; i++) {
            block(builder, "transformer.h." + i + ".", config);
        }
        return builder.add("transformer.ln_f", norm(config))
                .add("lm_head", new Embedding.TiedOutput("transformer.wte"))
                .build();
    }

    private static void block(Architecture.Builder builder, String at, Config config) {
        int width = config.width;
        String input = builder.last();
        builder.add(at + "ln_1", norm(config)).add(at + "attn.c_attn", linear(config, width, 3 * width));
        FusedAttention.add(builder, at + "attn", width, new Attention.Heads(config.heads, config.heads, true));
        builder.add(at + "attn.c_proj", linear(config, width, width))
                .add(at + "add_1", new Junction.Add(), input, at + "attn.c_proj")
                .add(at + "ln_2", norm(config))
                .add(at + "mlp.c_fc", linear(config, width, 4 * width))
                .add(at + "mlp.act", config.activation)
                .add(at + "mlp.c_proj", linear(config, 4 * width, width))
                .add(at + "add_2", new Junction.Add(), at + "add_1", at + "mlp.c_proj");
    }

    private static Layer linear(Config config, int in, int out) {
        return config.inputMajor
                ? new Layer.InputMajorLinear(in, out, config.bias)
                : new Layer.Linear(in, out, config.bias);
    }

    private static Norm.LayerNorm norm(Config config) {
        return new Norm.LayerNorm(config.width, EPSILON, true, config.bias);
    }
}
