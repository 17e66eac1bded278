package dev.weft.checkpoints.format.recognise;

import dev.weft.network.FormatException;
import dev.weft.network.Layer;
import dev.weft.network.Pooling;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Residual networks of torchvision (ResNet, ResNeXt, wide) and timm (also with deep stems, means before shortcuts and
 * squeeze-and-excitation).
 */
public final class ResNetRecogniser implements Recogniser {

    private static final String FIRST = "layer1.0.conv1.weight";
    private static final double EPSILON = 1e-5;
    private static final int IMAGE = 224;
    private static final int SMALL_IMAGE = 32;
    private static final int LARGE_KERNEL = 7;

    @Override
    public String name() {
        return "resnet";
    }

    @Override
    public Optional<Recognition> recognise(StateDict tensors) throws IOException {
        for (String prefix : tensors.prefixes(FIRST)) {
            StateDict named = tensors.renamed(Map.of("", prefix));
            if (named.has("bn1.running_mean") && named.has("layer1.0.bn1.running_mean")) {
                return Optional.of(read(named));
            }
        }
        return Optional.empty();
    }

    private static Recognition read(StateDict tensors) throws IOException {
        if (tensors.configOrEmpty().text("architecture", "").matches(".*(aa|blur)[0-9].*")
                || tensors.has("maxpool.0.weight")) {
            throw tensors.unsupported("a ResNet with other pools (anti-aliased, blurred, or a convolution)");
        }
        boolean deep = tensors.has("conv1.0.weight");
        List<Integer> stem = tensors.shape(deep ? "conv1.0.weight" : "conv1.weight", "[out, in, height, width]", 4);
        boolean large = deep || stem.get(2) == LARGE_KERNEL;
        Sketch sketch = new Sketch(
                tensors,
                "ResNet (torchvision, timm)",
                "resnet",
                tensors.image(stem.get(1), large ? IMAGE : SMALL_IMAGE));
        stem(sketch, deep, large);
        for (int stage = 1; tensors.has("layer" + stage + ".0.conv1.weight"); stage++) {
            int blocks = tensors.count("layer" + stage + ".", ".conv1.weight");
            for (int b = 0; b < blocks; b++) {
                block(sketch, "layer" + stage + "." + b, b == 0 && stage > 1 ? 2 : 1);
            }
        }
        return sketch.meanAndLinear("fc")
                .assume("ReLU, and strides of 2 where the later stages start", 0.95)
                .finish();
    }

    private static void stem(Sketch sketch, boolean deep, boolean large) throws FormatException {
        if (deep) {
            sketch.convolution("conv1.0", 2, "conv1.1", EPSILON)
                    .add("conv1.2", new Layer.Relu())
                    .convolution("conv1.3", 1, "conv1.4", EPSILON)
                    .add("conv1.5", new Layer.Relu())
                    .convolution("conv1.6", 1);
        } else {
            sketch.convolution("conv1", large ? 2 : 1);
        }
        sketch.batchNorm("bn1", EPSILON).add("relu", new Layer.Relu());
        if (large) {
            sketch.add("maxpool", new Pooling.MaxPool(List.of(3, 3), List.of(2, 2), List.of(1, 1)));
        }
    }

    private static void block(Sketch sketch, String name, int stride) throws FormatException {
        StateDict tensors = sketch.tensors();
        String input = sketch.last();
        boolean bottleneck = tensors.has(name + ".conv3.weight");
        sketch.convolution(name + ".conv1", bottleneck ? 1 : stride, name + ".bn1", EPSILON)
                .add(name + ".relu1", new Layer.Relu())
                .convolution(name + ".conv2", bottleneck ? stride : 1, name + ".bn2", EPSILON);
        if (bottleneck) {
            sketch.add(name + ".relu2", new Layer.Relu()).convolution(name + ".conv3", 1, name + ".bn3", EPSILON);
        }
        if (tensors.has(name + ".se.fc1.weight")) {
            sketch.squeeze(name + ".se", name + ".se.fc1", name + ".se.fc2", new Layer.Relu(), new Layer.Sigmoid());
        }
        String branch = sketch.last();
        String shortcut = shortcut(sketch, name + ".downsample.", input, stride);
        sketch.sum(name + ".add", branch, shortcut).add(name + ".relu", new Layer.Relu());
    }

    /** A convolution at 0, or (timm's "d" networks) a mean at 0 and the convolution at 1. */
    private static String shortcut(Sketch sketch, String at, String input, int stride) throws FormatException {
        StateDict tensors = sketch.tensors();
        if (tensors.has(at + "0.weight")) {
            sketch.convolution(at + "0", stride, input).batchNorm(at + "1", EPSILON);
        } else if (tensors.has(at + "1.weight")) {
            String from = input;
            if (stride > 1) {
                List<Integer> window = List.of(stride, stride);
                from = at + "0";
                sketch.add(from, new Pooling.AvgPool(window, window, List.of(0, 0), false), input);
            }
            sketch.convolution(at + "1", 1, from).batchNorm(at + "2", EPSILON);
        } else {
            return input;
        }
        return sketch.last();
    }
}
