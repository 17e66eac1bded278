package dev.weft.checkpoints.format.recognise;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the libraries call the tensors of a vision transformer.
 *
 * @param title for people
 * @param hub whether {@code vit.} or {@code deit.} stands before all names but those of the heads, in files with heads
 * @param token the class token
 * @param distilled the distillation token
 * @param pooler the layer before the head, or an empty text
 * @param blocks how blocks' parts are called, with # for the number
 */
record VitNames(
        String title,
        boolean hub,
        String patches,
        String token,
        String distilled,
        String positions,
        String norm,
        String pooler,
        String head,
        String distilledHead,
        Block blocks) {

    /**
     * The parts of a block.
     *
     * @param first queries, keys and values side by side, or queries alone
     * @param key keys, or an empty text
     * @param value values, or an empty text
     */
    record Block(
            String at,
            String norm1,
            String first,
            String key,
            String value,
            String proj,
            String norm2,
            String fc1,
            String fc2) {

        boolean isFused() {
            return key.isEmpty();
        }

        private Block numbered(int i) {
            return new Block(
                    numbered(at, i),
                    numbered(at + norm1, i),
                    numbered(at + first, i),
                    key.isEmpty() ? "" : numbered(at + key, i),
                    value.isEmpty() ? "" : numbered(at + value, i),
                    numbered(at + proj, i),
                    numbered(at + norm2, i),
                    numbered(at + fc1, i),
                    numbered(at + fc2, i));
        }

        private static String numbered(String name, int i) {
            return name.replace("#", Integer.toString(i));
        }
    }

    private static final List<String> BODIES = List.of("vit.", "deit.");
    private static final String DISTILLED = "cls_classifier";

    private static final Block HUB = new Block(
            "encoder.layer.#.",
            "layernorm_before",
            "attention.attention.query",
            "attention.attention.key",
            "attention.attention.value",
            "attention.output.dense",
            "layernorm_after",
            "intermediate.dense",
            "output.dense");

    private static final Block HUB_5 = new Block(
            "layers.#.",
            "layernorm_before",
            "attention.q_proj",
            "attention.k_proj",
            "attention.v_proj",
            "attention.o_proj",
            "layernorm_after",
            "mlp.fc1",
            "mlp.fc2");

    /** timm's, torchvision's (also before 0.13), and Hugging Face's (before and since transformers 5). */
    static final List<VitNames> ALL = List.of(
            new VitNames(
                    "ViT (timm)",
                    false,
                    "patch_embed.proj",
                    "cls_token",
                    "dist_token",
                    "pos_embed",
                    "norm",
                    "",
                    "head",
                    "head_dist",
                    new Block("blocks.#.", "norm1", "attn.qkv", "", "", "attn.proj", "norm2", "mlp.fc1", "mlp.fc2")),
            torchvision("mlp.0", "mlp.3"),
            torchvision("mlp.linear_1", "mlp.linear_2"),
            hub("DeiT (Hugging Face)", DISTILLED, HUB),
            hub("DeiT (Hugging Face)", DISTILLED, HUB_5),
            hub("ViT (Hugging Face)", "classifier", HUB),
            hub("ViT (Hugging Face)", "classifier", HUB_5));

    private static VitNames torchvision(String fc1, String fc2) {
        return new VitNames(
                "ViT (torchvision)",
                false,
                "conv_proj",
                "class_token",
                "",
                "encoder.pos_embedding",
                "encoder.ln",
                "",
                "heads.head",
                "",
                new Block(
                        "encoder.layers.encoder_layer_#.",
                        "ln_1",
                        "self_attention.in_proj_",
                        "",
                        "",
                        "self_attention.out_proj",
                        "ln_2",
                        fc1,
                        fc2));
    }

    private static VitNames hub(String title, String head, Block blocks) {
        return new VitNames(
                title,
                true,
                "embeddings.patch_embeddings.projection",
                "embeddings.cls_token",
                "embeddings.distillation_token",
                "embeddings.position_embeddings",
                "layernorm",
                "pooler.dense",
                head,
                "distillation_classifier",
                blocks);
    }

    Block block(int i) {
        return blocks.numbered(i);
    }

    /** Returns a view with these names, if the tensors have them. */
    Optional<StateDict> in(StateDict tensors) {
        for (String body : tensors.prefixes(patches + ".weight")) {
            StateDict view = hub ? hubView(tensors, body) : tensors.renamed(Map.of("", body));
            boolean fits = view.has(Sketch.weight(block(0).first()))
                    && view.has(Sketch.weight(block(0).fc1()))
                    && (!head.equals(DISTILLED) || view.has(Sketch.weight(head)));
            if (fits) {
                return Optional.of(view);
            }
        }
        return Optional.empty();
    }

    private static StateDict hubView(StateDict tensors, String body) {
        String own = BODIES.stream().filter(body::endsWith).findFirst().orElse("");
        return tensors.renamed(Map.of(
                "", body.substring(0, body.length() - own.length()),
                "embeddings.", body + "embeddings.",
                "encoder.", body + "encoder.",
                "layers.", body + "layers.",
                "layernorm.", body + "layernorm.",
                "pooler.", body + "pooler."));
    }
}
