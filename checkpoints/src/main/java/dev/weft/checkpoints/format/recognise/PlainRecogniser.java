package dev.weft.checkpoints.format.recognise;

import dev.weft.checkpoints.format.recognise.PlainModules.Module;
import dev.weft.network.Architecture;
import dev.weft.network.Convolution;
import dev.weft.network.FormatException;
import dev.weft.network.Input;
import dev.weft.network.Layer;
import dev.weft.network.Norm;
import dev.weft.network.Pooling;
import dev.weft.network.Reshaping;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Linear layers, or convolutions and linear layers, one behind the other, under any names. Such a file tells neither
 * activations nor strides nor pools: ReLU is assumed, strides of 1, and one pool in front of the linear layers that makes the
 * shapes fit.
 */
public final class PlainRecogniser implements Recogniser {

    private static final double EPSILON = 1e-5;
    private static final int PIXELS = 4; // an image's side for each of the last map's
    private static final int IMAGE = 32;
    private static final double LINEAR = 0.5;
    private static final double CONVOLUTIONAL = 0.3;
    private static final double WITH_ACTIVATION = 0.9;

    @Override
    public String name() {
        return "plain";
    }

    @Override
    public Optional<Recognition> recognise(StateDict tensors) throws IOException {
        Optional<PlainModules> modules = PlainModules.of(tensors);
        if (modules.isEmpty() || tensors.configOrEmpty().has("model_type")) {
            return Optional.empty();
        }
        List<Module> layers = modules.get().layers();
        return Optional.of(layers.get(0).isConvolution() ? convolutional(tensors, layers) : linear(tensors, layers));
    }

    private static Layer.Activation activation(Hints hints) {
        String name = hints.activation();
        return name == null ? new Layer.Relu() : Activations.named(name);
    }

    /** Called as {@link dev.weft.network.Mlp} calls them, whatever the file does. */
    private static Recognition linear(StateDict tensors, List<Module> layers) throws FormatException {
        Map<String, String> names = new HashMap<>(Map.of("", ""));
        Architecture.Builder builder = Architecture.builder("mlp", layers.get(0).in());
        for (int l = 0; l < layers.size(); l++) {
            Module layer = layers.get(l);
            names.put("seq." + l + ".", layer.name() + ".");
            builder.add("seq." + l, new Layer.Linear(layer.in(), layer.out(), layer.bias()));
            if (!layer.norm().isEmpty()) {
                names.put("norm." + l + ".", layer.norm() + ".");
                builder.add("norm." + l, norm(tensors, layer));
            }
            if (l < layers.size() - 1) {
                builder.add("act." + l, activation(tensors.hints()));
            }
        }
        return finish(tensors.renamed(names), "linear layers one behind the other", builder, LINEAR, "");
    }

    private static Norm.BatchNorm norm(StateDict tensors, Module layer) {
        return new Norm.BatchNorm(layer.out(), EPSILON, tensors.has(layer.norm() + ".weight"), true);
    }

    private static Recognition convolutional(StateDict tensors, List<Module> layers) throws FormatException {
        int side = side(tensors, layers);
        Module first = layers.get(0);
        Input.Image image = tensors.image(first.in(), side == 0 ? IMAGE : PIXELS * side);
        Architecture.Builder builder = Architecture.builder("cnn", image);
        int channels = first.in();
        for (int l = 0; l < layers.size(); l++) {
            Module layer = layers.get(l);
            if (layer.isConvolution()) {
                builder.add(layer.name(), convolution(layer, channels));
            } else {
                if (layers.get(l - 1).isConvolution()) {
                    flatten(builder, side);
                }
                builder.add(layer.name(), new Layer.Linear(layer.in(), layer.out(), layer.bias()));
            }
            if (!layer.norm().isEmpty()) {
                builder.add(layer.norm(), norm(tensors, layer));
            }
            if (l < layers.size() - 1) {
                builder.add(layer.name() + ".act", activation(tensors.hints()));
            }
            channels = layer.out();
        }
        String pools = side == 0
                ? "strides of 1 and no pools but a mean at the end"
                : "strides of 1 and one mean over" + " windows that leaves " + side + " x " + side;
        return finish(tensors, "convolutions one behind the other", builder, CONVOLUTIONAL, ", " + pools);
    }

    /** Returns the side of the map that is flattened, 0 if only means are left. */
    private static int side(StateDict tensors, List<Module> layers) throws FormatException {
        for (int l = 1; l < layers.size(); l++) {
            if (layers.get(l - 1).isConvolution() && !layers.get(l).isConvolution()) {
                int positions = layers.get(l).in() / layers.get(l - 1).out();
                int side = (int) Math.round(Math.sqrt(positions));
                if (side * side != positions) {
                    throw tensors.unsupported("'" + layers.get(l).name() + "' reads " + positions
                            + " positions of each channel, which are no square; give the architecture (--arch)");
                }
                return side == 1 ? 0 : side;
            }
        }
        return 0;
    }

    private static Convolution convolution(Module layer, int channels) {
        List<Integer> kernel = layer.shape().subList(2, 4);
        List<Integer> padding = kernel.stream().map(extent -> extent / 2).toList();
        return new Convolution(
                channels,
                layer.out(),
                kernel,
                List.of(1, 1),
                padding,
                List.of(1, 1),
                channels / layer.in(),
                layer.bias());
    }

    private static void flatten(Architecture.Builder builder, int side) {
        if (side == 0) {
            builder.add("pool", new Pooling.GlobalAvgPool());
        } else {
            builder.add("pool", new Pooling.AdaptiveAvgPool(List.of(side, side)))
                    .add("flatten", new Reshaping.Flatten());
        }
    }

    private static Recognition finish(
            StateDict tensors, String what, Architecture.Builder builder, double confidence, String more)
            throws FormatException {
        boolean told = tensors.hints().activation() != null;
        String reason = what + "; "
                + (told ? "the activation was given" : "assumed ReLU between them (--activation, --arch)") + more;
        try {
            return new TensorMatch(tensors, "a plain network", builder.build(), Map.of(), Map.of(), Map.of())
                    .recognition(told && more.isEmpty() ? WITH_ACTIVATION : confidence, reason);
        } catch (IllegalArgumentException e) {
            throw new FormatException.Corrupt(tensors.file().origin(), what + ", but " + e.getMessage(), e);
        }
    }
}
