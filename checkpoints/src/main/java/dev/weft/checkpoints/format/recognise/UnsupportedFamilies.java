package dev.weft.checkpoints.format.recognise;

import dev.weft.network.FormatException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Families that are known by their tensors, but compute what no layer can: each is refused by what that is. */
final class UnsupportedFamilies {

    private static final Map<Pattern, String> FAMILIES = new LinkedHashMap<>();

    static {
        add("\\.relative_position_bias_table$", "attention in shifted windows with relative position bias (Swin)");
        add("mlp_tokens\\.fc1\\.weight$", "layers that mix positions (MLP-Mixer, ResMLP)");
        add("relative_attention_bias\\.weight$", "relative position buckets (T5)");
        add("encoder_attn\\.q_proj\\.weight$", "attention of a decoder to an encoder (BART, Whisper, Marian)");
        add("(block_sparse_moe|experts)\\.", "a mixture of experts");
        add("mixer\\.(A_log|conv1d\\.weight)$", "selective state spaces (Mamba)");
        add("(time_mix|time_decay)", "time mixing (RWKV)");
        add("word_embeddings_layernorm\\.weight$", "attention with linear biases, ALiBi (Bloom)");
        add("h\\.0\\.attn\\.attention\\.q_proj\\.weight$", "attention in local windows (GPT-Neo)");
        add("self_attention\\.query_key_value\\.weight$", "fused attention of Falcon or Bloom");
        add("self_attn\\.qkv_proj\\.weight$", "projections fused in the way of Phi-3");
        add("kv_a_proj_with_mqa\\.weight$", "multi-head latent attention (DeepSeek)");
        add("albert_layer_groups", "blocks that share their weights (ALBERT)");
        add("(Mixed_7c|inception5b)\\.", "Inception's padded means");
        add("attn\\.rel_pos", "attention with relative positions");
        add("\\.weight_(ih|hh)_l0$", "a recurrent network, whose order of layers no tensor tells; give --arch");
        add("\\.weight_packed$|\\.qweight$|\\.SCB$|\\.absmax$", "quantized weights");
        add("lora_A\\.", "a LoRA adapter without the network that it belongs to");
    }

    private static void add(String tensor, String what) {
        FAMILIES.put(Pattern.compile(tensor), what);
    }

    private UnsupportedFamilies() {}

    /** Returns the refusal of the first family that has a tensor here, if there is one. */
    static Optional<FormatException> refusal(StateDict tensors) {
        for (Map.Entry<Pattern, String> family : FAMILIES.entrySet()) {
            for (String name : tensors.file().tensors().keySet()) {
                if (family.getKey().matcher(name).find()) {
                    return Optional.of(
                            tensors.unsupported("not supported: " + family.getValue() + " (tensor '" + name + "')"));
                }
            }
        }
        return Optional.empty();
    }
}
