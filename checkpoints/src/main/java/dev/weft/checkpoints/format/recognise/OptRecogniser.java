package dev.weft.checkpoints.format.recognise;

import dev.weft.network.FormatException;
import dev.weft.network.Input;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** OPT: GPT-2's form with learned positions from row 2 on, ReLU, and projections of their own for queries, keys and values. */
public final class OptRecogniser implements Recogniser {

    private static final String BODY = "model.decoder.";
    private static final String SHORT = "decoder.";
    private static final String FIRST = "layers.0.self_attn.q_proj.weight";
    private static final int FIRST_POSITION = 2;
    private static final int HEAD_SIZE = 64; // up to 1.3 billion parameters
    private static final double EPSILON = 1e-5;

    @Override
    public String name() {
        return "opt";
    }

    @Override
    public Optional<Recognition> recognise(StateDict tensors) throws IOException {
        for (String body : tensors.prefixes(FIRST)) {
            boolean decoder = body.endsWith(SHORT)
                    && tensors.has(body + "embed_positions.weight")
                    && tensors.has(body + "layers.0.self_attn_layer_norm.weight")
                    && !tensors.has(body + "layers.0.encoder_attn.q_proj.weight");
            if (decoder) {
                String end = body.endsWith(BODY) ? BODY : SHORT;
                String outer = body.substring(0, body.length() - end.length());
                return Optional.of(read(tensors.renamed(Map.of("", outer, BODY, body)), end.equals(BODY)));
            }
        }
        return Optional.empty();
    }

    private static Recognition read(StateDict tensors, boolean words) throws IOException {
        HubConfig config = tensors.configOrEmpty();
        List<Integer> table = tensors.shape(BODY + "embed_tokens.weight", "[vocabulary, width]", 2);
        int width = tensors.shape(BODY + FIRST, "[width, width]", 2).get(1);
        if (tensors.has(BODY + "project_in.weight") || table.get(1) != width) {
            throw tensors.unsupported("word vectors that are projected to the width of the blocks (project_in)");
        }
        if (!config.flag("do_layer_norm_before", true)) {
            throw config.unsupported("norms behind the branches (do_layer_norm_before false)");
        }
        int length = tensors.shape(BODY + "embed_positions.weight", "[length, width]", 2)
                        .get(0)
                - FIRST_POSITION;
        int layers = tensors.count(BODY + "layers.", ".self_attn.q_proj.weight");
        config.requireSame("hidden_size", width, BODY + FIRST);
        config.requireSame("num_hidden_layers", layers, "the number of blocks");
        Sketch sketch =
                new Sketch(tensors, "OPT (Hugging Face)", "opt", new Input.Tokens(table.get(0), Math.max(1, length)));
        int heads = Heads.of(sketch, "num_attention_heads", width, HEAD_SIZE);
        sketch.lookup(BODY + "embed_tokens").positions(BODY + "embed_positions", FIRST_POSITION);
        for (int i = 0; i < layers; i++) {
            block(sketch, BODY + "layers." + i + ".", heads);
        }
        sketch.layerNorm(BODY + "final_layer_norm", EPSILON);
        if (words) {
            sketch.words(
                    "lm_head",
                    BODY + "embed_tokens",
                    config.has("model_type") ? config.flag("tie_word_embeddings", true) : null);
        }
        return sketch.finish();
    }

    private static void block(Sketch sketch, String at, int heads) throws FormatException {
        String input = sketch.last();
        sketch.layerNorm(at + "self_attn_layer_norm", EPSILON)
                .attention(
                        at + "self_attn",
                        at + "self_attn.q_proj",
                        at + "self_attn.k_proj",
                        at + "self_attn.v_proj",
                        heads,
                        true)
                .linear(at + "self_attn.out_proj")
                .sum(at + "add_1", input, at + "self_attn.out_proj")
                .layerNorm(at + "final_layer_norm", EPSILON)
                .linear(at + "fc1");
        Activations.add(sketch, at + "act", sketch.tensors().configOrEmpty(), "activation_function", "relu");
        sketch.linear(at + "fc2").sum(at + "add_2", at + "add_1", at + "fc2");
    }
}
