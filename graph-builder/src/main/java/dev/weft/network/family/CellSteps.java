package dev.weft.network.family;

import dev.weft.network.Architecture;
import dev.weft.network.Attention;
import dev.weft.network.Convolution;
import dev.weft.network.Junction;
import dev.weft.network.Layer;
import dev.weft.network.Norm;
import dev.weft.network.Pooling;
import dev.weft.network.Reshaping;
import java.util.List;

/** Appends the operations of cells to a network; {@code at} begins the names of an operation's tensors. */
final class CellSteps {

    static final int HEADS = 8;

    private static final double EPSILON = 1e-5;

    private final Architecture.Builder builder;
    private final boolean norm;
    private final boolean strided;

    /**
     * @param norm whether batch norms follow convolutions
     * @param strided whether maps shrink
     */
    CellSteps(Architecture.Builder builder, boolean norm, boolean strided) {
        this.builder = builder;
        this.norm = norm;
        this.strided = strided;
    }

    /** A node that puts out maps [channels, height, width]. */
    record Map(String node, int channels, int height, int width) {

        /** What is not built because nothing reads it. */
        static final Map ABSENT = new Map("", 0, 0, 0);

        Map at(String other) {
            return new Map(other, channels, height, width);
        }

        Map halved(String other) {
            return new Map(other, channels, (height + 1) / 2, (width + 1) / 2);
        }

        Map with(int other) {
            return new Map(node, other, height, width);
        }
    }

    Map apply(CellOperation operation, String at, Map x, int out, boolean shrink) {
        int stride = shrink ? 2 : 1;
        return switch (operation) {
            case NONE -> throw new IllegalArgumentException(at + ": there is no edge");
            case MAX_POOL_3X3 -> pool(at, x, stride, new Pooling.MaxPool(both(3), both(stride), both(1)));
            case AVG_POOL_3X3 -> pool(at, x, stride, new Pooling.AvgPool(both(3), both(stride), both(1), false));
            case SKIP_CONNECT -> shrink ? factorizedReduction(at, x, out) : x;
            case SEP_CONV_3X3, SEP_CONV_5X5 -> separable(at, x, out, operation.kernel(), stride);
            case DIL_CONV_3X3, DIL_CONV_5X5 -> dilated(at, x, out, operation.kernel(), stride);
            case CONV_1X1, CONV_3X3, CONV_5X5, CONV_7X7 -> reluConvolutionNorm(at, x, out, operation.kernel(), stride);
            case CONV_7X1_1X7 -> flat(at, x, out, stride);
            case MSA -> attention(at, x);
            case CSE -> squeezeExcitation(at, x, shrink);
        };
    }

    private static List<Integer> both(int value) {
        return List.of(value, value);
    }

    private static Map strided(Map x, String node, int out, int stride) {
        return (stride == 2 ? x.halved(node) : x.at(node)).with(out);
    }

    /** A convolution called {@code at + place} and a norm called {@code at + (place + 1)}. */
    Map convolutionNorm(String at, int place, Map x, int out, int kernel) {
        return convolutionNorm(at, place, x, out, kernel, 1);
    }

    Map convolutionNorm(String at, int place, Map x, int out, int kernel, int stride) {
        builder.add(at + place, Convolution.square(x.channels(), out, kernel, stride, kernel / 2, false), x.node());
        return normed(at + (place + 1), strided(x, at + place, out, stride));
    }

    private Map normed(String name, Map x) {
        if (!norm) {
            return x;
        }
        builder.add(name, new Norm.BatchNorm(x.channels(), EPSILON, true, false), x.node());
        return x.at(name);
    }

    private Map relu(String name, Map x) {
        builder.add(name, new Layer.Relu(), x.node());
        return x.at(name);
    }

    Map reluConvolutionNorm(String at, Map x, int out, int kernel, int stride) {
        return convolutionNorm(at + "op.", 1, relu(at + "op.0", x), out, kernel, stride);
    }

    /** Halves the map: even pixels and odd pixels, each for half of the channels. */
    Map factorizedReduction(String at, Map x, int out) {
        Map positive = relu(at + "relu", x);
        Convolution half = Convolution.square(x.channels(), out / 2, 1, 2, 0, false);
        builder.add(at + "conv_1", half, positive.node())
                .add(at + "shifted", new Reshaping.Crop(1, 1), positive.node())
                .add(at + "conv_2", half)
                .add(at + "both", new Junction.Concat(), at + "conv_1", at + "conv_2");
        return normed(at + "bn", strided(x, at + "both", out, 2));
    }

    private Map pool(String at, Map x, int stride, Pooling pooling) {
        builder.add(at + "pool", pooling, x.node());
        return strided(x, at + "pool", x.channels(), stride);
    }

    private Map separable(String at, Map x, int out, int kernel, int stride) {
        Map first = separated(at + "op.", 0, x, x.channels(), kernel, stride);
        return separated(at + "op.", 4, first, out, kernel, 1);
    }

    private Map separated(String at, int place, Map x, int out, int kernel, int stride) {
        int in = x.channels();
        builder.add(at + place, new Layer.Relu(), x.node())
                .add(at + (place + 1), Convolution.grouped(in, in, kernel, stride, kernel / 2, in, false));
        return convolutionNorm(at, place + 2, strided(x, at + (place + 1), in, stride), out, 1);
    }

    private Map dilated(String at, Map x, int out, int kernel, int stride) {
        int in = x.channels();
        int padding = kernel - kernel % 2;
        Convolution depthwise = new Convolution(in, in, both(kernel), both(stride), both(padding), both(2), in, false);
        builder.add(at + "op.0", new Layer.Relu(), x.node()).add(at + "op.1", depthwise);
        return convolutionNorm(at + "op.", 2, strided(x, at + "op.1", in, stride), out, 1);
    }

    private Map flat(String at, Map x, int out, int stride) {
        int in = x.channels();
        builder.add(at + "op.0", new Layer.Relu(), x.node())
                .add(at + "op.1", oblong(in, in, List.of(1, 7), List.of(1, stride)))
                .add(at + "op.2", oblong(in, out, List.of(7, 1), List.of(stride, 1)));
        return normed(at + "op.3", strided(x, at + "op.2", out, stride));
    }

    private static Convolution oblong(int in, int out, List<Integer> kernel, List<Integer> stride) {
        List<Integer> padding = List.of(kernel.get(0) / 2, kernel.get(1) / 2);
        return new Convolution(in, out, kernel, stride, padding, both(1), 1, false);
    }

    /** A block with norms first; its hidden layer is as wide as the stream. */
    private Map attention(String at, Map x) {
        int width = x.channels();
        builder.add(at + "tokens", new Reshaping.ToSequence(), x.node())
                .add(at + "ln1", layerNorm(width))
                .add(at + "attn.to_qkv", new Layer.Linear(width, 3 * width, false));
        FusedAttention.add(builder, at + "attn", width, new Attention.Heads(HEADS, HEADS, false));
        builder.add(at + "attn.to_out.0", new Layer.Linear(width, width, true))
                .add(at + "add1", new Junction.Add(), at + "tokens", at + "attn.to_out.0")
                .add(at + "ln2", layerNorm(width))
                .add(at + "ff.net.0", new Layer.Linear(width, width, true))
                .add(at + "ff.net.1", new Layer.Gelu())
                .add(at + "ff.net.3", new Layer.Linear(width, width, true))
                .add(at + "add2", new Junction.Add(), at + "add1", at + "ff.net.3")
                .add(at + "map", new Reshaping.ToMap(x.height(), x.width()));
        return x.at(at + "map");
    }

    private static Norm.LayerNorm layerNorm(int width) {
        return new Norm.LayerNorm(width, EPSILON, true, true);
    }

    private Map squeezeExcitation(String at, Map x, boolean shrink) {
        int channels = x.channels();
        builder.add(at + "mean", new Pooling.GlobalAvgPool(), x.node())
                .add(at + "fc1", new Layer.Linear(channels, channels / 2, true))
                .add(at + "relu", new Layer.Relu())
                .add(at + "fc2", new Layer.Linear(channels / 2, channels, true))
                .add(at + "gate", new Layer.HardSwish())
                .add(at + "scaled", new Junction.Multiply(), x.node(), at + "gate");
        if (!shrink || !strided) {
            return x.at(at + "scaled");
        }
        builder.add(at + "every_other", new Pooling.MaxPool(both(1), both(2), both(0)));
        return x.halved(at + "every_other");
    }
}
