package dev.weft.hypernets.ghn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Linear;
import dev.weft.metanets.nn.Affine;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.metanets.nn.SeededInitializer;
import dev.weft.network.Seed;
import dev.weft.network.run.Constants;

/** x += attention(norm x), x += MLP(norm x), with an additive bias in the attention; x is [n, d], the nodes of one graph. */
final class TransformerLayer extends GhnBlock {

    private static final int WIDENING = 4;

    private final int hidden;
    private final int heads;
    private final FeatureNorm firstNorm;
    private final Parameter queriesKeysValues;
    private final Affine out;
    private final FeatureNorm secondNorm;
    private final Affine widen;
    private final Affine narrow;

    TransformerLayer(int hidden, int heads, Seed seed) {
        this.hidden = hidden;
        this.heads = heads;
        firstNorm = addChildBlock("ln1", new FeatureNorm(hidden));
        queriesKeysValues = parameter(
                "attn.to_qkv.weight",
                new Shape(3L * hidden, hidden),
                SeededInitializer.fanIn(seed.split("qkv"), hidden));
        out = addChildBlock("attn.to_out.0", new Affine(hidden, hidden, seed.split("out")));
        secondNorm = addChildBlock("ln2", new FeatureNorm(hidden));
        widen = addChildBlock("ff.net.0", new Affine(hidden, WIDENING * hidden, seed.split("widen")));
        narrow = addChildBlock("ff.net.3", new Affine(WIDENING * hidden, hidden, seed.split("narrow")));
    }

    /**
     * Returns the new states [n, d].
     *
     * @param bias added to the attention's logits, [heads, n, n]
     */
    NDArray forward(ForwardPass pass, NDArray x, NDArray bias) {
        NDArray attended = x.add(attention(pass, firstNorm.forward(pass, x), bias));
        NDArray wide = Activation.gelu(widen.forward(pass, secondNorm.forward(pass, attended)));
        return attended.add(narrow.forward(pass, wide));
    }

    private NDArray attention(ForwardPass pass, NDArray x, NDArray bias) {
        long n = x.getShape().get(0);
        long size = hidden / heads;
        @SuppressWarnings("NullAway") // DJL takes null for no bias
        NDArray all = Linear.linear(x, pass.value(queriesKeysValues), null).singletonOrThrow();
        NDList parts = all.reshape(n, 3, heads, size).transpose(1, 2, 0, 3).split(3); // [1, heads, n, size] each
        NDArray queries = parts.get(0).squeeze(0);
        NDArray keys = parts.get(1).squeeze(0);
        NDArray logits = queries.matMul(keys.transpose(0, 2, 1)).mul(Constants.of(x, 1 / Math.sqrt(size)));
        NDArray mixed = logits.add(bias).softmax(-1).matMul(parts.get(2).squeeze(0));
        return out.forward(pass, mixed.transpose(1, 0, 2).reshape(n, hidden));
    }
}
