package dev.weft.hypernets.ghn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;
import dev.weft.metanets.nn.Affine;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.network.Seed;

/**
 * From node states to weights of up to M x M channels and S x S taps: a map to 4 d channels at each tap, then the same two
 * maps at every tap, 4 d to 8 d to M M. Only the taps and channels that are asked for are computed; the maps act on each by
 * itself, so that is exact.
 */
final class WeightDecoder extends GhnBlock implements KernelDecoder {

    private static final int TAP_WIDTH = 4; // times d
    private static final int INNER_WIDTH = 8;
    static final double DAMPING = 0.2; // of the last maps of GHN-3

    private final GhnConfig config;
    private final Affine taps;
    private final Affine inner;
    private final Affine channels;
    private final Affine classes;

    WeightDecoder(GhnConfig config, Seed seed) {
        this.config = config;
        int d = config.hidden();
        int side = config.kernel();
        int most = config.channels();
        taps = addChildBlock("fc.0", new Affine(d, TAP_WIDTH * d * side * side, seed.split("taps")));
        inner = addChildBlock("conv.0", new Affine(TAP_WIDTH * d, INNER_WIDTH * d, seed.split("inner")));
        channels = addChildBlock("conv.2", last(INNER_WIDTH * d, most * most, config, seed.split("channels")));
        classes = addChildBlock("class_layer_predictor.1", last(most, config.classes(), config, seed.split("classes")));
    }

    /** GHN-3 starts with small predictions, GHN-2 does not. */
    static Affine last(int in, int out, GhnConfig config, Seed seed) {
        return config.centred() ? Affine.damped(in, out, DAMPING, seed) : new Affine(in, out, seed);
    }

    @Override
    public NDArray weights(ForwardPass pass, NDArray states, int out, int in, int height, int width) {
        Window rows = Window.of(config, height);
        Window columns = Window.of(config, width);
        NDArray atTaps = Activation.relu(atTaps(pass, states, rows, columns)); // [n, taps, 4 d]
        NDArray hidden = Activation.relu(inner.forward(pass, atTaps));
        NDArray decoded = Linear.linear(
                        hidden, rowsOf(channels.weight(pass), out, in), rowsOf(channels.bias(pass), out, in))
                .singletonOrThrow();
        return rows.stretched() || columns.stretched() ? Window.stretched(decoded, rows, columns) : decoded;
    }

    private NDArray atTaps(ForwardPass pass, NDArray states, Window rows, Window columns) {
        int d = config.hidden();
        int side = config.kernel();
        NDIndex window = new NDIndex(":, {}:{}, {}:{}", rows.begin(), rows.end(), columns.begin(), columns.end());
        long size = (long) rows.size() * columns.size();
        NDArray weight = taps.weight(pass).reshape(TAP_WIDTH * d, side, side, d).get(window);
        NDArray bias = taps.bias(pass).reshape(TAP_WIDTH * d, side, side).get(window);
        NDArray maps = weight.transpose(1, 2, 0, 3).reshape(size * TAP_WIDTH * d, d);
        NDArray shifts = bias.transpose(1, 2, 0).reshape(size * TAP_WIDTH * d);
        return Linear.linear(states, maps, shifts).singletonOrThrow().reshape(-1, size, TAP_WIDTH * d);
    }

    /** Cuts what belongs to the first channels out of an array [M M, ...]. */
    private NDArray rowsOf(NDArray all, int out, int in) {
        int most = config.channels();
        if (out == most && in == most) {
            return all;
        }
        Shape rest = all.getShape().slice(1);
        NDArray cut = all.reshape(new Shape(most, most).addAll(rest)).get(new NDIndex(":{}, :{}", out, in));
        return cut.reshape(new Shape((long) out * in).addAll(rest));
    }

    @Override
    public NDArray classWeights(ForwardPass pass, NDArray states, int in) {
        int most = config.channels();
        NDArray all = Activation.relu(weights(pass, states, most, in, 1, 1)).reshape(-1, most, in);
        return classes.forward(pass, all.transpose(0, 2, 1))
                .transpose(0, 2, 1)
                .reshape(-1, (long) config.classes() * in);
    }
}
