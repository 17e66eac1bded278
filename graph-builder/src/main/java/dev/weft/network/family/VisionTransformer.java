package dev.weft.network.family;

import dev.weft.network.Architecture;
import dev.weft.network.Attention;
import dev.weft.network.Convolution;
import dev.weft.network.Embedding;
import dev.weft.network.Input;
import dev.weft.network.Junction;
import dev.weft.network.Layer;
import dev.weft.network.Norm;
import dev.weft.network.Reshaping;
import java.util.List;

/** Vision transformers (Dosovitskiy et al. 2021) with a class token, named as timm or as torchvision names them. */
public final class VisionTransformer {

    private static final double EPSILON = 1e-6;

    private VisionTransformer() {}

    /** Whose names the tensors have. */
    public enum Naming {
        /** {@code blocks.0.attn.qkv.weight}. */
        TIMM("patch_embed.proj", "cls_token", "pos_embed", "norm", "head") {
            @Override
            Block block(int i) {
                String at = "blocks." + i + ".";
                return new Block(
                        at,
                        at + "norm1",
                        at + "attn.qkv",
                        at + "attn.proj",
                        at + "norm2",
                        at + "mlp.fc1",
                        at + "mlp.fc2");
            }
        },
        /** {@code encoder.layers.encoder_layer_0.self_attention.in_proj_weight}. */
        TORCHVISION("conv_proj", "class_token", "encoder.pos_embedding", "encoder.ln", "heads.head") {
            @Override
            Block block(int i) {
                String at = "encoder.layers.encoder_layer_" + i + ".";
                return new Block(
                        at,
                        at + "ln_1",
                        at + "self_attention.in_proj_",
                        at + "self_attention.out_proj",
                        at + "ln_2",
                        at + "mlp.0",
                        at + "mlp.3");
            }
        };

        private final String patches;
        private final String token;
        private final String positions;
        private final String norm;
        private final String head;

        Naming(String patches, String token, String positions, String norm, String head) {
            this.patches = patches;
            this.token = token;
            this.positions = positions;
            this.norm = norm;
            this.head = head;
        }

        abstract Block block(int i);
    }

    private record Block(String at, String norm1, String qkv, String proj, String norm2, String fc1, String fc2) {}

    /**
     * The form of the networks.
     *
     * @param input images
     * @param patch side of a patch, which divides the image's
     * @param width of the residual stream
     * @param layers blocks
     * @param heads which divide the width
     * @param hidden width between the two linear layers of a block
     * @param classes outputs
     */
    public record Config(
            Input.Image input, int patch, int width, int layers, int heads, int hidden, int classes, Naming naming) {}

    /** ViT-B/16 for 1,000 classes: 86,567,656 parameters. */
    public static Config base16(Naming naming) {
        return new Config(new Input.Image(3, 224, 224), 16, 768, 12, 12, 3072, 1000, naming);
    }

    public static Architecture of(Config config) {
        Naming names = config.naming;
        int width = config.width;
        int tokens = (config.input.height() / config.patch) * (config.input.width() / config.patch) + 1;
        Architecture.Builder builder = Architecture.builder("vit", config.input)
                .add(
                        names.patches,
                        Convolution.square(config.input.channels(), width, config.patch, config.patch, 0, true))
                .add("tokens", new Reshaping.ToSequence())
                .add(names.token, new Embedding.ClassToken(width))
                .add(names.positions, new Embedding.PositionArray(List.of(tokens, width)));
        for (int i = 0; i < config.layers; i++) {
            block(builder, names.block(i), config);
        }
        return builder.add(names.norm, norm(width))
                .add("class", new Reshaping.Position(0))
                .add(names.head, new Layer.Linear(width, config.classes, true))
                .build();
    }

    private static void block(Architecture.Builder builder, Block names, Config config) {
        int width = config.width;
        String input = builder.last();
        builder.add(names.norm1, norm(width)).add(names.qkv, new Layer.Linear(width, 3 * width, true));
        FusedAttention.add(
                builder, names.at + "attention", width, new Attention.Heads(config.heads, config.heads, false));
        builder.add(names.proj, new Layer.Linear(width, width, true))
                .add(names.at + "add1", new Junction.Add(), input, names.proj)
                .add(names.norm2, norm(width))
                .add(names.fc1, new Layer.Linear(width, config.hidden, true))
                .add(names.at + "gelu", new Layer.Gelu())
                .add(names.fc2, new Layer.Linear(config.hidden, width, true))
                .add(names.at + "add2", new Junction.Add(), names.at + "add1", names.fc2);
    }

    private static Norm.LayerNorm norm(int width) {
        return new Norm.LayerNorm(width, EPSILON, true, true);
    }
}
