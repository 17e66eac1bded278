package dev.weft.checkpoints.format.recognise;

import dev.weft.network.FormatException;
import dev.weft.network.Input;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * GPT-2 as Hugging Face keeps it (weights [in, out]) and nanoGPT (weights [out, in]), with and without the part in front of
 * the names and the output layer.
 */
public final class Gpt2Recogniser implements Recogniser {

    private static final String BODY = "transformer.";
    private static final String FIRST = "h.0.attn.c_attn.weight";
    private static final int HEAD_SIZE = 64; // of all published sizes
    private static final double EPSILON = 1e-5;

    @Override
    public String name() {
        return "gpt2";
    }

    @Override
    public Optional<Recognition> recognise(StateDict tensors) throws IOException {
        List<String> prefixes = tensors.prefixes(FIRST);
        if (prefixes.isEmpty() || !tensors.has(prefixes.get(0) + "wte.weight")) {
            return Optional.empty();
        }
        String body = prefixes.get(0);
        String outer = body.endsWith(BODY) ? body.substring(0, body.length() - BODY.length()) : body;
        StateDict named = tensors.renamed(Map.of("", outer, BODY, body));
        return Optional.of(read(
                named,
                body.endsWith(BODY)
                        || named.has("lm_head.weight")
                        || named.configOrEmpty().givesWords()));
    }

    private static Recognition read(StateDict tensors, boolean words) throws IOException {
        HubConfig config = tensors.configOrEmpty();
        List<Integer> table = tensors.shape("transformer.wte.weight", "[vocabulary, width]", 2);
        int width = table.get(1);
        List<Integer> fused = tensors.shape(BODY + FIRST, "[width, 3 width] or [3 width, width]", 2);
        if (!fused.equals(List.of(width, 3 * width)) && !fused.equals(List.of(3 * width, width))) {
            throw tensors.corrupt("tensor '" + tensors.fileName(BODY + FIRST) + "': expected shape [" + width + ", "
                    + 3 * width + "] or [" + 3 * width + ", " + width + "], found " + fused);
        }
        boolean inputMajor = fused.get(0) == width;
        int length =
                tensors.shape("transformer.wpe.weight", "[length, width]", 2).get(0);
        int layers = tensors.count("transformer.h.", ".attn.c_attn.weight");
        config.requireSame("n_embd", width, "transformer.wte.weight");
        config.requireSame("n_layer", layers, "the number of blocks");
        config.requireSame("vocab_size", table.get(0), "transformer.wte.weight");
        requireSupported(config);
        if (tensors.has("score.weight")) {
            throw tensors.unsupported("a classifier of whole texts (score)");
        }
        Sketch sketch = new Sketch(
                tensors,
                inputMajor ? "GPT-2 (Hugging Face)" : "GPT-2 (nanoGPT)",
                "gpt2",
                new Input.Tokens(table.get(0), length));
        int heads = Heads.of(sketch, "n_head", width, HEAD_SIZE);
        sketch.lookup("transformer.wte").positions("transformer.wpe", 0);
        for (int i = 0; i < layers; i++) {
            block(sketch, "transformer.h." + i + ".", heads, inputMajor);
        }
        sketch.layerNorm("transformer.ln_f", epsilon(config));
        if (words) {
            sketch.words(
                    "lm_head",
                    "transformer.wte",
                    config.has("model_type") ? config.flag("tie_word_embeddings", true) : null);
        }
        return sketch.finish();
    }

    private static void requireSupported(HubConfig config) throws FormatException {
        String type = config.modelType();
        if (!type.isEmpty() && !type.equals("gpt2")) {
            throw config.unsupported(
                    "model_type '" + type + "' has GPT-2's tensors, but may compute something else; run is gpt2");
        }
        if (config.flag("scale_attn_by_inverse_layer_idx", false)) {
            throw config.unsupported("attention scaled by the layer's number (scale_attn_by_inverse_layer_idx)");
        }
        if (!config.flag("scale_attn_weights", true)) {
            throw config.unsupported("attention that is not scaled (scale_attn_weights)");
        }
        if (config.flag("add_cross_attention", false)) {
            throw config.unsupported("cross-attention (add_cross_attention)");
        }
    }

    private static double epsilon(HubConfig config) throws FormatException {
        return config.number("layer_norm_epsilon", EPSILON);
    }

    private static void block(Sketch sketch, String at, int heads, boolean inputMajor) throws FormatException {
        HubConfig config = sketch.tensors().configOrEmpty();
        String input = sketch.last();
        sketch.layerNorm(at + "ln_1", epsilon(config));
        linear(sketch, at + "attn.c_attn", inputMajor).fusedAttention(at + "attn", heads, true);
        linear(sketch, at + "attn.c_proj", inputMajor)
                .sum(at + "add_1", input, at + "attn.c_proj")
                .layerNorm(at + "ln_2", epsilon(config));
        linear(sketch, at + "mlp.c_fc", inputMajor);
        Activations.add(sketch, at + "mlp.act", config, "activation_function", inputMajor ? "gelu_new" : "gelu");
        linear(sketch, at + "mlp.c_proj", inputMajor).sum(at + "add_2", at + "add_1", at + "mlp.c_proj");
    }

    private static Sketch linear(Sketch sketch, String name, boolean inputMajor) throws FormatException {
        return inputMajor ? sketch.inputMajorLinear(name) : sketch.linear(name);
    }
}
