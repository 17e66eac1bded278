package dev.weft.metanets.nowcast.wiring;

import dev.weft.metanets.nowcast.wiring.AttentionBlock.Projection;
import dev.weft.metanets.nowcast.wiring.AttentionBlock.Tensors;
import dev.weft.metanets.nowcast.wiring.WiringBuilder.Piece;
import java.util.List;
import java.util.OptionalInt;

/** Vision transformers as torchvision and CLIP name them. */
final class VitWiring {

    private final WiringBuilder builder;
    private final List<String> layers;
    private final AttentionBlock block;

    /** What a family calls the parts of a layer. */
    private record Names(String projection, String output, String up, String down) {}

    private static final Names TORCHVISION =
            new Names("self_attention.in_proj_", "self_attention.out_proj.", "mlp.0.", "mlp.3.");
    private static final Names CLIP = new Names("attn.in_proj_", "attn.out_proj.", "mlp.c_fc.", "mlp.c_proj.");

    VitWiring(WiringBuilder builder, List<String> layers, OptionalInt heads) {
        this.builder = builder;
        this.layers = layers;
        this.block = new AttentionBlock(builder, heads);
    }

    void wireTorchvision() {
        Matrix positions = Matrix.mixedTable(builder.tensor("encoder.pos_embedding"));
        Matrix patches = Matrix.outputMajor(builder.tensor("conv_proj.weight"));
        Nodes token = builder.nodes(1);
        Nodes channels = builder.nodes(patches.inputs());
        List<Piece> patchBias = builder.pieces("conv_proj.bias");
        Nodes patchBiasNode = builder.nodes(patchBias.size());
        Nodes positionNodes = builder.nodes(positions.rows());
        Nodes stream = builder.neurons(positions.columns(), before(0, TORCHVISION, "encoder.ln."));
        patchBias.forEach(bias -> builder.star(bias, patchBiasNode, stream));
        embed("class_token", token, patches, channels, stream);
        builder.join(positions, EdgeType.POSITION, positionNodes, stream);
        Nodes last = wireLayers(TORCHVISION, stream, "encoder.ln.");
        builder.layout().find("heads.head.weight").ifPresent(weight -> {
            Matrix head = Matrix.outputMajor(weight);
            builder.join(
                    head, EdgeType.MATRIX, last, builder.neurons(head.outputs(), builder.pieces("heads.head.bias")));
        });
    }

    void wireClip() {
        Matrix positions = Matrix.mixedTable(builder.tensor("positional_embedding"));
        Matrix patches = Matrix.outputMajor(builder.tensor("conv1.weight"));
        Nodes token = builder.nodes(1);
        Nodes positionNodes = builder.nodes(positions.rows());
        Nodes channels = builder.nodes(patches.inputs());
        List<Piece> norms =
                AttentionBlock.concat(builder.pieces("ln_pre.weight", "ln_pre.bias"), before(0, CLIP, "ln_post."));
        Nodes stream = builder.neurons(positions.columns(), norms);
        embed("class_embedding", token, patches, channels, stream);
        builder.join(positions, EdgeType.POSITION, positionNodes, stream);
        Nodes last = wireLayers(CLIP, stream, "ln_post.");
        builder.layout().find("proj").ifPresent(weight -> {
            Matrix projection = Matrix.inputMajor(weight);
            builder.join(projection, EdgeType.MATRIX, last, builder.nodes(projection.outputs()));
        });
    }

    private void embed(String classToken, Nodes token, Matrix patches, Nodes channels, Nodes stream) {
        builder.tokens(1);
        RowTensor tensor = builder.tensor(classToken);
        int width = Math.toIntExact(tensor.size());
        EdgeBlock.Values values = new EdgeBlock.Strided(tensor, 0, width, 1, 1, 1);
        builder.join(new Matrix(classToken, values, 1, width, true), EdgeType.TOKEN, token, stream);
        builder.join(patches, EdgeType.CONVOLUTION, channels, stream);
    }

    private Nodes wireLayers(Names names, Nodes stream, String lastNorm) {
        Nodes nodes = stream;
        for (int i = 0; i < layers.size(); i++) {
            nodes = block.wire(tensors(i, names, lastNorm), nodes);
        }
        return nodes;
    }

    /** Returns what hangs on the stream before a layer: its first norm, and the bias of its keys. */
    private List<Piece> before(int layer, Names names, String lastNorm) {
        if (layer == layers.size()) {
            return builder.pieces(lastNorm + "weight", lastNorm + "bias");
        }
        String prefix = layers.get(layer);
        return AttentionBlock.concat(
                builder.pieces(prefix + "ln_1.weight", prefix + "ln_1.bias"),
                projections(prefix, names).get(1).bias());
    }

    private List<Projection> projections(String prefix, Names names) {
        RowTensor weight = builder.tensor(prefix + names.projection + "weight");
        int width = AttentionBlock.third(weight, 0);
        return AttentionBlock.fused(
                i -> Matrix.rows(weight, i * width, width), builder.pieces(prefix + names.projection + "bias"));
    }

    private Tensors tensors(int layer, Names names, String lastNorm) {
        String prefix = layers.get(layer);
        List<Projection> projections = projections(prefix, names);
        return new Tensors(
                projections.get(0),
                projections.get(1),
                projections.get(2),
                matrix(prefix + names.output),
                builder.pieces(prefix + names.output + "bias", prefix + "ln_2.weight", prefix + "ln_2.bias"),
                matrix(prefix + names.up),
                builder.pieces(prefix + names.up + "bias"),
                matrix(prefix + names.down),
                AttentionBlock.concat(
                        builder.pieces(prefix + names.down + "bias"), before(layer + 1, names, lastNorm)));
    }

    private Matrix matrix(String name) {
        return Matrix.outputMajor(builder.tensor(name + "weight"));
    }
}
