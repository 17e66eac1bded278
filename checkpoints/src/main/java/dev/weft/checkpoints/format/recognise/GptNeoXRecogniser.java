package dev.weft.checkpoints.format.recognise;

import dev.weft.network.Attention;
import dev.weft.network.FormatException;
import dev.weft.network.Input;
import dev.weft.network.Junction;
import dev.weft.network.Reshaping;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** GPT-NeoX and Pythia: attention and MLP side by side, part of each head turned, queries, keys and values head by head. */
public final class GptNeoXRecogniser implements Recogniser {

    private static final String BODY = "gpt_neox.";
    private static final String FIRST = "layers.0.attention.query_key_value.weight";
    private static final double EPSILON = 1e-5;
    private static final double BASE = 10000;
    private static final int LENGTH = 2048;
    private static final double PART = 0.25;

    @Override
    public String name() {
        return "gpt-neox";
    }

    @Override
    public Optional<Recognition> recognise(StateDict tensors) throws IOException {
        List<String> prefixes = tensors.prefixes(FIRST);
        if (prefixes.isEmpty() || !tensors.has(prefixes.get(0) + "embed_in.weight")) {
            return Optional.empty();
        }
        String body = prefixes.get(0);
        String outer = body.endsWith(BODY) ? body.substring(0, body.length() - BODY.length()) : body;
        return Optional.of(read(tensors.renamed(Map.of("", outer, BODY, body)), body.endsWith(BODY)));
    }

    private static Recognition read(StateDict tensors, boolean words) throws IOException {
        HubConfig config = tensors.configOrEmpty();
        List<Integer> table = tensors.shape("gpt_neox.embed_in.weight", "[vocabulary, width]", 2);
        int width = table.get(1);
        int layers = tensors.count("gpt_neox.layers.", ".attention.query_key_value.weight");
        config.requireSame("hidden_size", width, "gpt_neox.embed_in.weight");
        config.requireSame("num_hidden_layers", layers, "the number of blocks");
        int length = Math.max(1, config.count("max_position_embeddings", LENGTH));
        Sketch sketch =
                new Sketch(tensors, "GPT-NeoX (Hugging Face)", "gpt-neox", new Input.Tokens(table.get(0), length));
        int heads = Heads.of(sketch, "num_attention_heads", width, Integer.MAX_VALUE);
        if (!config.has("model_type")) {
            sketch.assume("a quarter of each head turned to base 10000, parallel branches (no config.json)", 0.7);
        }
        sketch.lookup("gpt_neox.embed_in");
        for (int i = 0; i < layers; i++) {
            block(sketch, "gpt_neox.layers." + i + ".", heads);
        }
        sketch.layerNorm("gpt_neox.final_layer_norm", epsilon(config));
        if (words) {
            sketch.words(
                    tensors.has("embed_out.weight") ? "embed_out" : "lm_head",
                    "gpt_neox.embed_in",
                    config.flag("tie_word_embeddings", false));
        }
        return sketch.finish();
    }

    private static double epsilon(HubConfig config) throws FormatException {
        return config.number("layer_norm_eps", EPSILON);
    }

    private static void block(Sketch sketch, String at, int heads) throws FormatException {
        HubConfig config = sketch.tensors().configOrEmpty();
        String input = sketch.last();
        sketch.layerNorm(at + "input_layernorm", epsilon(config));
        attention(sketch, at + "attention", heads);
        String attended = sketch.last();
        boolean parallel = config.flag("use_parallel_residual", true);
        if (!parallel) {
            sketch.sum(at + "add_1", input, attended);
        }
        sketch.layerNorm(at + "post_attention_layernorm", epsilon(config), parallel ? input : sketch.last())
                .linear(at + "mlp.dense_h_to_4h");
        Activations.add(sketch, at + "mlp.act", config, "hidden_act", "gelu");
        sketch.linear(at + "mlp.dense_4h_to_h");
        if (parallel) {
            sketch.add(at + "add", new Junction.Add(), input, attended, sketch.last());
        } else {
            sketch.sum(at + "add", at + "add_1", sketch.last());
        }
    }

    /** The file has [heads, 3, size] rows; the parameter has [3, heads, size]. */
    private static void attention(Sketch sketch, String at, int heads) throws FormatException {
        HubConfig config = sketch.tensors().configOrEmpty();
        String fused = at + ".query_key_value";
        sketch.linear(fused);
        int width = sketch.width(fused) / 3;
        int size = width / heads;
        int in = sketch.tensors().shape(fused + ".weight", "[out, in]", 2).get(1);
        sketch.layout(fused + ".weight", new Layout(List.of(heads, 3, size, in), List.of(1, 0, 2, 3)));
        sketch.layout(fused + ".bias", new Layout(List.of(heads, 3, size), List.of(1, 0, 2)));
        RotaryPositions read = RotaryPositions.of(config, "", BASE);
        boolean told = config.has("rotary_pct")
                || config.has("partial_rotary_factor")
                || config.part("rope_parameters").has("partial_rotary_factor");
        RotaryPositions rotary = told ? read : new RotaryPositions(read.base(), PART, read.kind(), read.scaling());
        sketch.add(at + ".q", new Reshaping.Slice(0, width), width, fused)
                .add(at + ".q_rotary", rotary.layer(size))
                .add(at + ".k", new Reshaping.Slice(width, 2 * width), width, fused)
                .add(at + ".k_rotary", rotary.layer(size))
                .add(at + ".v", new Reshaping.Slice(2 * width, 3 * width), width, fused)
                .add(at, new Attention.Heads(heads, heads, true), at + ".q_rotary", at + ".k_rotary", at + ".v")
                .linear(at + ".dense");
    }
}
