package dev.weft.metanets.nowcast.wiring;

import dev.weft.metanets.nowcast.wiring.AttentionBlock.Projection;
import dev.weft.metanets.nowcast.wiring.AttentionBlock.Tensors;
import dev.weft.metanets.nowcast.wiring.WiringBuilder.Piece;
import java.util.List;
import java.util.OptionalInt;

/** GPT-2 as Hugging Face names it, whole or from a layer on; its matrices are [in, out]. */
final class Gpt2Wiring {

    private final WiringBuilder builder;
    private final List<String> layers;
    private final AttentionBlock block;

    Gpt2Wiring(WiringBuilder builder, List<String> layers, OptionalInt heads) {
        this.builder = builder;
        this.layers = layers;
        this.block = new AttentionBlock(builder, heads);
    }

    void wire() {
        RowLayout layout = builder.layout();
        Nodes tokens = rows(LayerPrefixes.complete(layout, "wte.weight"));
        Nodes positions = rows(LayerPrefixes.complete(layout, "wpe.weight"));
        builder.tokens(tokens.size());
        int width = builder.tensor(layers.get(0) + "attn.c_attn.weight").shape().get(0);
        Nodes stream = builder.neurons(width, before(0));
        embed(LayerPrefixes.complete(layout, "wte.weight"), EdgeType.TOKEN, tokens, stream);
        embed(LayerPrefixes.complete(layout, "wpe.weight"), EdgeType.POSITION, positions, stream);
        for (int i = 0; i < layers.size(); i++) {
            stream = block.wire(tensors(i), stream);
        }
        String head = LayerPrefixes.complete(layout, "lm_head.weight");
        if (layout.find(head).isPresent()) {
            Matrix matrix = Matrix.outputMajor(builder.tensor(head));
            builder.join(matrix, EdgeType.MATRIX, stream, builder.nodes(matrix.outputs()));
        }
    }

    private Nodes rows(String name) {
        return builder.nodes(builder.layout()
                .find(name)
                .map(tensor -> Matrix.inputMajor(tensor).rows())
                .orElse(0));
    }

    private void embed(String name, EdgeType type, Nodes rows, Nodes stream) {
        builder.layout().find(name).ifPresent(tensor -> builder.join(Matrix.inputMajor(tensor), type, rows, stream));
    }

    /** Returns what hangs on the stream before a layer: its first norm, and the bias of its keys. */
    private List<Piece> before(int layer) {
        if (layer == layers.size()) {
            String norm = LayerPrefixes.complete(builder.layout(), "ln_f.weight");
            return builder.pieces(norm, norm.replaceFirst("weight$", "bias"));
        }
        String prefix = layers.get(layer);
        return AttentionBlock.concat(
                builder.pieces(prefix + "ln_1.weight", prefix + "ln_1.bias"),
                projections(prefix).get(1).bias());
    }

    private List<Projection> projections(String prefix) {
        RowTensor weight = builder.tensor(prefix + "attn.c_attn.weight");
        RowTensor bias = builder.tensor(prefix + "attn.c_attn.bias");
        int width = AttentionBlock.third(weight, 1);
        return AttentionBlock.fused(i -> Matrix.columns(weight, i * width, width), List.of(Piece.of(bias)));
    }

    private Tensors tensors(int layer) {
        String prefix = layers.get(layer);
        List<Projection> projections = projections(prefix);
        return new Tensors(
                projections.get(0),
                projections.get(1),
                projections.get(2),
                Matrix.inputMajor(builder.tensor(prefix + "attn.c_proj.weight")),
                builder.pieces(prefix + "attn.c_proj.bias", prefix + "ln_2.weight", prefix + "ln_2.bias"),
                Matrix.inputMajor(builder.tensor(prefix + "mlp.c_fc.weight")),
                builder.pieces(prefix + "mlp.c_fc.bias"),
                Matrix.inputMajor(builder.tensor(prefix + "mlp.c_proj.weight")),
                AttentionBlock.concat(builder.pieces(prefix + "mlp.c_proj.bias"), before(layer + 1)));
    }
}
