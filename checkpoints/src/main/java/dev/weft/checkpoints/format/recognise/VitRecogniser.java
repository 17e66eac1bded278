package dev.weft.checkpoints.format.recognise;

import dev.weft.network.Attention;
import dev.weft.network.Embedding;
import dev.weft.network.FormatException;
import dev.weft.network.Input;
import dev.weft.network.Junction;
import dev.weft.network.Layer;
import dev.weft.network.Norm;
import dev.weft.network.Pooling;
import dev.weft.network.Reshaping;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Vision transformers of timm (ViT, DeiT with and without distillation, layer scale, norms of queries and keys), torchvision and
 * Hugging Face (DINOv2 too).
 */
public final class VitRecogniser implements Recogniser {

    private static final Set<String> KNOWN = Set.of("vit", "deit", "dinov2");
    private static final double EPSILON = 1e-6;
    private static final double CLIP_EPSILON = 1e-5; // with a norm in front of the blocks
    private static final double HUB_EPSILON = 1e-12;
    private static final int HEAD_SIZE = 64;

    /** Coordinates of a head in the sizes that do not have 64, by width. */
    private static final Map<Integer, Integer> HEAD_SIZES = Map.of(1152, 72, 1280, 80, 1408, 88, 1664, 104, 1792, 112);

    /** What would change the function, by a tensor that tells of it. */
    private static final Map<String, String> UNSUPPORTED = Map.ofEntries(
            Map.entry("attn_pool.q.weight", "pooling by attention"),
            Map.entry("reg_token", "register tokens"),
            Map.entry("embeddings.register_tokens", "register tokens"),
            Map.entry("blocks.0.attn.relative_position_bias_table", "attention with relative position bias"),
            Map.entry("blocks.0.attn.rel_pos.relative_position_bias_table", "attention with relative position bias"),
            Map.entry("blocks.0.attn.q_bias", "attention whose keys have no bias"),
            Map.entry("blocks.0.attn.q_proj.weight", "rotary positions of EVA"),
            Map.entry("blocks.0.mlp.w12.weight", "gated MLPs"),
            Map.entry("blocks.0.mlp.fc1_g.weight", "gated MLPs"),
            Map.entry("blocks.0.mlp.norm.weight", "norms within MLPs"));

    @Override
    public String name() {
        return "vit";
    }

    @Override
    public Optional<Recognition> recognise(StateDict tensors) throws IOException {
        for (VitNames names : VitNames.ALL) {
            Optional<StateDict> view = names.in(tensors);
            if (view.isPresent()) {
                return Optional.of(new Reading(view.get(), names).recognition());
            }
        }
        return Optional.empty();
    }

    /** One network while it is read. */
    private static final class Reading {
        private final StateDict tensors;
        private final VitNames names;
        private final HubConfig config;
        private final Sketch sketch;
        private final int heads;
        private final double epsilon;

        Reading(StateDict tensors, VitNames names) throws FormatException {
            this.tensors = tensors;
            this.names = names;
            this.config = tensors.configOrEmpty();
            List<Integer> patches = tensors.shape(names.patches() + ".weight", "[width, channels, patch, patch]", 4);
            requireSupported(patches);
            this.sketch = new Sketch(tensors, names.title(), "vit", image(patches));
            int width = patches.get(0);
            this.heads = Heads.of(sketch, "num_attention_heads", width, HEAD_SIZES.getOrDefault(width, HEAD_SIZE));
            this.epsilon = config.number("layer_norm_eps", usualEpsilon());
        }

        private double usualEpsilon() {
            double timm = tensors.has("norm_pre.weight") ? CLIP_EPSILON : EPSILON;
            return names.hub() && !names.title().startsWith("DINOv2") ? HUB_EPSILON : timm;
        }

        private void requireSupported(List<Integer> patches) throws FormatException {
            String type = config.modelType();
            if (!type.isEmpty() && !KNOWN.contains(type)) {
                throw config.unsupported(
                        "model_type '" + type + "' has a ViT's tensors, but may compute something else;" + " run are "
                                + KNOWN.stream().sorted().toList());
            }
            if (!patches.get(2).equals(patches.get(3))) {
                throw tensors.unsupported("patches of " + patches.subList(2, 4) + " pixels; run are square ones");
            }
            if (type.equals("dinov2") && tensors.has("classifier.weight")) {
                throw tensors.unsupported("a classifier that reads the class token and the mean of the patches");
            }
            for (Map.Entry<String, String> each : UNSUPPORTED.entrySet()) {
                if (tensors.has(each.getKey())) {
                    throw tensors.unsupported(each.getValue() + " (" + each.getKey() + ")");
                }
            }
            if (!tensors.has(names.positions())) {
                throw tensors.unsupported("a vision transformer without learned positions (" + names.positions() + ")");
            }
        }

        /** Positions tell how many patches an image has, which is taken for square. */
        private Input.Image image(List<Integer> patches) throws FormatException {
            int tokens =
                    tensors.shape(names.positions(), "[1, tokens, width]", 3).get(1);
            int side = (int) Math.round(Math.sqrt(tokens - extra(tokens)));
            if (side < 1 || side * side != tokens - extra(tokens)) {
                throw tensors.unsupported(tokens + " positions, which are not those of a square image");
            }
            int size = Math.multiplyExact(side, patches.get(3));
            return new Input.Image(patches.get(1), size, size);
        }

        /** Returns how many of the positions are not those of patches. */
        private int extra(int tokens) {
            int side = (int) Math.round(Math.sqrt(tokens));
            boolean apart = side * side == tokens && tokens > 1; // the class token gets no position
            return apart ? 0 : (tensors.has(names.token()) ? 1 : 0) + (tensors.has(names.distilled()) ? 1 : 0);
        }

        Recognition recognition() throws IOException {
            sketch.convolution(names.patches(), patch(), List.of(0, 0), sketch.last())
                    .add("tokens", new Reshaping.ToSequence());
            boolean apart = extra(positions()) == 0;
            if (apart) {
                addPositions();
            }
            token(names.distilled());
            token(names.token());
            if (!apart) {
                addPositions();
            }
            if (tensors.has("norm_pre.weight")) {
                sketch.layerNorm("norm_pre", epsilon);
            }
            int layers = 0;
            while (tensors.has(Sketch.weight(names.block(layers).first()))) {
                block(names.block(layers++));
            }
            config.requireSame("num_hidden_layers", layers, "the number of blocks");
            head();
            return sketch.unused("embeddings.mask_token", "the vector for hidden patches, which only training uses")
                    .finish();
        }

        private int patch() throws FormatException {
            return tensors.shape(names.patches() + ".weight", "[width, channels, patch, patch]", 4)
                    .get(2);
        }

        private int positions() throws FormatException {
            return tensors.shape(names.positions(), "[1, tokens, width]", 3).get(1);
        }

        private void addPositions() throws FormatException {
            sketch.add(
                    names.positions(), new Embedding.PositionArray(List.of(positions(), sketch.width(sketch.last()))));
        }

        private void token(String name) {
            if (tensors.has(name)) {
                sketch.add(name, new Embedding.ClassToken(sketch.width(sketch.last())));
            }
        }

        private void block(VitNames.Block block) throws FormatException {
            String input = sketch.last();
            sketch.layerNorm(block.norm1(), epsilon);
            if (block.isFused()) {
                fused(block);
            } else {
                sketch.attention(block.at() + "attention", block.first(), block.key(), block.value(), heads, false);
            }
            sketch.linear(block.proj())
                    .gain(block.at() + "ls1.gamma")
                    .gain(block.at() + "layer_scale1.lambda1")
                    .sum(block.at() + "add1", input, sketch.last());
            sketch.layerNorm(block.norm2(), epsilon).linear(block.fc1());
            boolean quick = config.text("architecture", "").contains("quickgelu");
            Activations.add(sketch, block.at() + "gelu", config, "hidden_act", quick ? "quick_gelu" : "gelu");
            sketch.linear(block.fc2())
                    .gain(block.at() + "ls2.gamma")
                    .gain(block.at() + "layer_scale2.lambda1")
                    .sum(block.at() + "add2", block.at() + "add1", sketch.last());
        }

        private void fused(VitNames.Block block) throws FormatException {
            sketch.linear(block.first());
            String attention = block.at() + "attention";
            if (!tensors.has(block.at() + "attn.q_norm.weight")) {
                sketch.fusedAttention(attention, heads, false);
                return;
            }
            String fused = sketch.last();
            int width = sketch.width(fused) / 3;
            Norm.LayerNorm norm = new Norm.LayerNorm(width / heads, EPSILON, true, true);
            sketch.add(attention + ".q", new Reshaping.Slice(0, width), width, fused)
                    .add(block.at() + "attn.q_norm", norm)
                    .add(attention + ".k", new Reshaping.Slice(width, 2 * width), width, fused)
                    .add(block.at() + "attn.k_norm", norm)
                    .add(attention + ".v", new Reshaping.Slice(2 * width, 3 * width), width, fused)
                    .add(
                            attention,
                            new Attention.Heads(heads, heads, false),
                            block.at() + "attn.q_norm",
                            block.at() + "attn.k_norm",
                            attention + ".v");
        }

        private void head() throws FormatException {
            if (tensors.has(names.norm() + ".weight")) {
                sketch.layerNorm(names.norm(), epsilon);
            }
            boolean classes = tensors.has(names.token()) && !tensors.has("fc_norm.weight");
            if (classes) {
                String states = sketch.last();
                sketch.add("class", new Reshaping.Position(0));
                classifier(states);
                return;
            }
            int tokens = patchTokens();
            if (tensors.has(names.token())) {
                int extra = tensors.has(names.distilled()) ? 2 : 1;
                sketch.add("patches", new Reshaping.Positions(extra, extra + tokens));
            }
            sketch.add("mean", new Pooling.GlobalAvgPool());
            if (tensors.has("fc_norm.weight")) {
                sketch.layerNorm("fc_norm", epsilon);
            }
            if (tensors.has(names.head() + ".weight")) {
                sketch.linear(names.head());
            }
        }

        private int patchTokens() throws FormatException {
            return positions() - extra(positions());
        }

        private void classifier(String states) throws FormatException {
            if (tensors.has(names.pooler() + ".weight")) {
                sketch.linear(names.pooler());
                Activations.add(sketch, "pooler.activation", config, "pooler_act", "tanh");
            }
            if (!tensors.has(names.head() + ".weight")) {
                return;
            }
            sketch.linear(names.head());
            if (tensors.has(names.distilledHead() + ".weight")) {
                sketch.add("distilled", new Reshaping.Position(1), states)
                        .linear(names.distilledHead())
                        .add("both", new Junction.Add(), names.head(), names.distilledHead())
                        .add("average", new Layer.Multiplier(0.5))
                        .note("the mean of both heads of a distilled network");
            }
        }
    }
}
