package dev.weft.checkpoints.format.recognise;

import dev.weft.network.Attention;
import dev.weft.network.FormatException;
import dev.weft.network.Input;
import dev.weft.network.Junction;
import dev.weft.network.Layer;
import dev.weft.network.Norm;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decoders with RMS norms, rotary positions and gated MLPs as Hugging Face keeps them: Llama, Mistral, Qwen 2 and 3, Gemma 1
 * and 3, OLMo 2. Which norms and biases there are is told by the tensors.
 */
public final class LlamaRecogniser implements Recogniser {

    private static final String LOCAL_BASE = "rope_local_base_freq";
    private static final int SLIDING_PATTERN = 6; // of Gemma 3: each sixth layer does not slide
    private static final String BODY = "model.";
    private static final String FIRST = "layers.0.self_attn.q_proj.weight";
    private static final Set<String> GEMMA = Set.of("gemma", "gemma2", "gemma3_text");
    private static final Set<String> KNOWN =
            Set.of("llama", "mistral", "qwen2", "qwen3", "gemma", "gemma2", "gemma3_text", "olmo2");
    private static final int LENGTH = 2048; // where no configuration tells
    private static final double EPSILON = 1e-6;
    private static final double BASE = 10000;

    @Override
    public String name() {
        return "llama";
    }

    @Override
    public Optional<Recognition> recognise(StateDict tensors) throws IOException {
        List<String> prefixes = tensors.prefixes(FIRST);
        if (prefixes.isEmpty() || !tensors.has(prefixes.get(0) + "layers.0.mlp.gate_proj.weight")) {
            return Optional.empty();
        }
        String body = prefixes.get(0);
        String outer = body.endsWith(BODY) ? body.substring(0, body.length() - BODY.length()) : body;
        StateDict named = tensors.renamed(Map.of("", outer, BODY, body));
        return Optional.of(new Reading(named)
                .recognition(body.endsWith(BODY) || named.configOrEmpty().givesWords()));
    }

    /** One network while it is read. */
    private static final class Reading {
        private final StateDict tensors;
        private final HubConfig config;
        private final Sketch sketch;
        private final String type;
        private final int width;
        private final int vocabulary;
        private final int headSize;
        private final int layers;

        Reading(StateDict tensors) throws FormatException {
            this.tensors = tensors;
            this.config = tensors.configOrEmpty();
            this.type = config.modelType();
            List<Integer> table = tensors.shape("model.embed_tokens.weight", "[vocabulary, width]", 2);
            vocabulary = table.get(0);
            width = table.get(1);
            layers = tensors.count("model.layers.", ".self_attn.q_proj.weight");
            requireSupported();
            sketch = new Sketch(
                    tensors,
                    (type.isEmpty() ? "Llama" : type) + " (Hugging Face)",
                    "llama",
                    new Input.Tokens(vocabulary, length()));
            headSize = headSize();
        }

        private void requireSupported() throws FormatException {
            config.requireSame("vocab_size", vocabulary, "model.embed_tokens.weight");
            config.requireSame("hidden_size", width, "model.embed_tokens.weight");
            config.requireSame("num_hidden_layers", layers, "the number of blocks");
            if (!type.isEmpty() && !KNOWN.contains(type)) {
                throw config.unsupported(
                        "model_type '" + type + "' has Llama's tensors, but may compute something else;" + " run are "
                                + KNOWN.stream().sorted().toList());
            }
            for (String key : List.of("attn_logit_softcapping", "final_logit_softcapping")) {
                if (config.has(key)) {
                    throw config.unsupported("soft-capped scores (" + key + " " + config.number(key, 0) + ")");
                }
            }
            if (type.isEmpty() && tensors.has("model.layers.0.pre_feedforward_layernorm.weight")) {
                throw tensors.unsupported("norms before and behind each part of a block, as Gemma 2 and 3 have them,"
                        + " need a config.json that says which (--config)");
            }
        }

        /** A sliding window changes nothing in texts that fit it. */
        private int length() throws FormatException {
            int length = config.count("max_position_embeddings", LENGTH);
            boolean slides = config.has("sliding_window") && config.flag("use_sliding_window", true);
            return Math.max(1, slides ? Math.min(length, config.count("sliding_window", length)) : length);
        }

        private int headSize() throws FormatException {
            int queries =
                    tensors.shape("model." + FIRST, "[heads * size, width]", 2).get(0);
            Optional<Integer> normed = tensors.find("model.layers.0.self_attn.q_norm.weight")
                    .map(norm -> (int) norm.elements())
                    .filter(size -> size < queries);
            if (normed.isPresent()) {
                return normed.get();
            }
            return queries / Heads.of(sketch, "num_attention_heads", queries, 0);
        }

        Recognition recognition(boolean words) throws IOException {
            if (type.isEmpty()) {
                sketch.assume("rotary positions to base 10000, norms with epsilon 1e-6, SiLU (no config.json)", 0.7);
            }
            if (config.has("sliding_window")) {
                sketch.note("texts of up to " + length() + " words, for which attention does not slide");
            }
            sketch.lookup("model.embed_tokens");
            if (GEMMA.contains(type)) {
                sketch.add("model.embed_scale", new Layer.Multiplier(Math.sqrt(width)));
            }
            for (int i = 0; i < layers; i++) {
                block("model.layers." + i + ".", rotary(i));
            }
            norm("model.norm", sketch.last());
            if (words) {
                boolean known = config.has("model_type");
                sketch.words(
                        "lm_head",
                        "model.embed_tokens",
                        known ? config.flag("tie_word_embeddings", GEMMA.contains(type)) : null);
            }
            return sketch.finish();
        }

        /** Gemma 3 before transformers 5: layers that slide have a base of their own, and no scaling. */
        private RotaryPositions rotary(int layer) throws FormatException {
            boolean slides = config.has("layer_types")
                    ? kind(layer).equals("sliding_attention")
                    : (layer + 1) % Math.max(1, config.count("sliding_window_pattern", SLIDING_PATTERN)) != 0;
            return slides && config.has(LOCAL_BASE) && !config.has("rope_parameters")
                    ? new RotaryPositions(config.number(LOCAL_BASE, BASE), 1, "default", config)
                    : RotaryPositions.of(config, kind(layer), BASE);
        }

        /** Returns whether a layer's attention slides, where layers differ; Gemma 3 has other frequencies then. */
        private String kind(int layer) throws FormatException {
            return config.textAt("layer_types", layer, "");
        }

        private void block(String at, RotaryPositions rotary) throws FormatException {
            String input = sketch.last();
            String attention = at + "self_attn";
            boolean before = tensors.has(at + "input_layernorm.weight");
            boolean sandwich = tensors.has(at + "pre_feedforward_layernorm.weight");
            boolean behind = sandwich || tensors.has(at + "post_feedforward_layernorm.weight");
            if (before) {
                norm(at + "input_layernorm", input);
            }
            attention(attention, sketch.last(), rotary);
            if (behind) {
                norm(at + "post_attention_layernorm", sketch.last());
            }
            sketch.sum(at + "add_1", input, sketch.last());
            if (sandwich) {
                norm(at + "pre_feedforward_layernorm", sketch.last());
            } else if (!behind) {
                norm(at + "post_attention_layernorm", sketch.last());
            }
            mlp(at + "mlp.");
            if (behind) {
                norm(at + "post_feedforward_layernorm", sketch.last());
            }
            sketch.sum(at + "add_2", at + "add_1", sketch.last());
        }

        private void attention(String attention, String from, RotaryPositions rotary) throws FormatException {
            String q = turned(attention + ".q", from, rotary);
            if (config.has("query_pre_attn_scalar")) {
                double factor = Math.sqrt(headSize / config.number("query_pre_attn_scalar", headSize));
                q = attention + ".q_scaled";
                sketch.add(q, new Layer.Multiplier(factor));
            }
            String k = turned(attention + ".k", from, rotary);
            int heads = sketch.width(q) / headSize;
            int keys = sketch.width(k) / headSize;
            config.requireSame("num_attention_heads", heads, attention + ".q_proj.weight");
            config.requireSame("num_key_value_heads", keys, attention + ".k_proj.weight");
            sketch.linear(attention + ".v_proj", from)
                    .add(attention, new Attention.Heads(heads, keys, true), q, k, attention + ".v_proj")
                    .linear(attention + ".o_proj");
        }

        /** Appends a projection, its norm if there is one, and the rotation. */
        private String turned(String name, String from, RotaryPositions rotary) throws FormatException {
            sketch.linear(name + "_proj", from);
            if (tensors.has(name + "_norm.weight")) {
                norm(name + "_norm", sketch.last());
            }
            sketch.add(name + "_rotary", rotary.layer(headSize));
            return sketch.last();
        }

        private void mlp(String mlp) throws FormatException {
            String from = sketch.last();
            sketch.linear(mlp + "gate_proj");
            Activations.add(
                    sketch,
                    mlp + "act",
                    config,
                    config.has("hidden_activation") ? "hidden_activation" : "hidden_act",
                    GEMMA.contains(type) ? "gelu_pytorch_tanh" : "silu");
            sketch.linear(mlp + "up_proj", from)
                    .add(mlp + "product", new Junction.Multiply(), mlp + "act", mlp + "up_proj")
                    .linear(mlp + "down_proj");
        }

        private void norm(String name, String from) throws FormatException {
            int size = tensors.shape(name + ".weight", "[width]", 1).get(0);
            double epsilon = config.number("rms_norm_eps", EPSILON);
            sketch.add(
                    name,
                    GEMMA.contains(type) ? new Norm.OffsetRmsNorm(size, epsilon) : new Norm.RmsNorm(size, epsilon),
                    from);
        }
    }
}
