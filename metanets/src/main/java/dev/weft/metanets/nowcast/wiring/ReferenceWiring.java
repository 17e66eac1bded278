package dev.weft.metanets.nowcast.wiring;

import java.util.List;
import java.util.OptionalInt;

/**
 * The wiring that NiNo's released weights were trained on, its flaws included: edges run from inputs to outputs only, key
 * biases hang on the residual stream, tables of embeddings other than GPT-2's are transposed without exchanging their sizes, so
 * that their values lie on the wrong edges (see {@link EdgeBlock.Transposed}), Llama's norms hang on the block behind, its up
 * projection on nodes that nothing feeds, and with grouped queries the output projection reads some of the queries.
 *
 * <p>Families are told apart by names of tensors: GPT-2 (Hugging Face), Llama and Qwen 2 and 3, BERT, ViT as in torchvision
 * and CLIP, modded NanoGPT; everything else is taken for a chain of linear and convolutional layers, each of which
 * reads the one before, with biases and norms behind. Refused, since the reference makes a wrong graph of it or
 * fails: layers that read something else than the layer before (residual networks, a flattened image before a linear
 * layer), grouped convolutions, kernels in one or three dimensions, recurrent layers, GPT-2 without biases, parameters
 * without axes, and kernels of more values than the weights have columns for.
 */
public final class ReferenceWiring {

    private ReferenceWiring() {}

    /**
     * Wires a network.
     *
     * @param heads number of (query) heads of an attention layer; where it is not given, one key and value head is
     *     assumed. Only forecasts with a Laplacian encoding depend on it
     * @throws IllegalArgumentException if the network is of no such family; the message names the tensor
     */
    public static WiredGraph of(RowLayout layout, OptionalInt heads) {
        WiringBuilder builder = new WiringBuilder(layout);
        try {
            return wire(builder, heads);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "reference wiring, " + family(layout) + ": " + e.getMessage()
                            + "; it knows GPT-2, Llama, Qwen, BERT, ViT (torchvision, CLIP), NanoGPT and chains of"
                            + " linear or convolutional layers",
                    e);
        }
    }

    /** The families, by what tells them. */
    private enum Family {
        GPT2("attn.c_attn.weight"),
        LLAMA("self_attn.q_proj.weight"),
        BERT("attention.self.query.weight"),
        VIT("self_attention.in_proj_weight"),
        CLIP("attn.in_proj_weight"),
        NANO_GPT("attn.qkv_w"),
        CHAIN("");

        private final String sign;

        Family(String sign) {
            this.sign = sign;
        }
    }

    private static Family family(RowLayout layout) {
        for (Family family : Family.values()) {
            if (layout.tensors().stream().anyMatch(tensor -> tensor.name().endsWith(family.sign))) {
                return family;
            }
        }
        return Family.CHAIN;
    }

    private static WiredGraph wire(WiringBuilder builder, OptionalInt heads) {
        Family family = family(builder.layout());
        List<String> layers = LayerPrefixes.of(builder.layout(), family.sign);
        switch (family) {
            case GPT2 -> new Gpt2Wiring(builder, layers, heads).wire();
            case LLAMA -> new LlamaWiring(builder, layers, heads).wire();
            case BERT -> new BertWiring(builder, layers, heads).wire();
            case VIT -> new VitWiring(builder, layers, heads).wireTorchvision();
            case CLIP -> new VitWiring(builder, layers, heads).wireClip();
            case NANO_GPT -> new NanoGptWiring(builder, layers, heads).wire();
            case CHAIN -> ChainWiring.wire(builder);
        }
        return builder.build();
    }
}
